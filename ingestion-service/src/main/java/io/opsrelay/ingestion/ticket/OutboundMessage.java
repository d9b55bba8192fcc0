package io.opsrelay.ingestion.ticket;

import java.time.Instant;
import java.util.UUID;

/**
 * A message to a customer with what a courier must know of its ticket.
 *
 * @param channel of the ticket
 * @param subject of the ticket
 * @param customerEmail in lower case
 * @param byPerson whether a person wrote it, not the agent
 */
public record OutboundMessage(
        UUID ticketId,
        UUID messageId,
        String text,
        MessageState state,
        String channel,
        String subject,
        String customerEmail,
        boolean byPerson,
        Instant createdAt) {

    /** What was written is between the client and its customer. */
    @Override
    public String toString() {
        return "OutboundMessage[" + messageId + " of " + ticketId + ", " + state + "]";
    }
}
