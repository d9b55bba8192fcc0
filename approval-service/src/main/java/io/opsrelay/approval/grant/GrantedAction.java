package io.opsrelay.approval.grant;

import java.util.UUID;

/**
 * What a grant binds: exactly this action with exactly these arguments.
 *
 * @param version the action's preparation
 * @param argumentsHash SHA-256 (hex) of the canonical arguments
 * @param requester who asked
 * @param approver who grants
 */
public record GrantedAction(
        String clientId,
        UUID approvalId,
        UUID actionId,
        String actionType,
        int version,
        String argumentsHash,
        String requester,
        String approver) {

    public GrantedAction {
        if (requester.equals(approver)) {
            throw new IllegalArgumentException(approver + " cannot approve what they asked for");
        }
    }
}
