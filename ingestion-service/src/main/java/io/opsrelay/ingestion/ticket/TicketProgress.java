package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.PoisonException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Applies events to tickets: each changes what {@link TicketLifecycle} says, stands in the timeline whether it changed
 * anything or not, and goes to the dashboards, all in the transaction that runs.
 */
@Component
class TicketProgress {

    private final TicketsInHand tickets;
    private final Ids ids;
    private final Couriers couriers;

    TicketProgress(TicketsInHand tickets, Ids ids, Couriers couriers) {
        this.tickets = tickets;
        this.ids = ids;
        this.couriers = couriers;
    }

    /** Locks the tickets of events that will be applied in the running transaction. */
    void ahead(List<Event> events) {
        tickets.lock(events.stream().map(event -> UUID.fromString(event.key())).toList());
    }

    void apply(Envelope envelope, TicketEvent event) {
        apply(envelope, event.ticketId(), state -> TicketLifecycle.decide(state, event), change -> Narrative.of(event));
    }

    void apply(Envelope envelope, RunEvent event) {
        apply(
                envelope,
                event.ticketId(),
                state -> TicketLifecycle.decide(state, event),
                change -> Narrative.of(event, change.isPresent()));
    }

    void apply(Envelope envelope, ActionEvent event) {
        applyIfOfTicket(
                envelope,
                event.ticketId(),
                state -> TicketLifecycle.decide(state, event),
                change -> Narrative.of(event));
    }

    void apply(Envelope envelope, ApprovalEvent event) {
        applyIfOfTicket(
                envelope,
                event.ticketId(),
                state -> TicketLifecycle.decide(state, event),
                change -> Narrative.of(event));
    }

    /** An action that a person asked for directly has no ticket, and no place here. */
    private void applyIfOfTicket(
            Envelope envelope,
            @Nullable UUID ticketId,
            Function<TicketState, Optional<TicketChange>> decide,
            Function<Optional<TicketChange>, TimelineEntry> tell) {
        if (ticketId != null) {
            apply(envelope, ticketId, decide, tell);
        }
    }

    private void apply(
            Envelope envelope,
            UUID ticketId,
            Function<TicketState, Optional<TicketChange>> decide,
            Function<Optional<TicketChange>, TimelineEntry> tell) {
        // A ticket is committed before its first event leaves, so one that is not here will not come.
        TicketsInHand.Current current = tickets.find(ticketId)
                .orElseThrow(() -> new PoisonException(
                        "client " + envelope.clientId() + " has no ticket " + ticketId + " in ingestion-service"));
        Optional<TicketChange> change = decide.apply(current.state());
        TicketState next =
                change.map(it -> TicketLifecycle.evolve(current.state(), it)).orElse(current.state());
        TimelineEntry entry = tell.apply(change);
        UUID messageId = ids.next();
        MessageState reply = change.filter(TicketChange::speaks).isPresent()
                ? couriers.offer(envelope.clientId(), ticketId, messageId, current.channel())
                : MessageState.SENT;
        tickets.advance(
                envelope.clientId(),
                ticketId,
                current,
                next,
                change.orElse(null),
                entry,
                new TicketsInHand.Reply(messageId, reply),
                envelope.time());
        if (reply == MessageState.FAILED) {
            tickets.find(ticketId)
                    .ifPresent(spoken -> tickets.advance(
                            envelope.clientId(),
                            ticketId,
                            spoken,
                            next,
                            null,
                            Narrative.undeliverable(messageId, current.channel()),
                            new TicketsInHand.Reply(messageId, reply),
                            envelope.time()));
        }
    }
}
