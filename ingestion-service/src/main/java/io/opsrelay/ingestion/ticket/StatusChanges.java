package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Sets the status of tickets, for people and for doors that are told of it: by the same rules. */
@Component
public class StatusChanges {

    private final DeskStore store;
    private final TicketsInHand tickets;
    private final Outbox outbox;
    private final Clock clock;

    StatusChanges(DeskStore store, TicketsInHand tickets, Outbox outbox, Clock clock) {
        this.store = store;
        this.tickets = tickets;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** What became of it. */
    public sealed interface Result {

        /** It was set. */
        record Done() implements Result {}

        /** The ticket has that status already, or it is not due. */
        record Unchanged() implements Result {}

        /** @param reason why a person could not have set it either */
        record Refused(String reason) implements Result {}
    }

    /**
     * For who is about to change several tickets, and to say something on them, in the running transaction of the client: keeps
     * others from changing them, and those where their conversations are now.
     */
    public void lockAhead(String clientId, Collection<UUID> ticketIds) {
        store.lockAhead(clientId, ticketIds);
    }

    /**
     * A ticket at which a conversation is.
     *
     * @param since when that ticket began
     */
    public record Place(UUID ticketId, Instant since) {}

    /**
     * Where the conversation of a ticket that is there is now: the ticket itself, the one that it was merged into, or, of a
     * closed one, the newest that a reply has begun; and so on from there. Whoever has locked the ticket can rely on it.
     */
    public Place whereNow(UUID ticketId) {
        return store.whereNow(ticketId);
    }

    /**
     * Sets the status of a ticket that is there, in the running transaction of the client.
     *
     * @param wanted resolved, escalated or closed
     * @param actor who has set it
     * @param due asked while nobody else can change the ticket
     */
    public Result set(String clientId, UUID ticketId, TicketStatus wanted, String actor, BooleanSupplier due) {
        DeskTicket ticket = store.lock(ticketId).orElseThrow();
        if (!due.getAsBoolean() || (ticket.status() == wanted && ticket.mergedInto() == null)) {
            return new Result.Unchanged();
        }
        if (ticket.mergedInto() != null) {
            return new Result.Refused("the ticket was merged into " + ticket.mergedInto());
        }
        if (!DeskRules.settable(ticket.status()).contains(wanted)) {
            return new Result.Refused(DeskRules.refusal(ticket.status(), wanted));
        }
        set(clientId, ticket, wanted, actor, null);
        return new Result.Done();
    }

    /** @return the ticket's version after it */
    long set(String clientId, DeskTicket ticket, TicketStatus wanted, String actor, @Nullable String reason) {
        long version = ticket.version() + 1;
        store.setStatus(ticket, wanted, now());
        tickets.tell(
                clientId,
                ticket.ticketId(),
                version,
                wanted,
                DeskNarrative.statusSet(actor, ticket.status(), wanted, reason),
                now());
        tickets.letGo();
        outbox.publish(clientId, new StatusSet(ticket.ticketId(), wanted.wireName(), actor, reason));
        return version;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
