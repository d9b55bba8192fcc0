package io.opsrelay.ingestion.privacy;

import java.util.List;
import java.util.UUID;

/**
 * Whose data is erased.
 *
 * @param addresses all that the customer wrote from, in lower case
 * @param ticketIds all tickets of the customer
 * @param actor who had it done, e.g. {@code user:admin@acme.example}
 */
public record ErasedCustomer(UUID customerId, List<String> addresses, List<UUID> ticketIds, String actor) {

    public ErasedCustomer {
        addresses = List.copyOf(addresses);
        ticketIds = List.copyOf(ticketIds);
    }
}
