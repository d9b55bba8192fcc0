package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Settled;
import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.contracts.Effect;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An approval as the API shows it.
 *
 * @param decision what was decided; absent while pending, and where time or the end of the action settled it
 * @param editedArguments what the edit asked for, with the decision edit
 * @param supersededBy the request that took its place
 * @param expiresAt until when it can be decided
 */
record ApprovalResource(
        UUID approvalId,
        UUID actionId,
        @Nullable UUID ticketId,
        int version,
        String actionType,
        Map<String, Object> arguments,
        String argumentsHash,
        Effect effect,
        String requester,
        @Nullable String editor,
        String rule,
        Status status,
        DecisionRequest.@Nullable Choice decision,
        @Nullable String decidedBy,
        @Nullable String reason,
        @Nullable Map<String, Object> editedArguments,
        @Nullable UUID supersededBy,
        Instant createdAt,
        Instant expiresAt,
        @Nullable Instant decidedAt) {

    static ApprovalResource of(Approval approval) {
        ApprovalState state = approval.state();
        Decision by = state instanceof Decided decided ? decided.by() : null;
        return new ApprovalResource(
                approval.approvalId(),
                approval.actionId(),
                approval.ticketId(),
                approval.version(),
                approval.actionType(),
                approval.arguments(),
                approval.argumentsHash(),
                approval.effect(),
                approval.requester(),
                approval.editor(),
                approval.rule(),
                state.status(),
                decisionOf(state),
                by == null ? null : by.actor(),
                reasonOf(state),
                state instanceof ApprovalState.Edited edited ? edited.arguments() : null,
                approval.supersededBy(),
                approval.createdAt(),
                approval.expiresAt(),
                state instanceof Settled settled ? settled.at() : null);
    }

    private static DecisionRequest.@Nullable Choice decisionOf(ApprovalState state) {
        return switch (state) {
            case ApprovalState.Approved approved -> DecisionRequest.Choice.APPROVE;
            case ApprovalState.Rejected rejected -> DecisionRequest.Choice.REJECT;
            case ApprovalState.Responded responded -> DecisionRequest.Choice.RESPOND;
            case ApprovalState.Edited edited -> DecisionRequest.Choice.EDIT;
            case ApprovalState.Pending pending -> null;
            case ApprovalState.Expired expired -> null;
            case ApprovalState.Withdrawn withdrawn -> null;
        };
    }

    private static @Nullable String reasonOf(ApprovalState state) {
        return switch (state) {
            case Decided decided -> decided.by().reason();
            case ApprovalState.Withdrawn withdrawn -> withdrawn.reason();
            case ApprovalState.Pending pending -> null;
            case ApprovalState.Expired expired -> null;
        };
    }
}
