package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
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
     * @param employee the AI employee who has the run; absent from older writers, where the client has none, and where that
     *     is known only when a model has read the ticket: then {@link TicketEvent.TicketClassified} tells
     */
    @EventType(value = "io.opsrelay.run.started.v1", topic = Topics.TICKET)
    record RunStarted(
            UUID ticketId,
            UUID runId,
            String engine,
            @Nullable String employee) implements RunEvent {
        public RunStarted {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            Require.text(engine, "engine");
        }

        /** A run that nobody in particular has. */
        public RunStarted(UUID ticketId, UUID runId, String engine) {
            this(ticketId, runId, engine, null);
        }
    }

    /**
     * A model asked for tools that look something up, or for such as it may not use, and was told what came of it. One event
     * for all that one of its answers asks for. Actions have events of their own.
     *
     * @param answer which of the model's answers it was, from 1
     * @param calls in the order in which the model made them, side by side
     */
    @EventType(value = "io.opsrelay.run.tools_called.v1", topic = Topics.TICKET)
    record ToolsCalled(UUID ticketId, UUID runId, int answer, List<ToolCall> calls) implements RunEvent {
        public ToolsCalled {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
            calls = calls == null ? List.of() : List.copyOf(calls);
            if (calls.isEmpty()) {
                throw new IllegalArgumentException("calls is missing");
            }
        }
    }

    /**
     * A call of a tool.
     *
     * @param tool its name, as the model was told it
     * @param arguments those that were read, without personal data; long ones are cut off
     * @param outcome answered, nothing_found, declined (the tool says why it knows nothing), failed, refused
     * @param detail what came of it, in words of ours, for people; absent where there is nothing more to say
     * @param millis how long the tool took; absent where it was not asked
     */
    record ToolCall(
            String tool,
            Map<String, Object> arguments,
            String outcome,
            @Nullable String detail,
            @Nullable Double millis) {
        public ToolCall {
            Require.text(tool, "tool");
            arguments = arguments == null ? Map.of() : Require.map(arguments, "arguments");
            Require.text(outcome, "outcome");
        }
    }

    /**
     * The run takes into account what the customer has written since it began, and begins again with all of it.
     *
     * @param seq the ticket's version that brought the message
     */
    @EventType(value = "io.opsrelay.run.message_taken.v1", topic = Topics.TICKET)
    record MessageTaken(UUID ticketId, UUID runId, long seq) implements RunEvent {
        public MessageTaken {
            Require.present(ticketId, "ticket_id");
            Require.present(runId, "run_id");
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
