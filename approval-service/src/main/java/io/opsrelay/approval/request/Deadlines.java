package io.opsrelay.approval.request;

import io.opsrelay.approval.rule.Verdict.Terms;
import io.opsrelay.security.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What time does to a request that nobody decides. Pure.
 *
 * @param expiresAt when it lapses
 * @param remindEvery how long people are left in peace; absent if nobody is reminded
 * @param remindAt when they are reminded next, if at all
 * @param reminders how often they were
 * @param escalateAt when others may decide as well, if any
 * @param escalateTo who those are
 * @param escalatedAt when that happened
 */
record Deadlines(
        Instant expiresAt,
        @Nullable Duration remindEvery,
        @Nullable Instant remindAt,
        int reminders,
        @Nullable Instant escalateAt,
        Set<Role> escalateTo,
        @Nullable Instant escalatedAt) {

    Deadlines {
        escalateTo = Set.copyOf(escalateTo);
    }

    /** @param lifetime for terms that name no end */
    static Deadlines of(Terms terms, Duration lifetime, Instant now) {
        Instant end = now.plus(terms.expiresAfter() == null ? lifetime : terms.expiresAfter());
        return new Deadlines(
                end,
                terms.remindAfter(),
                before(end, now, terms.remindAfter()),
                0,
                before(end, now, terms.escalateAfter()),
                terms.escalateTo(),
                null);
    }

    private static @Nullable Instant before(Instant end, Instant from, @Nullable Duration after) {
        Instant at = after == null ? null : from.plus(after);
        return at != null && at.isBefore(end) ? at : null;
    }

    /** When something happens next. */
    Instant next() {
        Instant next = expiresAt;
        if (remindAt != null && remindAt.isBefore(next)) {
            next = remindAt;
        }
        return escalateAt != null && escalateAt.isBefore(next) ? escalateAt : next;
    }

    boolean remindIsDue(Instant now) {
        return remindAt != null && !now.isBefore(remindAt);
    }

    boolean escalationIsDue(Instant now) {
        return escalateAt != null && !now.isBefore(escalateAt);
    }

    /** After a reminder: the next one counts from now, so that an instance that was down does not send them in a row. */
    Deadlines reminded(Instant now) {
        return new Deadlines(
                expiresAt,
                remindEvery,
                before(expiresAt, now, remindEvery),
                reminders + 1,
                escalateAt,
                escalateTo,
                escalatedAt);
    }

    Deadlines escalated(Instant now) {
        return new Deadlines(expiresAt, remindEvery, remindAt, reminders, null, escalateTo, now);
    }
}
