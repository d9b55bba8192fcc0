package io.opsrelay.ingestion.email;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of a mail; the same for the same mail, however often it comes. */
public sealed interface Taken {

    /** It stands on a ticket. */
    record Received(UUID ticketId) implements Taken {}

    /**
     * Nobody works on it; a person can see it and its reason.
     *
     * @param ticketId the ticket that it is about, where that is known
     */
    record Filed(UUID filedId, @Nullable UUID ticketId) implements Taken {}
}
