package io.opsrelay.ingestion.ticket;

import static io.opsrelay.ingestion.ticket.TicketStatus.CLOSED;
import static io.opsrelay.ingestion.ticket.TicketStatus.ESCALATED;
import static io.opsrelay.ingestion.ticket.TicketStatus.FAILED;
import static io.opsrelay.ingestion.ticket.TicketStatus.RESOLVED;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What people and customers may do with a ticket in which status, as pure functions. */
final class DeskRules {

    private DeskRules() {}

    /**
     * The statuses that a person may set. While an action is decided about or executed there are none: that has to end
     * first, else money could move on a ticket that looks settled.
     */
    static Set<TicketStatus> settable(TicketStatus now) {
        return switch (now) {
            case RECEIVED, ANALYZING, FAILED -> EnumSet.of(RESOLVED, ESCALATED, CLOSED);
            case AWAITING_APPROVAL, ACTING, CLOSED -> EnumSet.noneOf(TicketStatus.class);
            case RESOLVED -> EnumSet.of(ESCALATED, CLOSED);
            case ESCALATED -> EnumSet.of(RESOLVED, CLOSED);
        };
    }

    /** Whether a person may ask the agent for another run. */
    static boolean mayRetry(TicketStatus now) {
        return now == FAILED || now == ESCALATED;
    }

    /** Whether the ticket may become part of another one; one that is closed already may, it stays closed. */
    static boolean mayBeMerged(TicketStatus now) {
        return now == CLOSED || settable(now).contains(CLOSED);
    }

    /** What a customer's further message does to the ticket. */
    static Effect ofReply(TicketStatus now) {
        return switch (now) {
            case RECEIVED, ANALYZING, AWAITING_APPROVAL, ACTING, ESCALATED, FAILED -> Effect.ADDED;
            case RESOLVED -> Effect.REOPENS;
            case CLOSED -> Effect.OPENS_ANOTHER;
        };
    }

    /** Why {@code wanted} may not be set now, and what may be. */
    static String refusal(TicketStatus now, TicketStatus wanted) {
        if (now == CLOSED) {
            return "the ticket is closed, and that is for good: open another one";
        }
        Set<TicketStatus> settable = settable(now);
        return settable.isEmpty()
                ? "an action of the ticket is under way (" + now.wireName() + "): decide about it, or wait for its end"
                : "the ticket is " + now.wireName() + " and cannot be set to " + wanted.wireName() + ", only to "
                        + settable.stream().map(TicketStatus::wireName).collect(Collectors.joining(" or "));
    }

    /** What a message does beside standing there. */
    enum Effect {
        ADDED,
        REOPENS,
        OPENS_ANOTHER
    }
}
