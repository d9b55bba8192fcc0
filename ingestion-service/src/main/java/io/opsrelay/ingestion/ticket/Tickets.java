package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;

/** Where every door hands its tickets in. */
@Component
public class Tickets {

    private final ClientTransactions transactions;
    private final TicketStore store;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;

    Tickets(ClientTransactions transactions, TicketStore store, Outbox outbox, Ids ids, Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores the ticket and its event in one commit, unless it is there already. When this returns
     * {@link Reception.Accepted} the ticket survives any crash.
     *
     * @param key the sender's name for the request, if it gave one
     * @throws org.springframework.dao.DataAccessException if the database cannot answer; nothing is stored then
     */
    public Reception receive(String clientId, NewTicket ticket, @Nullable RequestKey key) {
        try {
            return transactions.call(clientId, () -> receiveOnce(clientId, ticket, key));
        } catch (DuplicateKeyException e) {
            // The same ticket was being stored at the same moment. It is there now.
            return transactions.call(clientId, () -> receiveOnce(clientId, ticket, key));
        }
    }

    private Reception receiveOnce(String clientId, NewTicket ticket, @Nullable RequestKey key) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        return earlier(clientId, ticket, key, now).orElseGet(() -> store(clientId, ticket, key, now));
    }

    private Optional<Reception> earlier(String clientId, NewTicket ticket, @Nullable RequestKey key, Instant now) {
        if (key != null) {
            Optional<Reception> answered = store.findByKey(key);
            if (answered.isPresent()) {
                return answered;
            }
        }
        if (ticket.externalId() == null) {
            return Optional.empty();
        }
        Optional<Reception.Repeated> known = store.findByExternalId(ticket.source(), ticket.externalId());
        if (key != null) {
            known.ifPresent(repeated -> store.remember(clientId, key, repeated.ticketId(), now));
        }
        return known.map(repeated -> repeated);
    }

    private Reception store(String clientId, NewTicket ticket, @Nullable RequestKey key, Instant now) {
        UUID ticketId = ids.next();
        TimelineEntry entry = Narrative.received(ticket);
        UUID customerId = store.insert(clientId, ticketId, ticket, key, entry, ids.next(), ids.next(), now);
        outbox.feed(clientId, entry.feedRecord(ticketId, 1, TicketStatus.RECEIVED));
        outbox.publish(
                clientId,
                new TicketReceived(
                        ticketId,
                        ticket.channel(),
                        ticket.subject(),
                        ticket.body(),
                        new Customer(customerId, ticket.customerEmail(), ticket.senderVerified()),
                        ticket.priority(),
                        ticket.externalId(),
                        ticket.metadata()));
        return new Reception.Accepted(ticketId);
    }
}
