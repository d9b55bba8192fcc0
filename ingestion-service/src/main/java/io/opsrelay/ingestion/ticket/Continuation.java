package io.opsrelay.ingestion.ticket;

import java.util.UUID;

/** What became of a customer's further message. */
public sealed interface Continuation {

    /** It stands on the ticket, for whoever has that in hand. Also the answer to a message that was there already. */
    record Added(UUID ticketId, UUID messageId) implements Continuation {}

    /** The ticket was answered; now the agent works on it again. */
    record Reopened(UUID ticketId, UUID messageId) implements Continuation {}

    /**
     * The ticket is closed; the message began another one, linked to it.
     *
     * @param ticketId the new one
     */
    record Linked(UUID ticketId, UUID messageId) implements Continuation {}

    /** The client has no such ticket. Nothing was stored. */
    record NoSuchTicket() implements Continuation {}
}
