package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Writes what is asked and what is decided into the audit log, in the transaction of the change. */
@Component
class ApprovalAudit {

    private static final String SERVICE = "system:approval-service";

    private final Audit audit;

    ApprovalAudit(Audit audit) {
        this.audit = audit;
    }

    /** Policy asks a person. */
    void requested(String clientId, Approval approval) {
        String why = approval.asked().inWords();
        record(
                clientId,
                "policy:" + approval.rule(),
                approval,
                "requested",
                why.isEmpty() ? null : why,
                Map.of(),
                asked(approval));
    }

    /** One more said yes, and more are needed. */
    void voted(String clientId, Approval approval, List<Decision> votes) {
        Decision vote = votes.getLast();
        record(
                clientId,
                vote.actor(),
                approval,
                "voted",
                vote.reason(),
                Map.of("votes", votes.size() - 1),
                Map.of("votes", votes.size(), "needed", approval.asked().needed()));
    }

    /** Nobody decided for long: more may. */
    void escalated(String clientId, Approval before, Approval after) {
        record(
                clientId,
                SERVICE,
                after,
                "escalated",
                "nobody had decided by " + before.deadlines().escalateAt(),
                Map.of("may_decide", roles(before)),
                Map.of("may_decide", roles(after)));
    }

    /** The customer wrote to the ticket: those who had said yes are asked again. */
    void ticketChanged(String clientId, Approval before) {
        record(
                clientId,
                SERVICE,
                before,
                "ticket_changed",
                "the customer has written to the ticket",
                Map.of("votes", before.state().votes().size()),
                Map.of("votes", 0));
    }

    private static List<String> roles(Approval approval) {
        return approval.asked().roles().stream().map(Role::wireName).sorted().toList();
    }

    /** It is settled; where policy decided at once, nothing was before. */
    void settled(String clientId, Approval approval) {
        boolean atOnce = approval.revision() == 1;
        Map<String, Object> after = atOnce ? asked(approval) : new LinkedHashMap<>();
        after.put("status", status(approval));
        String verb = status(approval);
        String actor = SERVICE;
        String reason = null;
        switch (approval.state()) {
            case Decided decided -> {
                actor = decided.by().actor();
                // Policy's own words where it decided alone.
                String words = approval.asked().inWords();
                reason = atOnce && decided.by().reason() == null && !words.isEmpty()
                        ? words
                        : decided.by().reason();
                if (decided instanceof ApprovalState.Edited edited) {
                    verb = "edited";
                    after.put("arguments", edited.arguments());
                }
            }
            case ApprovalState.Withdrawn withdrawn -> reason = withdrawn.reason();
            case ApprovalState.Expired expired ->
                reason = "nobody decided by " + approval.deadlines().expiresAt();
            case ApprovalState other -> {}
        }
        record(clientId, actor, approval, verb, reason, atOnce ? Map.of() : Map.of("status", "pending"), after);
    }

    private static Map<String, Object> asked(Approval approval) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("status", status(approval));
        asked.put("action_id", approval.actionId());
        asked.put("action_type", approval.action().actionType());
        asked.put("preparation", approval.version());
        asked.put("arguments", approval.action().arguments());
        asked.put("arguments_hash", approval.action().argumentsHash());
        asked.put("effect", approval.action().effect().summary());
        asked.put("requester", approval.action().requester());
        ActionFacts facts = approval.action().facts();
        if (facts != null && facts.breakGlass() != null) {
            asked.put("break_glass", facts.breakGlass());
        }
        return asked;
    }

    private static String status(Approval approval) {
        return approval.state().status().name().toLowerCase(Locale.ROOT);
    }

    private void record(
            String clientId,
            String actor,
            Approval approval,
            String verb,
            @Nullable String reason,
            Map<String, Object> before,
            Map<String, Object> after) {
        Map<String, Object> decidedUnder = new LinkedHashMap<>(after);
        decidedUnder.put("rule", approval.rule());
        decidedUnder.put("policy_version", approval.asked().policyVersion());
        audit.record(
                clientId,
                new AuditEntry(
                        actor,
                        "approval." + verb,
                        "approval",
                        approval.approvalId().toString(),
                        approval.ticketId(),
                        reason,
                        before,
                        decidedUnder));
    }
}
