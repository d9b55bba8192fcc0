package io.opsrelay.action.execution;

import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionState.Status;
import io.opsrelay.action.execution.ActionStore.Step;
import io.opsrelay.contracts.Effect;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An action as the API shows it.
 *
 * @param version the current preparation, 0 before the first
 * @param arguments as prepared, or as proposed before that
 * @param provider who does it
 * @param target what is touched
 * @param environment where that runs
 * @param breakGlass why an admin set guardrails aside
 * @param retryOf the action that failed, whose arguments this one tries again
 * @param undoes the action that this one undoes
 * @param result what was done, or is known so far of what has not ended: ids, amounts, times
 * @param failure why it was not done, or why that is unknown
 * @param steps what happened, oldest first
 */
record ActionResource(
        UUID actionId,
        @Nullable UUID ticketId,
        String actionType,
        Status status,
        int version,
        Map<String, Object> arguments,
        @Nullable String argumentsHash,
        @Nullable Effect effect,
        String requester,
        @Nullable String editor,
        @Nullable UUID approvalId,
        @Nullable String decidedBy,
        @Nullable String provider,
        @Nullable String target,
        @Nullable String environment,
        @Nullable String breakGlass,
        @Nullable UUID retryOf,
        @Nullable UUID undoes,
        @Nullable Map<String, Object> result,
        @Nullable Failure failure,
        List<Step> steps,
        Instant createdAt,
        Instant updatedAt) {

    static ActionResource of(Action action, List<Step> steps) {
        Preparation preparation = action.preparation();
        return new ActionResource(
                action.actionId(),
                action.ticketId(),
                action.actionType(),
                action.state().status(),
                preparation == null ? 0 : preparation.version(),
                action.arguments(),
                preparation == null ? null : preparation.hash(),
                preparation == null ? null : preparation.effect(),
                action.requester(),
                preparation == null ? null : preparation.editor(),
                action.approvalId(),
                action.decidedBy(),
                action.provider(),
                preparation == null ? null : preparation.target(),
                preparation == null ? null : preparation.environment(),
                action.origin().breakGlass(),
                action.origin().retryOf(),
                action.origin().undoes(),
                resultOf(action.state()),
                failureOf(action.state()),
                steps,
                action.createdAt(),
                action.updatedAt());
    }

    private static @Nullable Map<String, Object> resultOf(ActionState state) {
        return switch (state) {
            case ActionState.Succeeded succeeded -> succeeded.result();
            case ActionState.Settling settling -> settling.result();
            case ActionState other -> null;
        };
    }

    private static @Nullable Failure failureOf(ActionState state) {
        return switch (state) {
            case ActionState.Failed failed -> new Failure(failed.code(), failed.reason());
            case ActionState.Unknown unknown -> new Failure("outcome_unknown", unknown.reason());
            case ActionState.Rejected rejected -> new Failure("rejected", rejected.reason());
            case ActionState.Cancelled cancelled -> new Failure("cancelled", cancelled.reason());
            case ActionState.Expired expired -> new Failure("approval_expired", "nobody decided in time");
            case ActionState other -> null;
        };
    }

    /**
     * Why something was not done.
     *
     * @param code for machines
     * @param reason for people
     */
    record Failure(String code, String reason) {}
}
