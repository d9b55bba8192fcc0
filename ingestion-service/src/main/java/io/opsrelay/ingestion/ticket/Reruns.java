package io.opsrelay.ingestion.ticket;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** Gives tickets to the agent once more, for doors that are told to. */
@Component
public class Reruns {

    private static final Set<TicketStatus> ENDED =
            Set.of(TicketStatus.RESOLVED, TicketStatus.ESCALATED, TicketStatus.FAILED);

    private final DeskStore store;
    private final RunRequests runs;
    private final TicketsInHand tickets;
    private final Clock clock;

    Reruns(DeskStore store, RunRequests runs, TicketsInHand tickets, Clock clock) {
        this.store = store;
        this.runs = runs;
        this.tickets = tickets;
        this.clock = clock;
    }

    /**
     * Asks for another run over all that was said on the ticket, in the running transaction of the client.
     *
     * @param actor who wants it
     * @param reason for people
     * @return false if the ticket is being worked on, closed or merged, or there is none: then nothing was changed
     */
    public boolean request(String clientId, UUID ticketId, String actor, String reason) {
        Optional<DeskTicket> found =
                store.lock(ticketId).filter(ticket -> ticket.mergedInto() == null && ENDED.contains(ticket.status()));
        found.ifPresent(ticket -> {
            UUID runId = runs.request(clientId, ticket, 0, ticket.senderVerified(), "retried", actor);
            TimelineEntry entry = DeskNarrative.retried(actor, ticket.status(), runId, reason);
            tickets.tell(
                    clientId,
                    ticket.ticketId(),
                    ticket.version() + 1,
                    TicketStatus.RECEIVED,
                    entry,
                    clock.instant().truncatedTo(ChronoUnit.MICROS));
            tickets.letGo();
        });
        return found.isPresent();
    }
}
