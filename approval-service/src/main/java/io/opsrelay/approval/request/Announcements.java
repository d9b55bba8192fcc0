package io.opsrelay.approval.request;

import io.opsrelay.approval.grant.GrantSigner;
import io.opsrelay.approval.grant.GrantedAction;
import io.opsrelay.approval.notification.Notice;
import io.opsrelay.approval.notification.Notifications;
import io.opsrelay.approval.request.ApprovalState.Decided;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.security.Role;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Tells the other services and the dashboards what became of a request, in the transaction that changed it. */
@Component
class Announcements {

    private final Outbox outbox;
    private final GrantSigner signer;
    private final Notifications notifications;
    private final ApprovalAudit audit;

    Announcements(Outbox outbox, GrantSigner signer, Notifications notifications, ApprovalAudit audit) {
        this.outbox = outbox;
        this.signer = signer;
        this.notifications = notifications;
        this.audit = audit;
    }

    /** People must decide. */
    void requested(String clientId, Approval approval) {
        audit.requested(clientId, approval);
        feed(clientId, "approval_requested", approval);
        notice(clientId, "approval.requested", approval, approval.asked().roles());
        outbox.publish(
                clientId,
                new ApprovalEvent.ApprovalRequested(
                        approval.approvalId(),
                        approval.actionId(),
                        approval.ticketId(),
                        approval.version(),
                        approval.action().actionType(),
                        approval.rule(),
                        approval.deadlines().expiresAt()));
    }

    /** One more said yes, and more are needed. */
    void voted(String clientId, Approval approval) {
        audit.voted(clientId, approval, approval.state().votes());
        feed(clientId, "approval_voted", approval);
    }

    /** Something about a pending request changed: news for dashboards only. */
    void changed(String clientId, String frame, Approval approval) {
        feed(clientId, frame, approval);
    }

    /** More may decide. */
    void escalated(String clientId, Approval before, Approval after) {
        audit.escalated(clientId, before, after);
        notice(clientId, "approval.escalated", after, after.deadlines().escalateTo());
    }

    /** The customer has written, and those who said yes must look again. */
    void ticketChanged(String clientId, Approval before) {
        audit.ticketChanged(clientId, before);
    }

    /** Tells those outside. */
    void notice(String clientId, String type, Approval approval, Set<Role> audience) {
        notifications.tell(
                clientId, new Notice(type, approval.approvalId(), approval.ticketId(), facts(approval), audience));
    }

    /** Tells those outside what became of a request of which they were told. */
    void noticeOfEnd(String clientId, Approval approval) {
        if (approval.asked().ofPeople()) {
            String type =
                    switch (approval.state()) {
                        case ApprovalState.Expired expired -> "approval.expired";
                        case ApprovalState.Withdrawn withdrawn -> "approval.withdrawn";
                        case Decided decided -> "approval.decided";
                        case ApprovalState.Pending pending ->
                            throw new IllegalStateException("it has not come to its end");
                    };
            notice(clientId, type, approval, approval.asked().roles());
        }
    }

    /** The executor is to leave the action alone: this service withdrew the request, and not since the action ended. */
    void calledOff(String clientId, Approval approval, String reason) {
        outbox.publish(
                clientId,
                new ApprovalEvent.ApprovalWithdrawn(
                        approval.approvalId(), approval.actionId(), approval.ticketId(), reason));
    }

    /** It is settled, one way or another. Who withdraws it tells the executor besides ({@link #calledOff}), where that is news. */
    void settled(String clientId, Approval approval) {
        audit.settled(clientId, approval);
        feed(
                clientId,
                switch (approval.state()) {
                    case ApprovalState.Expired expired -> "approval_expired";
                    case ApprovalState.Withdrawn withdrawn -> "approval_withdrawn";
                    case Decided decided -> "approval_decided";
                    case ApprovalState.Pending pending -> throw new IllegalStateException("it is not settled");
                },
                approval);
        ApprovalEvent event = eventOf(clientId, approval);
        if (event != null) {
            outbox.publish(clientId, event);
        }
    }

    private @Nullable ApprovalEvent eventOf(String clientId, Approval approval) {
        return switch (approval.state()) {
            case ApprovalState.Approved approved -> granted(clientId, approval, approved);
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

    private ApprovalEvent granted(String clientId, Approval approval, ApprovalState.Approved approved) {
        Decision by = approved.by();
        String grant = signer.sign(new GrantedAction(
                clientId,
                approval.approvalId(),
                approval.actionId(),
                approval.action().actionType(),
                approval.version(),
                approval.action().argumentsHash(),
                approval.action().requester(),
                by.actor(),
                approved.votes().isEmpty()
                        ? List.of(by.actor())
                        : approved.votes().stream().map(Decision::actor).toList()));
        return new ApprovalEvent.ApprovalGranted(
                approval.approvalId(),
                approval.actionId(),
                approval.ticketId(),
                approval.version(),
                approval.action().actionType(),
                approval.action().argumentsHash(),
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
        ActionPrepared action = approval.action();
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("approval_id", approval.approvalId().toString());
        facts.put("action_id", approval.actionId().toString());
        put(facts, "ticket_id", approval.ticketId());
        facts.put("action_type", action.actionType());
        facts.put("preparation", approval.version());
        facts.put("status", ApprovalFilter.nameOf(approval.state().status()));
        facts.put("rule", approval.rule());
        facts.put("effect", action.effect().summary());
        facts.put("requester", action.requester());
        if (action.facts() != null) {
            facts.put("risk", action.facts().risk());
            put(facts, "target", action.facts().target());
            if (action.facts().breakGlass() != null) {
                facts.put("break_glass", true);
            }
        }
        if (approval.asked().ofPeople()) {
            facts.put(
                    "may_decide",
                    approval.asked().roles().stream()
                            .map(Role::wireName)
                            .sorted()
                            .toList());
            facts.put("votes", approval.state().votes().size());
            facts.put("votes_needed", approval.asked().needed());
        }
        if (approval.claim() != null) {
            facts.put("claimed_by", approval.claim().by());
        }
        if (approval.state() instanceof Decided decided) {
            facts.put("decided_by", decided.by().actor());
        }
        facts.put("created_at", approval.createdAt().toString());
        facts.put("expires_at", approval.deadlines().expiresAt().toString());
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, @Nullable Object value) {
        if (value != null) {
            facts.put(name, value.toString());
        }
    }
}
