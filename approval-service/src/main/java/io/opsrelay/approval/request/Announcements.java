package io.opsrelay.approval.request;

import io.opsrelay.approval.grant.GrantSigner;
import io.opsrelay.approval.grant.GrantedAction;
import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.messaging.Outbox;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells the other services and the dashboards what became of a request, in the transaction that changed it. */
@Component
class Announcements {

    private final Outbox outbox;
    private final GrantSigner signer;

    Announcements(Outbox outbox, GrantSigner signer) {
        this.outbox = outbox;
        this.signer = signer;
    }

    /** A person must decide. */
    void requested(String clientId, Approval approval) {
        feed(clientId, "approval_requested", approval);
        outbox.publish(
                clientId,
                new ApprovalEvent.ApprovalRequested(
                        approval.approvalId(),
                        approval.actionId(),
                        approval.ticketId(),
                        approval.version(),
                        approval.actionType(),
                        approval.rule(),
                        approval.expiresAt()));
    }

    /** It is settled, one way or another. A withdrawn request is news for dashboards only. */
    void settled(String clientId, Approval approval) {
        feed(
                clientId,
                approval.state() instanceof ApprovalState.Expired ? "approval_expired" : "approval_decided",
                approval);
        ApprovalEvent event = eventOf(clientId, approval);
        if (event != null) {
            outbox.publish(clientId, event);
        }
    }

    private @Nullable ApprovalEvent eventOf(String clientId, Approval approval) {
        return switch (approval.state()) {
            case ApprovalState.Approved approved -> granted(clientId, approval, approved.by());
            case ApprovalState.Rejected rejected ->
                new ApprovalEvent.ApprovalRejected(
                        approval.approvalId(),
                        approval.actionId(),
                        approval.ticketId(),
                        rejected.by().actor(),
                        reason(rejected));
            case ApprovalState.Responded responded ->
                new ApprovalEvent.ApprovalResponded(
                        approval.approvalId(),
                        approval.actionId(),
                        approval.ticketId(),
                        responded.by().actor(),
                        reason(responded));
            case ApprovalState.Edited edited ->
                new ApprovalEvent.ApprovalEdited(
                        approval.approvalId(),
                        approval.actionId(),
                        approval.ticketId(),
                        approval.version(),
                        edited.arguments(),
                        edited.by().actor(),
                        reason(edited));
            case ApprovalState.Expired expired ->
                new ApprovalEvent.ApprovalExpired(approval.approvalId(), approval.actionId(), approval.ticketId());
            case ApprovalState.Withdrawn withdrawn -> null;
            case ApprovalState.Pending pending -> null;
        };
    }

    private ApprovalEvent granted(String clientId, Approval approval, Decision by) {
        String grant = signer.sign(new GrantedAction(
                clientId,
                approval.approvalId(),
                approval.actionId(),
                approval.actionType(),
                approval.version(),
                approval.argumentsHash(),
                approval.requester(),
                by.actor()));
        return new ApprovalEvent.ApprovalGranted(
                approval.approvalId(),
                approval.actionId(),
                approval.ticketId(),
                approval.version(),
                approval.actionType(),
                approval.argumentsHash(),
                by.actor(),
                by.reason(),
                grant);
    }

    private static String reason(Decided decided) {
        String reason = decided.by().reason();
        if (reason == null) {
            throw new IllegalStateException("only an approval may go without a reason");
        }
        return reason;
    }

    private void feed(String clientId, String type, Approval approval) {
        outbox.feed(
                clientId,
                new FeedRecord(
                        Channels.APPROVALS,
                        type,
                        approval.approvalId().toString(),
                        approval.revision(),
                        facts(approval)));
    }

    /** What a list row shows. Arguments and reasons may quote the customer and stay out. */
    private static Map<String, Object> facts(Approval approval) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("approval_id", approval.approvalId().toString());
        facts.put("action_id", approval.actionId().toString());
        if (approval.ticketId() != null) {
            facts.put("ticket_id", approval.ticketId().toString());
        }
        facts.put("action_type", approval.actionType());
        facts.put("preparation", approval.version());
        facts.put("status", approval.state().status().name().toLowerCase(Locale.ROOT));
        facts.put("rule", approval.rule());
        facts.put("effect", approval.effect().summary());
        if (approval.state() instanceof Decided decided) {
            facts.put("decided_by", decided.by().actor());
        }
        facts.put("created_at", approval.createdAt().toString());
        facts.put("expires_at", approval.expiresAt().toString());
        return facts;
    }
}
