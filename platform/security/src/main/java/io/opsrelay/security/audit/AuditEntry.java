package io.opsrelay.security.audit;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the audit log keeps of a decision or an action. Secrets never belong into it.
 *
 * @param actor who did it, in the form of {@code Caller.asActor()}; {@code policy:<rule>} or {@code system:<part>} where
 *     no person did
 * @param action what was done, as {@code <subject>.<verb>}: {@code approval.approved}, {@code policy.changed}
 * @param subjectType what it was done to: {@code approval}, {@code action}, {@code policy}
 * @param subjectId which of them
 * @param ticketId the ticket it belongs to, if any
 * @param reason why, in the actor's words
 * @param before what held before, as far as it changed; empty for what is new
 * @param after what holds now; empty for what is gone
 */
public record AuditEntry(
        String actor,
        String action,
        String subjectType,
        String subjectId,
        @Nullable UUID ticketId,
        @Nullable String reason,
        Map<String, Object> before,
        Map<String, Object> after) {

    public AuditEntry {
        text(actor, "actor");
        text(action, "action");
        text(subjectType, "subject_type");
        text(subjectId, "subject_id");
        before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
        after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
    }

    private static void text(@Nullable String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException("an audit entry needs its " + name);
        }
    }
}
