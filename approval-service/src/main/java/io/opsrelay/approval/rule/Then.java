package io.opsrelay.approval.rule;

import io.opsrelay.security.Role;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a rule says about its actions. Times are texts such as {@code 30m}, {@code 4h}, {@code 2d}.
 *
 * @param approvers who must approve; with approve only, and required there
 * @param reason told to whoever asked, with deny; for the log otherwise
 * @param expiresAfter how long people have; the service's own lifetime if absent
 * @param remindAfter after which time without a decision people are reminded, again and again
 * @param escalate who may decide as well when nobody did for a time
 */
public record Then(
        Decision decision,
        @Nullable Approvers approvers,
        @Nullable String reason,
        @Nullable String expiresAfter,
        @Nullable String remindAfter,
        @Nullable Escalation escalate) {

    static final int MAX_REASON = 500;
    private static final int MOST_APPROVERS = 10;
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final List<Role> APPROVING = List.of(Role.APPROVER, Role.SRE, Role.ADMIN);
    private static final Pattern TIME = Pattern.compile("([0-9]{1,5})([mhd])");

    /** May it be done? */
    public enum Decision {
        /** At once. */
        ALLOW,
        /** If people agree. */
        APPROVE,
        /** Not at all. */
        DENY
    }

    public Then {
        if (decision == null) {
            throw new InvalidPolicyException("decision", "must be allow, approve or deny");
        }
        if (decision == Decision.APPROVE && approvers == null) {
            throw new InvalidPolicyException("approvers", "must say how many people of which roles approve");
        }
        if (decision != Decision.APPROVE) {
            absent("approvers", approvers);
            absent("expires_after", expiresAfter);
            absent("remind_after", remindAfter);
            absent("escalate", escalate);
        }
        if (reason != null && (reason.isBlank() || reason.length() > MAX_REASON)) {
            throw new InvalidPolicyException("reason", "must have 1 to " + MAX_REASON + " characters, or be left out");
        }
        Duration end = time("expires_after", expiresAfter, Duration.ofMinutes(1));
        before(end, "remind_after", time("remind_after", remindAfter, Duration.ofMinutes(5)));
        before(end, "escalate.after", escalate == null ? null : escalate.delay());
    }

    private static void absent(String field, @Nullable Object value) {
        if (value != null) {
            throw new InvalidPolicyException(field, "is for the decision approve only");
        }
    }

    private static void before(@Nullable Duration end, String field, @Nullable Duration time) {
        if (end != null && time != null && time.compareTo(end) >= 0) {
            throw new InvalidPolicyException(field, "must be less than expires_after");
        }
    }

    private static @Nullable Duration time(String field, @Nullable String text, Duration least) {
        if (text == null) {
            return null;
        }
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            throw new InvalidPolicyException(field, "must be a time such as 30m, 4h or 2d");
        }
        long count = Long.parseLong(parts.group(1));
        Duration time =
                switch (parts.group(2)) {
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                };
        if (time.compareTo(least) < 0 || time.compareTo(LONGEST) > 0) {
            throw new InvalidPolicyException(field, "must lie between " + least.toMinutes() + "m and 30d");
        }
        return time;
    }

    /** As terms of a request; only of an {@link Decision#APPROVE}. */
    Verdict.Terms terms() {
        return new Verdict.Terms(
                time("expires_after", expiresAfter, Duration.ofMinutes(1)),
                time("remind_after", remindAfter, Duration.ofMinutes(5)),
                escalate == null ? null : escalate.delay(),
                escalate == null ? Set.of() : Set.copyOf(escalate.toRoles()));
    }

    /**
     * Who must approve.
     *
     * @param count how many distinct people; one if absent
     * @param roles any one of these each of them must have; an admin counts as any
     */
    public record Approvers(@Nullable Integer count, List<Role> roles) {
        public Approvers {
            count = count == null ? 1 : count;
            if (count < 1 || count > MOST_APPROVERS) {
                throw new InvalidPolicyException("count", "must lie between 1 and " + MOST_APPROVERS);
            }
            roles = approving("roles", roles);
        }

        int people() {
            return count == null ? 1 : count;
        }
    }

    /**
     * Who may decide as well when nobody did for a time.
     *
     * @param after from the request on
     */
    public record Escalation(String after, List<Role> toRoles) {
        public Escalation {
            if (after == null) {
                throw new InvalidPolicyException("after", "must be a time such as 4h");
            }
            Then.time("after", after, Duration.ofMinutes(1));
            toRoles = approving("to_roles", toRoles);
        }

        Duration delay() {
            Duration delay = Then.time("after", after, Duration.ofMinutes(1));
            return delay == null ? Duration.ZERO : delay;
        }
    }

    private static List<Role> approving(String field, @Nullable List<Role> roles) {
        if (roles == null || roles.isEmpty() || !APPROVING.containsAll(roles)) {
            throw new InvalidPolicyException(field, "must name at least one of approver, sre, admin");
        }
        return List.copyOf(roles);
    }
}
