package io.opsrelay.ingestion.upstream;

import io.opsrelay.ingestion.ticket.StatusChanges;
import io.opsrelay.ingestion.ticket.StatusChanges.Place;
import io.opsrelay.ingestion.ticket.StatusChanges.Result;
import io.opsrelay.ingestion.ticket.TicketStatus;
import java.util.Collection;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Applies the statuses that sources tell of, each once and none after a later one. In a transaction of the client. */
@Component
class UpstreamStatuses {

    private final StatusChanges changes;
    private final StatusStore store;

    UpstreamStatuses(StatusChanges changes, StatusStore store) {
        this.changes = changes;
        this.store = store;
    }

    /** See {@link StatusChanges#lockAhead}. */
    void lockAhead(String clientId, Collection<UUID> ticketIds) {
        changes.lockAhead(clientId, ticketIds);
    }

    /**
     * Sets the status where the ticket's conversation is now. One from before that ticket began says nothing of it.
     *
     * @param ticketId one of the client's, by the id that the source knows it by
     */
    Result apply(String clientId, UUID ticketId, Incoming incoming) {
        StatusTold told = incoming.status();
        TicketStatus wanted = told == null ? null : told.wanted();
        if (told == null || wanted == null) {
            return new Result.Unchanged();
        }
        Place place = changes.whereNow(ticketId);
        boolean elsewhere = !place.ticketId().equals(ticketId);
        Result result = changes.set(
                clientId,
                place.ticketId(),
                wanted,
                incoming.source().namespace(),
                () -> store.isNew(ticketId, wanted, told.at())
                        && !(elsewhere
                                && (told.isBefore(place.since())
                                        || !store.isNew(place.ticketId(), wanted, told.at()))));
        if (!(result instanceof Result.Refused)) {
            store.applied(clientId, ticketId, wanted, told.at());
            if (elsewhere) {
                // What that ticket is told by its own id must not be older than this.
                store.applied(clientId, place.ticketId(), wanted, told.at());
            }
        }
        return result;
    }
}
