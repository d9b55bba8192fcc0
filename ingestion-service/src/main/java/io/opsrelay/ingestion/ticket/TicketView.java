package io.opsrelay.ingestion.ticket;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.opsrelay.security.web.Cursor;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** How the API shows a ticket. */
final class TicketView {

    private TicketView() {}

    /** In a list. */
    record Summary(
            UUID ticketId,
            String status,
            String subject,
            String channel,
            @Nullable String priority,
            @Nullable String category,
            @Nullable Double confidence,
            @Nullable String language,
            @Nullable String sentiment,
            Sender customer,
            @Nullable String externalId,
            @Nullable UUID runId,
            long version,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant resolvedAt) {

        Cursor cursor() {
            return new Cursor(createdAt, ticketId);
        }
    }

    /**
     * Alone.
     *
     * @param metadata JSON
     * @param reply the newest message to the customer
     */
    record Detail(
            @JsonUnwrapped Summary summary,
            String body,
            @JsonRawValue String metadata,
            @Nullable String reply,
            List<Message> messages,
            List<Entry> timeline) {}

    /** @param verified whether this ticket's sender was proven or vouched for */
    record Sender(UUID customerId, String email, boolean verified) {}

    /**
     * Something said.
     *
     * @param direction inbound (from the customer), outbound
     * @param state pending (its channel has not taken it yet), sent, delivered, read, failed
     */
    record Message(UUID messageId, String direction, String text, String state, Instant createdAt) {}

    /**
     * A line of the timeline.
     *
     * @param seq counts from 1 without gaps
     * @param data JSON
     */
    record Entry(
            long seq,
            String event,
            Instant at,
            String actor,
            String summary,
            @JsonRawValue String data) {}
}
