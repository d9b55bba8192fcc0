package io.opsrelay.approval.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.security.Role;
import java.time.Instant;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Where every change of a request passes: it is stored, counted and told, in the running transaction. */
@Component
class ApprovalLog {

    private static final Set<Role> WATCHERS = Set.of(Role.ADMIN, Role.SRE);

    private final ApprovalStore store;
    private final Announcements announcements;
    private final DeadlineTimer timer;
    private final MeterRegistry meters;

    ApprovalLog(ApprovalStore store, Announcements announcements, DeadlineTimer timer, MeterRegistry meters) {
        this.store = store;
        this.announcements = announcements;
        this.timer = timer;
        this.meters = meters;
    }

    /** A new one, asked of people or settled by policy. */
    void opened(String clientId, Approval approval) {
        store.insert(clientId, approval);
        if (approval.isPending()) {
            ApprovalMetric.REQUESTED.count(
                    meters, "rule", approval.asked().policyVersion() == 0 ? approval.rule() : "custom");
            timer.set(clientId, approval.approvalId(), approval.deadlines().next());
            announcements.requested(clientId, approval);
            return;
        }
        count(approval);
        announcements.settled(clientId, approval);
        if (isBrokenGlass(approval)) {
            ApprovalMetric.BREAK_GLASS.count(meters, "client", clientId);
            announcements.notice(clientId, "approval.decided", approval, WATCHERS);
        }
        if (approval.state() instanceof ApprovalState.Withdrawn withdrawn) {
            announcements.calledOff(clientId, approval, withdrawn.reason());
        }
    }

    private static boolean isBrokenGlass(Approval approval) {
        ActionFacts facts = approval.action().facts();
        return approval.state() instanceof ApprovalState.Approved && facts != null && facts.breakGlass() != null;
    }

    /** It stands elsewhere now: settled, or with one more who said yes. */
    Approval moved(String clientId, Approval approval, ApprovalState to) {
        Approval moved = approval.to(to);
        store.update(clientId, moved);
        if (moved.isPending()) {
            ApprovalMetric.CHANGED.count(meters, "what", "voted");
            announcements.voted(clientId, moved);
        } else {
            count(moved);
            announcements.settled(clientId, moved);
            announcements.noticeOfEnd(clientId, moved);
        }
        return moved;
    }

    /** The executor is to leave the action alone, and learns it from here. */
    void calledOff(String clientId, Approval approval, String reason) {
        announcements.calledOff(clientId, approval, reason);
    }

    Approval claimed(String clientId, Approval approval, Claim claim) {
        return changed(clientId, "claimed", approval.claimedBy(claim));
    }

    Approval released(String clientId, Approval approval) {
        return changed(clientId, "released", approval.claimedBy(null));
    }

    Approval reminded(String clientId, Approval approval, Instant now) {
        Approval reminded = changed(clientId, "reminded", approval.reminded(now));
        announcements.notice(
                clientId, "approval.reminder", reminded, reminded.asked().roles());
        return reminded;
    }

    Approval escalated(String clientId, Approval approval, Instant now) {
        Approval escalated = changed(clientId, "escalated", approval.escalated(now));
        announcements.escalated(clientId, approval, escalated);
        return escalated;
    }

    /** The customer has written: what was said so far was said without that. */
    Approval ticketChanged(String clientId, Approval approval, Instant now) {
        store.dropVotes(approval.approvalId());
        Approval changed = changed(clientId, "ticket_changed", approval.ticketChanged(now));
        announcements.ticketChanged(clientId, approval);
        return changed;
    }

    private Approval changed(String clientId, String what, Approval changed) {
        store.update(clientId, changed);
        ApprovalMetric.CHANGED.count(meters, "what", what);
        announcements.changed(clientId, "approval_" + what, changed);
        return changed;
    }

    /** Somebody was told no. */
    void refused(String why) {
        ApprovalMetric.REFUSED.count(meters, "why", why);
    }

    private void count(Approval approval) {
        ApprovalMetric.SETTLED.count(
                meters, "status", ApprovalFilter.nameOf(approval.state().status()));
    }
}
