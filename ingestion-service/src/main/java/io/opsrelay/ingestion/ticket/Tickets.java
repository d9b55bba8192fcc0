package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Where every door hands its tickets in. */
@Component
public class Tickets {

    private final ClientTransactions transactions;
    private final TicketStore store;
    private final Conversations conversations;
    private final MessageStore messages;
    private final TicketBatches batches;
    private final SharedCommits commits = new SharedCommits(this::receiveAlone, this::receiveAllHanded);
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;

    Tickets(
            ClientTransactions transactions,
            TicketStore store,
            Conversations conversations,
            MessageStore messages,
            TicketBatches batches,
            Outbox outbox,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.conversations = conversations;
        this.messages = messages;
        this.batches = batches;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores the ticket and its event in one commit, unless it is there already. When this returns
     * {@link Reception.Accepted} the ticket survives any crash. Tickets of a client that come while a commit is under way
     * share the next one.
     *
     * @param key the sender's name for the request, if it gave one
     * @throws org.springframework.dao.DataAccessException if the database cannot answer; nothing is stored then
     */
    public Reception receive(String clientId, NewTicket ticket, @Nullable RequestKey key) {
        if (key == null || ticket.externalId() == null) {
            return commits.receive(clientId, new HandedTicket(ticket, key));
        }
        return receiveAlone(clientId, new HandedTicket(ticket, key)); // two names, of which each may be known
    }

    private Reception receiveAlone(String clientId, HandedTicket handed) {
        NewTicket ticket = handed.ticket();
        RequestKey key = handed.key();
        try {
            return transactions.call(clientId, () -> receiveOnce(clientId, ticket, key));
        } catch (DuplicateKeyException e) {
            // The same ticket was being stored at the same moment. It is there now.
            return transactions.call(clientId, () -> receiveOnce(clientId, ticket, key));
        }
    }

    /**
     * Adds what a customer says on a ticket that is there already, with all that follows from it in one commit: an open
     * ticket has one message more, a resolved one goes to the agent again, on a closed one another ticket begins. A ticket
     * that was merged leads to the one that it was merged into.
     *
     * <p>The same external id from the same source is the same message, and is answered with where it stands. It joins a
     * transaction of the client that is under way; a {@link DuplicateKeyException} has then undone that one, and its owner
     * tries the whole of it again.
     *
     * @param said body, sender and, for a ticket that may have to be opened, subject (blank: as the old one's), channel and
     *     metadata; from anybody but the ticket's own proven customer the ticket loses the right to money and account tools
     * @throws org.springframework.dao.DataAccessException if the database cannot answer; nothing is stored then
     */
    public Continuation continueWith(String clientId, UUID ticketId, NewTicket said) {
        return continueWith(clientId, ticketId, _ -> said).continuation();
    }

    Conversations.Heard continueWith(String clientId, UUID ticketId, Function<DeskTicket, NewTicket> said) {
        Supplier<Conversations.Heard> work =
                () -> conversations.add(clientId, ticketId, said, opened -> receiveOnce(clientId, opened, null));
        return TransactionSynchronizationManager.isActualTransactionActive()
                ? transactions.call(clientId, work)
                : Collisions.retried(() -> transactions.call(clientId, work));
    }

    /** The ticket that a source knows by that id. */
    public Optional<UUID> find(String clientId, String source, String externalId) {
        return transactions.call(
                clientId, () -> store.findByExternalId(source, externalId).map(Reception.Repeated::ticketId));
    }

    /** The tickets that a source knows by those ids, also ones whose customer was erased. */
    public Map<String, UUID> findEvenErased(String clientId, String source, Collection<String> externalIds) {
        return transactions.call(clientId, () -> store.findEvenErased(source, externalIds));
    }

    /**
     * The message that a ticket began with.
     *
     * @throws java.util.NoSuchElementException if the client has no such ticket
     */
    public UUID firstMessageOf(String clientId, UUID ticketId) {
        return transactions.call(clientId, () -> messages.first(ticketId)).orElseThrow();
    }

    /**
     * Stores many tickets in one commit with few statements; each as {@link #receive} would. Of tickets with the same
     * external id the second is a repetition of the first.
     *
     * @return what became of each, in their order
     * @throws org.springframework.dao.DataAccessException if the database cannot answer; nothing is stored then
     */
    public List<Reception> receiveAll(String clientId, List<NewTicket> tickets) {
        return receiveAllHanded(
                clientId,
                tickets.stream().map(ticket -> new HandedTicket(ticket, null)).toList());
    }

    /** Like {@link #receiveAll}, with a name for each ticket that has one. */
    public List<Reception> receiveAllHanded(String clientId, List<HandedTicket> tickets) {
        try {
            return transactions.call(clientId, () -> batches.receive(clientId, tickets));
        } catch (DuplicateKeyException e) {
            // The same key was being stored at the same moment. It is there now.
            return transactions.call(clientId, () -> batches.receive(clientId, tickets));
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
