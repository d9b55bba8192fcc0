package io.opsrelay.approval.grant;

import java.util.List;
import java.util.UUID;

/**
 * What a grant binds: exactly this action with exactly these arguments.
 *
 * @param version the action's preparation
 * @param argumentsHash SHA-256 (hex) of the canonical arguments
 * @param requester who asked
 * @param approver who grants; of several people the last, whose yes was still missing
 * @param approvers all of them
 */
public record GrantedAction(
        String clientId,
        UUID approvalId,
        UUID actionId,
        String actionType,
        int version,
        String argumentsHash,
        String requester,
        String approver,
        List<String> approvers) {

    public GrantedAction {
        approvers = List.copyOf(approvers);
        if (!approvers.contains(approver)) {
            throw new IllegalArgumentException(approver + " is not among those who approved");
        }
        if (approvers.contains(requester)) {
            throw new IllegalArgumentException(requester + " cannot approve what they asked for");
        }
    }
}
