package io.opsrelay.ingestion.ticket;

import java.util.UUID;

/** Brings messages to customers by some channel. Each is told of each message and takes what is its own. */
@FunctionalInterface
public interface Courier {

    /**
     * A message to the customer is being stored in the running transaction; what the courier writes commits with it.
     *
     * @param channel of the ticket
     * @return whether this courier will bring it, so that it waits until then; what no courier takes has failed, but on
     *     channel {@code api}, where it is read
     */
    boolean take(String clientId, UUID ticketId, UUID messageId, String channel);
}
