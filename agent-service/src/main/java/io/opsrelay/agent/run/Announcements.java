package io.opsrelay.agent.run;

import io.opsrelay.agent.persona.Personas;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.run.LocalEngine.Draft;
import io.opsrelay.agent.vault.Vault;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.RunEvent.MessageTaken;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.RunEvent.ToolCall;
import io.opsrelay.contracts.RunEvent.ToolsCalled;
import io.opsrelay.contracts.TicketBrief;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * What a run tells the others. In the transaction that changes the run. Here, and nowhere else, what was taken out of the
 * ticket's text returns to what goes to its customer.
 */
@Component
class Announcements {

    private final Outbox outbox;
    private final Vault vault;
    private final Personas personas;
    private final Ids ids;
    private final AgentProperties properties;

    Announcements(Outbox outbox, Vault vault, Personas personas, Ids ids, AgentProperties properties) {
        this.outbox = outbox;
        this.vault = vault;
        this.personas = personas;
        this.ids = ids;
        this.properties = properties;
    }

    void say(Run run, Draft draft) {
        outbox.publish(
                run.clientId(),
                new ReplyDrafted(run.ticketId(), run.runId(), draft.kind(), restored(run, draft), draft.citations()));
    }

    /** The run takes a further message into account. */
    void heard(Run run, long seq) {
        outbox.publish(run.clientId(), new MessageTaken(run.ticketId(), run.runId(), seq));
    }

    /** Tools were asked for what they know. */
    void called(Run run, int answer, List<ToolCall> calls) {
        outbox.publish(run.clientId(), new ToolsCalled(run.ticketId(), run.runId(), answer, calls));
        // A refused call looks nothing up, and its name may be a model's own words.
        List<String> answering = calls.stream()
                .filter(call -> !call.outcome().equals(ToolCalls.REFUSED)
                        && !call.outcome().equals(ToolCalls.FAILED))
                .map(ToolCall::tool)
                .toList();
        if (!answering.isEmpty()) {
            personas.lookedUp(run.clientId(), run.runId(), run.ticket(), answering);
        }
    }

    /**
     * Proposes an action; answers its id.
     *
     * @param employee in whose name; null where the client has none
     */
    UUID propose(Run run, String actionType, Map<String, Object> arguments, @Nullable Assigned employee) {
        UUID actionId = ids.next();
        outbox.publish(
                run.clientId(),
                new ActionProposed(
                        actionId,
                        run.ticketId(),
                        run.runId(),
                        actionType,
                        arguments,
                        employee == null ? "ai:" + properties.persona() : employee.asActor(),
                        run.ticket().customer(),
                        run.facts().confidence(),
                        TicketBrief.of(
                                run.ticket(),
                                run.facts().category(),
                                run.facts().language())));
        return actionId;
    }

    /**
     * The run waits for what becomes of its actions.
     *
     * @param actionId the first of them
     * @param actionTypes what they are, as the catalogue names them
     */
    RunState.Parked park(Run run, UUID actionId, List<String> actionTypes) {
        outbox.publish(run.clientId(), new RunParked(run.ticketId(), run.runId(), actionId));
        personas.parked(run.clientId(), run.runId(), run.ticket(), actionTypes);
        return new RunState.Parked(actionId);
    }

    RunState.Finished finish(Run run, Outcome outcome, Optional<Draft> reply, @Nullable String reason) {
        outbox.publish(
                run.clientId(),
                new RunCompleted(
                        run.ticketId(),
                        run.runId(),
                        outcome,
                        reply.map(draft -> restored(run, draft)).orElse(null),
                        reason));
        personas.finished(run.clientId(), run.runId(), run.ticket(), run.facts().intent(), outcome, reply.isPresent());
        return new RunState.Finished(outcome);
    }

    private String restored(Run run, Draft draft) {
        return vault.restore(run.clientId(), run.ticketId(), draft.text());
    }
}
