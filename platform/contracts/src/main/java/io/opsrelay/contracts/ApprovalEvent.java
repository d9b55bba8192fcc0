package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What policy and people decide about an action. From approval-service. Keyed as the action's events are. */
public sealed interface ApprovalEvent extends Event {

    /** The approval request. */
    UUID approvalId();

    /** The action it decides about. */
    UUID actionId();

    /** The action's ticket, if any. */
    @Nullable
    UUID ticketId();

    @Override
    @JsonIgnore
    default String key() {
        UUID ticket = ticketId();
        return (ticket == null ? actionId() : ticket).toString();
    }

    /**
     * A person must decide.
     *
     * @param rule the policy rule that asked
     * @param expiresAt when the request lapses undecided
     */
    @EventType(value = "io.opsrelay.approval.requested.v1", topic = Topics.TICKET)
    record ApprovalRequested(
            UUID approvalId,
            UUID actionId,
            @Nullable UUID ticketId,
            int version,
            String actionType,
            String rule,
            Instant expiresAt)
            implements ApprovalEvent {
        public ApprovalRequested {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(rule, "rule");
            Require.present(expiresAt, "expires_at");
        }
    }

    /**
     * The action may be executed once, with exactly these arguments.
     *
     * @param version the preparation it was granted for
     * @param argumentsHash see {@link ActionEvent.ActionPrepared#argumentsHash()}
     * @param approver {@code user:<name>}, or {@code policy:<rule>} where policy alone decided
     * @param reason what the approver wrote
     * @param grant compact JWS signed with approval-service's own key; binds client, action, action type, version,
     *     hash, requester, approver and expiry. The executor believes this and nothing else
     */
    @EventType(value = "io.opsrelay.approval.granted.v1", topic = Topics.TICKET)
    record ApprovalGranted(
            UUID approvalId,
            UUID actionId,
            @Nullable UUID ticketId,
            int version,
            String actionType,
            String argumentsHash,
            String approver,
            @Nullable String reason,
            String grant)
            implements ApprovalEvent {
        public ApprovalGranted {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            Require.text(actionType, "action_type");
            Require.text(argumentsHash, "arguments_hash");
            Require.text(approver, "approver");
            Require.text(grant, "grant");
        }
    }

    /** A person, or policy, said no. */
    @EventType(value = "io.opsrelay.approval.rejected.v1", topic = Topics.TICKET)
    record ApprovalRejected(
            UUID approvalId, UUID actionId, @Nullable UUID ticketId, String by, String reason)
            implements ApprovalEvent {
        public ApprovalRejected {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            Require.text(by, "by");
            Require.text(reason, "reason");
        }
    }

    /** A person answers the agent instead of executing; the text is for the agent to take into its reply. */
    @EventType(value = "io.opsrelay.approval.responded.v1", topic = Topics.TICKET)
    record ApprovalResponded(
            UUID approvalId, UUID actionId, @Nullable UUID ticketId, String by, String response)
            implements ApprovalEvent {
        public ApprovalResponded {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            Require.text(by, "by");
            Require.text(response, "response");
        }
    }

    /** A person changed the arguments: action-engine prepares them as a new version, policy decides again. */
    @EventType(value = "io.opsrelay.approval.edited.v1", topic = Topics.TICKET)
    record ApprovalEdited(
            UUID approvalId,
            UUID actionId,
            @Nullable UUID ticketId,
            int version,
            Map<String, Object> arguments,
            String by,
            String reason)
            implements ApprovalEvent {
        public ApprovalEdited {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            arguments = Require.map(arguments, "arguments");
            Require.text(by, "by");
            Require.text(reason, "reason");
        }
    }

    /** Nobody decided in time. */
    @EventType(value = "io.opsrelay.approval.expired.v1", topic = Topics.TICKET)
    record ApprovalExpired(
            UUID approvalId, UUID actionId, @Nullable UUID ticketId) implements ApprovalEvent {
        public ApprovalExpired {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
        }
    }

    /** The request needs no decision any more, and its action is off: the ticket went on without it. */
    @EventType(value = "io.opsrelay.approval.withdrawn.v1", topic = Topics.TICKET)
    record ApprovalWithdrawn(
            UUID approvalId, UUID actionId, @Nullable UUID ticketId, String reason) implements ApprovalEvent {
        public ApprovalWithdrawn {
            Require.present(approvalId, "approval_id");
            Require.present(actionId, "action_id");
            Require.text(reason, "reason");
        }
    }
}
