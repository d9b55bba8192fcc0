package io.opsrelay.action.grant;

import java.util.UUID;

/**
 * What a grant must bind to be good for an action as it stands.
 *
 * @param version the action's current preparation
 * @param argumentsHash SHA-256 (hex), computed anew from the arguments that would be executed
 */
public record ExpectedGrant(
        String clientId,
        UUID actionId,
        UUID approvalId,
        String actionType,
        int version,
        String argumentsHash,
        String requester) {}
