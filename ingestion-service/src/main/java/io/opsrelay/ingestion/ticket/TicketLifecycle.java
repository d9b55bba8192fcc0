package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.ingestion.ticket.TicketState.Acting;
import io.opsrelay.ingestion.ticket.TicketState.Analyzing;
import io.opsrelay.ingestion.ticket.TicketState.AwaitingApproval;
import io.opsrelay.ingestion.ticket.TicketState.Ended;
import io.opsrelay.ingestion.ticket.TicketState.Received;
import io.opsrelay.ingestion.ticket.TicketState.Working;
import java.util.Optional;
import java.util.UUID;

/**
 * A ticket's way from received to its end, as pure functions: {@code decide} says what an event changes in a state,
 * {@code evolve} makes the state that follows. An event that comes late or does not fit changes nothing.
 */
final class TicketLifecycle {

    private TicketLifecycle() {}

    static Optional<TicketChange> decide(TicketState state, TicketEvent event) {
        return switch (event) {
            case TicketEvent.TicketReceived _, TicketEvent.TicketImported _, TicketEvent.ReplyDrafted _ ->
                Optional.empty();
            // Told by this service, when it has done what they tell.
            case TicketEvent.RunRequested _,
                    TicketEvent.StatusSet _,
                    TicketEvent.CustomerReplied _,
                    TicketEvent.TicketCorrected _,
                    TicketEvent.CustomerErased _ -> Optional.empty();
            case TicketEvent.TicketClassified classified ->
                changeIf(isRunOf(state, classified.runId()), new TicketChange.Triaged(classified));
        };
    }

    static Optional<TicketChange> decide(TicketState state, RunEvent event) {
        return switch (event) {
            case RunEvent.RunStarted started ->
                changeIf(mayBegin(state, started.runId()), new TicketChange.Begun(started.runId()));
            case RunEvent.RunParked _, RunEvent.ToolsCalled _ -> Optional.empty();
            case RunEvent.MessageTaken taken ->
                changeIf(mayEnd(state, taken.runId()), new TicketChange.Heard(taken.seq()));
            case RunEvent.RunCompleted completed ->
                changeIf(mayEnd(state, completed.runId()), new TicketChange.Completed(completed));
        };
    }

    static Optional<TicketChange> decide(TicketState state, ActionEvent event) {
        return switch (event) {
            case ActionEvent.ActionRequested _,
                    ActionEvent.ActionProposed _,
                    ActionEvent.ActionPrepared _,
                    ActionEvent.ActionStarted _,
                    ActionEvent.ActionSucceeded _,
                    ActionEvent.ActionOutcomeUnknown _ -> Optional.empty();
            case ActionEvent.ActionFailed failed ->
                changeIf(isAbout(state, failed.actionId()), new TicketChange.AgentResumed());
            case ActionEvent.ActionCancelled cancelled ->
                changeIf(isAbout(state, cancelled.actionId()), new TicketChange.AgentResumed());
        };
    }

    static Optional<TicketChange> decide(TicketState state, ApprovalEvent event) {
        return switch (event) {
            // One action at a time: the newest one asked about is the one the ticket waits for.
            case ApprovalEvent.ApprovalRequested requested ->
                changeIf(
                        state instanceof Working && !isAbout(state, requested.actionId()),
                        new TicketChange.PersonAsked(requested.actionId()));
            case ApprovalEvent.ApprovalGranted granted ->
                changeIf(mayAct(state, granted.actionId()), new TicketChange.ActionCleared(granted.actionId()));
            // The new arguments are prepared and decided about again: the ticket goes on waiting.
            case ApprovalEvent.ApprovalEdited _ -> Optional.empty();
            // The action is called off for it, and that is what ends the waiting.
            case ApprovalEvent.ApprovalWithdrawn _ -> Optional.empty();
            case ApprovalEvent.ApprovalRejected rejected -> resumedIfAwaited(state, rejected.actionId());
            case ApprovalEvent.ApprovalResponded responded -> resumedIfAwaited(state, responded.actionId());
            case ApprovalEvent.ApprovalExpired expired -> resumedIfAwaited(state, expired.actionId());
        };
    }

    /** @throws IllegalStateException for a change that {@code decide} never makes in that state */
    static TicketState evolve(TicketState state, TicketChange change) {
        return switch (change) {
            case TicketChange.Begun begun when mayBegin(state, begun.runId()) -> new Analyzing(begun.runId());
            case TicketChange.Triaged _ when state instanceof Working -> state;
            case TicketChange.Heard _ when state instanceof Received || state instanceof Working -> state;
            case TicketChange.PersonAsked asked
            when state instanceof Working working -> new AwaitingApproval(working.runId(), asked.actionId());
            case TicketChange.ActionCleared cleared
            when state instanceof Working working && mayAct(state, cleared.actionId()) ->
                new Acting(working.runId(), cleared.actionId());
            case TicketChange.AgentResumed _
            when state instanceof AwaitingApproval waiting -> new Analyzing(waiting.runId());
            case TicketChange.AgentResumed _ when state instanceof Acting acting -> new Analyzing(acting.runId());
            case TicketChange.Completed completed
            when mayEnd(state, completed.completion().runId()) ->
                switch (completed.completion().outcome()) {
                    case RESOLVED -> new TicketState.Resolved();
                    case ESCALATED -> new TicketState.Escalated();
                    case FAILED -> new TicketState.Failed();
                };
            case TicketChange.Begun _,
                    TicketChange.Triaged _,
                    TicketChange.Heard _,
                    TicketChange.PersonAsked _,
                    TicketChange.ActionCleared _,
                    TicketChange.AgentResumed _,
                    TicketChange.Completed _ -> throw new IllegalStateException(change + " does not fit " + state);
        };
    }

    /** A new run takes over from one that was lost while it was still thinking; not once an action is under way. */
    private static boolean mayBegin(TicketState state, UUID runId) {
        return switch (state) {
            case Received received -> received.awaits(runId);
            case Analyzing analyzing -> !analyzing.runId().equals(runId);
            case AwaitingApproval _, Acting _, Ended _ -> false;
        };
    }

    /** A run may fail before it began; only of the run that is waited for that is the ticket's end. */
    private static boolean mayEnd(TicketState state, UUID runId) {
        return state instanceof Received received ? received.awaits(runId) : isRunOf(state, runId);
    }

    /** Policy may clear an action that no person was asked about; where one was, it must be that action. */
    private static boolean mayAct(TicketState state, UUID actionId) {
        return switch (state) {
            case Analyzing _ -> true;
            case AwaitingApproval waiting -> waiting.actionId().equals(actionId);
            case Acting acting -> !acting.actionId().equals(actionId);
            case Received _, Ended _ -> false;
        };
    }

    private static boolean isRunOf(TicketState state, UUID runId) {
        return state instanceof Working working && working.runId().equals(runId);
    }

    private static boolean isAbout(TicketState state, UUID actionId) {
        return switch (state) {
            case AwaitingApproval waiting -> waiting.actionId().equals(actionId);
            case Acting acting -> acting.actionId().equals(actionId);
            case Received _, Analyzing _, Ended _ -> false;
        };
    }

    private static Optional<TicketChange> resumedIfAwaited(TicketState state, UUID actionId) {
        return changeIf(
                state instanceof AwaitingApproval waiting && waiting.actionId().equals(actionId),
                new TicketChange.AgentResumed());
    }

    private static Optional<TicketChange> changeIf(boolean fits, TicketChange change) {
        return fits ? Optional.of(change) : Optional.empty();
    }
}
