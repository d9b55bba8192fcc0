package io.opsrelay.ingestion.upstream;

import io.opsrelay.ingestion.ticket.StatusChanges;
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

    /** @param ticketId one of the client's */
    Result apply(String clientId, UUID ticketId, Incoming incoming) {
        StatusTold told = incoming.status();
        TicketStatus wanted = told == null ? null : told.wanted();
        if (told == null || wanted == null) {
            return new Result.Unchanged();
        }
        Result result = changes.set(
                clientId,
                ticketId,
                wanted,
                incoming.source().namespace(),
                () -> store.isNew(ticketId, wanted, told.at()));
        if (!(result instanceof Result.Refused)) {
            store.applied(clientId, ticketId, wanted, told.at());
        }
        return result;
    }
}
