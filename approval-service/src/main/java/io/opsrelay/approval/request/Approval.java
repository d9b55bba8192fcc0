package io.opsrelay.approval.request;

import io.opsrelay.contracts.Effect;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision about one preparation of an action, asked for or already made by policy.
 *
 * @param version the action's preparation
 * @param arguments exactly what would be executed
 * @param requester who asked for the action
 * @param editor who edited the arguments to this version
 * @param barred who may not approve it: the requester, and whoever widened it by an edit
 * @param roles one of which must decide; empty where policy decided alone
 * @param revision counts changes from 1
 */
record Approval(
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
        Set<String> barred,
        String rule,
        Set<Role> roles,
        ApprovalState state,
        @Nullable UUID supersededBy,
        long revision,
        Instant createdAt,
        Instant expiresAt) {

    Approval {
        barred = Set.copyOf(barred);
        roles = Set.copyOf(roles);
    }

    /** The same request, one change later. */
    Approval to(ApprovalState next) {
        return new Approval(
                approvalId,
                actionId,
                ticketId,
                version,
                actionType,
                arguments,
                argumentsHash,
                effect,
                requester,
                editor,
                barred,
                rule,
                roles,
                next,
                supersededBy,
                revision + 1,
                createdAt,
                expiresAt);
    }
}
