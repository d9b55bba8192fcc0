package io.opsrelay.action.execution;

import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes each change of an action into the audit log, in the transaction of the change. */
@Component
class ActionAudit {

    private static final String ENGINE = "system:action-engine";

    private final Audit audit;

    ActionAudit(Audit audit) {
        this.audit = audit;
    }

    /** Somebody asked for an action. */
    void begun(String clientId, Action action) {
        Map<String, Object> after = standing(action);
        after.put("action_type", action.actionType());
        after.put("arguments", action.proposed());
        String breakGlass = action.origin().breakGlass();
        if (breakGlass != null) {
            after.put("break_glass", breakGlass);
        }
        record(clientId, action.requester(), action, action.state().status().wireName(), null, Map.of(), after);
    }

    /** @param detail why, for people */
    void moved(String clientId, Action before, Action after, Change change, @Nullable String detail) {
        Map<String, Object> now = standing(after);
        Preparation preparation = after.preparation();
        switch (after.state()) {
            case ActionState.Prepared prepared
            when preparation != null -> {
                now.put("preparation", preparation.version());
                now.put("arguments", preparation.arguments().arguments());
                now.put("arguments_hash", preparation.hash());
                now.put("effect", preparation.effect().summary());
            }
            case ActionState.Executing executing -> now.put("attempt", executing.attempt());
            case ActionState.Succeeded succeeded -> now.put("result", succeeded.result());
            case ActionState.Failed failed -> now.put("failure_code", failed.code());
            case ActionState other -> {}
        }
        if (after.approvalId() != null) {
            now.put("approval_id", after.approvalId());
        }
        Change.Guardrail guardrail = guardrailOf(change);
        if (guardrail != null) {
            now.put("guardrail", guardrail.rule());
            now.put("guardrails_version", guardrail.version());
        }
        record(clientId, actorOf(change), after, after.state().status().wireName(), detail, standing(before), now);
    }

    /** What stood against it, where a guardrail did. */
    private static Change.@Nullable Guardrail guardrailOf(Change change) {
        return switch (change) {
            case Change.RefusePreparation refused -> refused.by();
            case Change.RefuseEdit refused -> refused.by();
            case Change.BeBarred barred -> barred.by();
            case Change other -> null;
        };
    }

    /** An admin's break-glass set these guardrails aside, and the action begins in spite of them. */
    void setAside(String clientId, Action action, List<String> guardrails) {
        Map<String, Object> after = standing(action);
        after.put("guardrails", guardrails);
        record(
                clientId,
                action.requester(),
                action,
                "guardrails_set_aside",
                action.breakGlass(),
                standing(action),
                after);
    }

    /** The provider takes back that it was done. */
    void failedLate(String clientId, Action action, String text) {
        record(clientId, ENGINE, action, "failed_late", text, standing(action), standing(action));
    }

    /** A grant was not believed; the action stays as it is. */
    void grantRefused(String clientId, Action action, String why) {
        record(clientId, ENGINE, action, "grant_refused", why, standing(action), standing(action));
    }

    /** A person or a rule where one decided; else this service itself. */
    private static String actorOf(Change change) {
        return switch (change) {
            case Change.Approve approval -> approval.approver();
            case Change.Reject rejection -> rejection.by();
            case Change.EditArguments edit -> edit.edit().by();
            case Change.Cancel cancel -> cancel.by();
            case Change.Settle settled -> settled.by();
            case Change other -> ENGINE;
        };
    }

    private static Map<String, Object> standing(Action action) {
        Map<String, Object> standing = new LinkedHashMap<>();
        standing.put("status", action.state().status().wireName());
        standing.put("revision", action.revision());
        if (action.provider() != null) {
            standing.put("provider", action.provider());
        }
        return standing;
    }

    private void record(
            String clientId,
            String actor,
            Action action,
            String verb,
            @Nullable String reason,
            Map<String, Object> before,
            Map<String, Object> after) {
        audit.record(
                clientId,
                new AuditEntry(
                        actor,
                        "action." + verb,
                        "action",
                        action.actionId().toString(),
                        action.ticketId(),
                        reason,
                        before,
                        after));
    }
}
