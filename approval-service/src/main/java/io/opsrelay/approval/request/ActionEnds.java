package io.opsrelay.approval.request;

import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.security.Role;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Tells those outside how actions ended, in the transaction that applies the news. What an action was to do is known from
 * its newest request; one that never came so far is told without. Reasons and results may quote the customer and stay out.
 */
@Component
class ActionEnds {

    private final ApprovalStore store;
    private final Notifications notifications;

    ActionEnds(ApprovalStore store, Notifications notifications) {
        this.store = store;
        this.notifications = notifications;
    }

    void succeeded(String clientId, ActionSucceeded action) {
        tell(clientId, "succeeded", action, action.actionType(), "provider", action.provider());
    }

    void failed(String clientId, ActionFailed action) {
        tell(clientId, "failed", action, action.actionType(), "failure_code", action.code());
    }

    void unknown(String clientId, ActionOutcomeUnknown action) {
        tell(clientId, "unknown", action, action.actionType(), "failure_code", "outcome_unknown");
    }

    void cancelled(String clientId, ActionCancelled action) {
        tell(clientId, "cancelled", action, action.actionType(), "cancelled_by", action.by());
    }

    private void tell(
            String clientId, String status, ActionEvent action, String actionType, String detail, String value) {
        Optional<Approval> request = store.newest(action.actionId());
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("action_id", action.actionId().toString());
        if (action.ticketId() != null) {
            data.put("ticket_id", action.ticketId().toString());
        }
        data.put("action_type", actionType);
        data.put("status", status);
        data.put(detail, value);
        request.ifPresent(approval -> describe(data, approval));
        notifications.tell(
                clientId,
                new Notice(
                        "action." + status,
                        action.actionId(),
                        action.ticketId(),
                        data,
                        request.map(ActionEnds::audience).orElse(Set.of())));
    }

    private static void describe(Map<String, Object> data, Approval approval) {
        ActionPrepared prepared = approval.action();
        data.put("approval_id", approval.approvalId().toString());
        data.put("effect", prepared.effect().summary());
        data.put("requester", prepared.requester());
        if (approval.state() instanceof ApprovalState.Approved approved) {
            data.put("decided_by", approved.by().actor());
        }
        ActionFacts facts = prepared.facts();
        if (facts != null && facts.target() != null) {
            data.put("target", facts.target());
        }
        if (facts != null && facts.breakGlass() != null) {
            data.put("break_glass", true);
        }
    }

    /** Who was asked; where nobody was, whose kind of work it is. */
    private static Set<Role> audience(Approval approval) {
        return approval.asked().ofPeople()
                ? approval.asked().roles()
                : rolesOf(approval.action().facts());
    }

    private static Set<Role> rolesOf(@Nullable ActionFacts facts) {
        return switch (facts == null ? "" : facts.category()) {
            case "financial", "account" -> EnumSet.of(Role.APPROVER);
            case "operations" -> EnumSet.of(Role.SRE);
            case "technical" -> EnumSet.of(Role.AGENT, Role.SRE);
            default -> Set.of();
        };
    }
}
