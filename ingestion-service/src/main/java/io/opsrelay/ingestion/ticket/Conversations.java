package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.ingestion.ticket.Continuation.Added;
import io.opsrelay.ingestion.ticket.Continuation.Linked;
import io.opsrelay.ingestion.ticket.Continuation.NoSuchTicket;
import io.opsrelay.ingestion.ticket.Continuation.Reopened;
import io.opsrelay.ingestion.ticket.MessageStore.Known;
import io.opsrelay.ingestion.ticket.MessageStore.NewMessage;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.tenant.PerTransaction;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** What customers say on tickets that are there already. In a transaction of the client. */
@Component
class Conversations {

    static final String CUSTOMER = "customer";

    private static final int LONGEST_SUBJECT = 500;

    private final TicketsInHand tickets;
    private final DeskStore store;
    private final MessageStore messages;
    private final RunRequests runs;
    private final Outbox outbox;
    private final Ids ids;
    private final Clock clock;
    private final PerTransaction<Set<UUID>> unheard = new PerTransaction<>(HashSet::new);

    Conversations(
            TicketsInHand tickets,
            DeskStore store,
            MessageStore messages,
            RunRequests runs,
            Outbox outbox,
            Ids ids,
            Clock clock) {
        this.tickets = tickets;
        this.store = store;
        this.messages = messages;
        this.runs = runs;
        this.outbox = outbox;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * What became of a message, and whether it was there before.
     *
     * @param continuation in answer to a repeated message, where that stands
     */
    record Heard(Continuation continuation, boolean repeated) {}

    /**
     * Adds what the ticket's customer, or somebody in the customer's stead, said.
     *
     * @param said made from the ticket as it is: its subject, and whose message it is
     * @param open makes a new ticket of it, where the old one is closed
     */
    Heard add(
            String clientId, UUID ticketId, Function<DeskTicket, NewTicket> said, Function<NewTicket, Reception> open) {
        DeskTicket ticket = store.lockTarget(clientId, ticketId).orElse(null);
        if (ticket == null) {
            return new Heard(new NoSuchTicket(), false);
        }
        NewTicket message = said.apply(ticket);
        if (message.externalId() != null) {
            Optional<Known> known = messages.find(message.source(), message.externalId());
            if (known.isPresent()) {
                return new Heard(new Added(known.get().ticketId(), known.get().messageId()), true);
            }
        }
        return switch (DeskRules.ofReply(ticket.status())) {
            case OPENS_ANOTHER -> link(clientId, ticket, message, open);
            case ADDED -> {
                UUID messageId = store(clientId, ticket, message);
                tell(clientId, ticket, DeskNarrative.replied(message.actor(), messageId, isOf(ticket, message)));
                announce(clientId, ticket, message);
                yield new Heard(new Added(ticket.ticketId(), messageId), false);
            }
            case REOPENS -> {
                UUID messageId = store(clientId, ticket, message);
                boolean verified = ticket.senderVerified() && isOf(ticket, message);
                UUID runId = runs.request(clientId, ticket, ticket.settledSeq(), verified, "replied", CUSTOMER);
                tell(
                        clientId,
                        ticket,
                        TicketStatus.RECEIVED,
                        DeskNarrative.reopened(message.actor(), messageId, runId, isOf(ticket, message)));
                yield new Heard(new Reopened(ticket.ticketId(), messageId), false);
            }
        };
    }

    /**
     * While nothing is proposed yet, the run may still take the message in; whether it does, only the agent knows. What
     * waits for a person's decision may be another matter after it.
     */
    private void announce(String clientId, DeskTicket ticket, NewTicket message) {
        if (ticket.status() == TicketStatus.RECEIVED
                || ticket.status() == TicketStatus.ANALYZING
                || ticket.status() == TicketStatus.AWAITING_APPROVAL) {
            outbox.publish(
                    clientId,
                    new CustomerReplied(
                            ticket.ticketId(),
                            ticket.runId(),
                            ticket.version() + 1,
                            new Said(CUSTOMER, RunRequests.beginningOf(message.body()), true, now()),
                            ticket.senderVerified() && isOf(ticket, message)));
        }
    }

    /** Looks at once for all runs that will end in the running transaction, whose tickets are locked. */
    void ahead(List<Event> events) {
        List<UUID> ended = events.stream()
                .filter(event -> event instanceof RunCompleted run && run.outcome() == Outcome.RESOLVED)
                .map(event -> ((RunCompleted) event).ticketId())
                .toList();
        if (!ended.isEmpty()) {
            unheard.get().addAll(messages.withUnheard(ended));
        }
    }

    /**
     * Looks at a ticket whose run has just ended: what its customer said meanwhile, that run knew nothing of, so another
     * one follows. In the transaction that applied the event.
     */
    void runEnded(Envelope envelope, RunCompleted event) {
        if (event.outcome() != Outcome.RESOLVED || !unheard.get().contains(event.ticketId())) {
            return;
        }
        tickets.letGo();
        if (!messages.isUnheardAfter(event.ticketId(), event.runId())) {
            return;
        }
        DeskTicket ticket = store.lock(event.ticketId()).orElseThrow();
        UUID runId = runs.request(
                envelope.clientId(), ticket, ticket.settledSeq(), ticket.senderVerified(), "replied", CUSTOMER);
        tell(envelope.clientId(), ticket, TicketStatus.RECEIVED, DeskNarrative.unheard(runId));
    }

    /** Whether the message is proven to be from the ticket's own customer. */
    private static boolean isOf(DeskTicket ticket, NewTicket message) {
        return message.senderVerified() && message.customerEmail().equals(ticket.customerEmail());
    }

    private UUID store(String clientId, DeskTicket ticket, NewTicket message) {
        UUID messageId = ids.next();
        boolean verified = isOf(ticket, message);
        messages.add(
                clientId,
                ticket.ticketId(),
                ticket.version() + 1,
                new NewMessage(
                        messageId,
                        "inbound",
                        message.body(),
                        "delivered",
                        null,
                        verified,
                        message.source(),
                        message.externalId()),
                now());
        if (!verified && ticket.senderVerified()) {
            // Whoever can write into a ticket must not act with the rights of the one who began it.
            store.doubtSender(ticket.ticketId());
        }
        return messageId;
    }

    private Heard link(String clientId, DeskTicket closed, NewTicket message, Function<NewTicket, Reception> open) {
        String subject = message.subject().isBlank() ? "Re: " + closed.subject() : message.subject();
        int length = subject.codePointCount(0, subject.length());
        Reception reception = open.apply(new NewTicket(
                message.channel(),
                // A message's id is another thing than a ticket's id from the same sender.
                message.source() + "/reply",
                subject.substring(0, subject.offsetByCodePoints(0, Math.min(length, LONGEST_SUBJECT))),
                message.body(),
                message.customerEmail(),
                message.senderVerified(),
                message.priority(),
                message.externalId(),
                message.metadata(),
                message.actor()));
        return switch (reception) {
            case Reception.Accepted(UUID ticketId) -> {
                store.reopenedFrom(ticketId, closed.ticketId());
                tell(clientId, closed, DeskNarrative.continuedIn(message.actor(), ticketId));
                yield new Heard(new Linked(ticketId, messages.first(ticketId).orElseThrow()), false);
            }
            case Reception.Repeated(UUID ticketId, TicketStatus _) ->
                new Heard(new Linked(ticketId, messages.first(ticketId).orElseThrow()), true);
            case Reception.KeyTaken _ -> throw new IllegalStateException("no key was given");
        };
    }

    private void tell(String clientId, DeskTicket ticket, TimelineEntry entry) {
        tell(clientId, ticket, ticket.status(), entry);
    }

    private void tell(String clientId, DeskTicket ticket, TicketStatus status, TimelineEntry entry) {
        tickets.tell(clientId, ticket.ticketId(), ticket.version() + 1, status, entry, now());
        tickets.letGo();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
