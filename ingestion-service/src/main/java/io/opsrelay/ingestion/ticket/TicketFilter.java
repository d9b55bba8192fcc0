package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.web.ProblemException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which tickets a list shows; what is absent does not filter. Handlers take it from the query parameters.
 *
 * @param status a status, or one of the older names pending, processing, completed
 */
record TicketFilter(
        @Nullable String status,
        @Nullable String channel,
        @Nullable String priority,
        @Nullable String category,
        @Nullable String externalId) {

    TicketFilter {
        if (status != null && TicketStatus.meantBy(status).isEmpty()) {
            throw ProblemException.badRequest(
                    "status",
                    "must be received, analyzing, awaiting_approval, acting, resolved, escalated, failed or closed,"
                            + " or one of the older names pending, processing, completed");
        }
        refuseNul("channel", channel);
        refuseNul("priority", priority);
        refuseNul("category", category);
        refuseNul("external_id", externalId);
    }

    /** Empty where the status does not filter. */
    Set<TicketStatus> statuses() {
        return status == null ? Set.of() : TicketStatus.meantBy(status);
    }

    private static void refuseNul(String name, @Nullable String value) {
        if (value != null && value.indexOf('\0') >= 0) {
            throw ProblemException.badRequest(name, "must not contain a NUL character");
        }
    }
}
