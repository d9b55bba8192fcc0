package io.opsrelay.ingestion.ticket;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A ticket as it is locked to be changed by people or by what its customer says.
 *
 * @param senderVerified whether all that was said on it so far is proven to be its customer's
 * @param heardSeq up to which version its newest run, or the person who resolved it, knows the customer's words
 * @param answeredSeq up to which version these were answered
 */
record DeskTicket(
        UUID ticketId,
        long version,
        TicketStatus status,
        @Nullable UUID runId,
        String channel,
        String subject,
        String body,
        Map<String, String> metadata,
        @Nullable String priority,
        boolean priorityGiven,
        @Nullable String externalId,
        UUID customerId,
        String customerEmail,
        boolean senderVerified,
        @Nullable String assignee,
        @Nullable UUID mergedInto,
        long heardSeq,
        long answeredSeq) {

    /** Up to which version the customer's words are known to a run, or answered by a person. */
    long settledSeq() {
        return Math.max(heardSeq, answeredSeq);
    }
}
