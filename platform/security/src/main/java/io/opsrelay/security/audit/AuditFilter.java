package io.opsrelay.security.audit;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which entries are wanted; null means any.
 *
 * @param action the whole name, or a beginning that ends with a dot: {@code approval.}
 * @param subject id of what the entry is about
 * @param from the earliest time
 * @param to the first time that is too late
 */
public record AuditFilter(
        @Nullable String actor,
        @Nullable String action,
        @Nullable String subject,
        @Nullable UUID ticketId,
        @Nullable Instant from,
        @Nullable Instant to) {

    /** Everything. */
    public static final AuditFilter ALL = new AuditFilter(null, null, null, null, null, null);
}
