package io.opsrelay.approval.request;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.approval.policy.Policy;
import io.opsrelay.approval.policy.Verdict;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Pending;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Opens, decides and settles approval requests. */
@Component
class Approvals {

    private final ClientTransactions transactions;
    private final ApprovalStore store;
    private final Announcements announcements;
    private final ExpiryTimer timer;
    private final ApprovalProperties properties;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;

    Approvals(
            ClientTransactions transactions,
            ApprovalStore store,
            Announcements announcements,
            ExpiryTimer timer,
            ApprovalProperties properties,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.announcements = announcements;
        this.timer = timer;
        this.properties = properties;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    /** A preparation of an action: policy speaks, and asks a person where it must. */
    void open(String clientId, ActionPrepared action) {
        Optional<Approval> before = store.lockNewest(action.actionId());
        if (before.isPresent() && before.get().version() >= action.version()) {
            return; // known already
        }
        Verdict verdict = Policy.verdictOn(action);
        Approval approval = approvalOf(action, verdict, before.orElse(null));
        store.insert(clientId, approval);
        before.ifPresent(older -> supersede(clientId, older, approval.approvalId()));
        if (approval.state() instanceof Pending) {
            ApprovalMetric.REQUESTED.count(meters, "rule", approval.rule());
            timer.set(clientId, approval.approvalId(), approval.expiresAt());
            announcements.requested(clientId, approval);
        } else {
            settled(clientId, approval);
        }
    }

    private Approval approvalOf(ActionPrepared action, Verdict verdict, @Nullable Approval before) {
        Instant now = now();
        Instant expiresAt = now.plus(properties.lifetime());
        ApprovalState state =
                switch (verdict) {
                    case Verdict.RequirePerson person -> new Pending(expiresAt);
                    case Verdict.Allow allow -> new ApprovalState.Approved(new Decision(allow.asActor(), null, now));
                    case Verdict.Deny deny ->
                        new ApprovalState.Rejected(new Decision(deny.asActor(), deny.reason(), now));
                };
        return new Approval(
                ids.next(),
                action.actionId(),
                action.ticketId(),
                action.version(),
                action.actionType(),
                action.arguments(),
                action.argumentsHash(),
                action.effect(),
                action.requester(),
                action.editor(),
                barred(action, before),
                verdict.rule(),
                verdict instanceof Verdict.RequirePerson person ? person.roles() : Set.<Role>of(),
                state,
                null,
                1,
                now,
                expiresAt);
    }

    /** An editor counts as a requester unless the edit only narrowed what was asked. */
    private static Set<String> barred(ActionPrepared action, @Nullable Approval before) {
        Set<String> barred = new HashSet<>();
        barred.add(action.requester());
        if (before != null) {
            barred.addAll(before.barred());
        }
        String editor = action.editor();
        if (editor != null && (before == null || !RefundEdit.narrows(before.arguments(), action.arguments()))) {
            barred.add(editor);
        }
        return barred;
    }

    private void supersede(String clientId, Approval older, UUID successor) {
        apply(clientId, older, new Command.Withdraw("the action was prepared anew", now()));
        store.setSuccessor(older.approvalId(), successor);
    }

    /** The action died: nothing is left to decide. */
    void withdraw(String clientId, ActionFailed action) {
        store.lockNewest(action.actionId())
                .ifPresent(approval -> apply(
                        clientId, approval, new Command.Withdraw("the action failed: " + action.reason(), now())));
    }

    /** Time is up for a request. Harmless when it was decided meanwhile. */
    void expire(String clientId, UUID approvalId) {
        transactions.run(clientId, () -> store.lock(approvalId)
                .ifPresent(approval -> apply(clientId, approval, new Command.Expire(now()))));
    }

    /**
     * A person decides.
     *
     * @return the request as it stands now
     * @throws ProblemException 404, 403, 422, 412 or 409, with the reason
     */
    Approval decide(Caller caller, UUID approvalId, DecisionRequest request, EntityTags ifMatch) {
        Command.Decide command = request.by(caller.asActor(), now());
        return transactions.call(caller.clientId(), () -> {
            Approval approval =
                    store.lock(approvalId).orElseThrow(() -> ProblemException.notFound("approval", approvalId));
            checkCaller(caller, approval, command);
            return switch (Lifecycle.apply(approval.state(), command)) {
                case Lifecycle.Outcome.Repeated repeated -> approval;
                case Lifecycle.Outcome ignored
                when !ifMatch.match(approval.revision()) ->
                    throw refused("stale", ProblemException.stale("the request was changed since you read it"));
                case Lifecycle.Outcome.Refused refusal ->
                    throw refused("settled", ProblemException.conflict(refusal.reason()));
                case Lifecycle.Outcome.Moved moved -> {
                    checkForm(approval, command);
                    yield move(caller.clientId(), approval, moved.to());
                }
            };
        });
    }

    private void checkCaller(Caller caller, Approval approval, Command.Decide command) {
        if (!Verdict.mayDecide(caller, approval.roles())) {
            throw refused(
                    "role",
                    ProblemException.forbidden("the rule " + approval.rule() + " wants this decided by "
                            + Verdict.inWords(approval.roles())));
        }
        if (command instanceof Command.Approve && approval.barred().contains(caller.asActor())) {
            throw refused("own", ProblemException.forbidden("nobody approves what they asked for themselves"));
        }
    }

    private static void checkForm(Approval approval, Command.Decide command) {
        if (command instanceof Command.Edit edit) {
            if (!approval.actionType().equals("refund")) {
                throw ProblemException.unprocessable(
                        "decision", approval.actionType().replace('_', ' ') + " actions cannot be edited");
            }
            RefundEdit.check(approval.arguments(), edit.arguments());
        }
    }

    private ProblemException refused(String why, ProblemException problem) {
        ApprovalMetric.REFUSED.count(meters, "why", why);
        return problem;
    }

    private void apply(String clientId, Approval approval, Command command) {
        if (Lifecycle.apply(approval.state(), command) instanceof Lifecycle.Outcome.Moved moved) {
            move(clientId, approval, moved.to());
        }
    }

    private Approval move(String clientId, Approval approval, ApprovalState to) {
        Approval moved = approval.to(to);
        store.update(moved);
        settled(clientId, moved);
        return moved;
    }

    private void settled(String clientId, Approval approval) {
        ApprovalMetric.SETTLED.count(
                meters, "status", approval.state().status().name().toLowerCase(Locale.ROOT));
        announcements.settled(clientId, approval);
    }

    /** PostgreSQL keeps microseconds; what is answered now must be what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
