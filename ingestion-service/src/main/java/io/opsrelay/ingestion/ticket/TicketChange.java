package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import java.util.UUID;

/** What an event changes about a ticket, beside the entry in its timeline that every event leaves. */
sealed interface TicketChange {

    /** Whether it says something to the customer. */
    default boolean speaks() {
        return this instanceof Completed(var completion)
                && completion.reply() != null
                && !completion.reply().isBlank();
    }

    /** A run began, or took the place of one that was lost. */
    record Begun(UUID runId) implements TicketChange {}

    /** The text was understood; no status changes. */
    record Triaged(TicketEvent.TicketClassified classification) implements TicketChange {}

    /** The run knows what the customer has said up to that version. */
    record Heard(long seq) implements TicketChange {}

    /** A person is asked about an action. */
    record PersonAsked(UUID actionId) implements TicketChange {}

    /** The action may be executed. */
    record ActionCleared(UUID actionId) implements TicketChange {}

    /** The action will not be executed, or was not: the agent has to find another end. */
    record AgentResumed() implements TicketChange {}

    /** The run is over, and with it the ticket. */
    record Completed(RunEvent.RunCompleted completion) implements TicketChange {}
}
