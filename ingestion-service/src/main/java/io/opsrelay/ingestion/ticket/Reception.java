package io.opsrelay.ingestion.ticket;

import java.util.UUID;

/** What became of a ticket that was handed in. */
public sealed interface Reception {

    /** It is stored, and its event leaves with the same commit. */
    record Accepted(UUID ticketId) implements Reception {}

    /** It was there already, by its external id or its request key. */
    record Repeated(UUID ticketId, TicketStatus status) implements Reception {}

    /** Its request key stands for another request. Nothing was stored. */
    record KeyTaken() implements Reception {}
}
