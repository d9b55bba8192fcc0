package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One pass of the AI agent over a ticket. From agent-service. */
public sealed interface RunEvent extends Event {

    /** The ticket the run works on. */
    UUID ticketId();

    /** The run. */
    UUID runId();

    @Override
    @JsonIgnore
    default String key() {
        return ticketId().toString();
    }

    /**
     * The agent began.
     *
     * @param engine what thinks: local, or a model's name
     */
    @EventType(value = "io.opsrelay.run.started.v1", topic = Topics.TICKET)
    record RunStarted(UUID ticketId, UUID runId, String engine) implements RunEvent {
        public RunStarted {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(engine, "engine");
        }
    }

    /** The run waits for the outcome of an action. */
    @EventType(value = "io.opsrelay.run.parked.v1", topic = Topics.TICKET)
    record RunParked(UUID ticketId, UUID runId, UUID actionId) implements RunEvent {
        public RunParked {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.present(actionId, "action_id");
        }
    }

    /**
     * The agent is done with the ticket.
     *
     * @param reply what goes to the customer, plain text; absent where nothing is to be said
     * @param reason why it was escalated or failed
     */
    @EventType(value = "io.opsrelay.run.completed.v1", topic = Topics.TICKET)
    record RunCompleted(
            UUID ticketId,
            UUID runId,
            Outcome outcome,
            @Nullable String reply,
            @Nullable String reason) implements RunEvent {
        public RunCompleted {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.present(outcome, "outcome");
            if (outcome != Outcome.RESOLVED) {
                Require.text(reason, "reason");
            }
        }
    }

    /** How a run ended; the ticket takes the status of the same name. */
    enum Outcome {
        RESOLVED,
        ESCALATED,
        FAILED
    }
}
