package io.opsrelay.approval.request;

import io.opsrelay.approval.edit.Edits;
import io.opsrelay.approval.policy.Policies;
import io.opsrelay.approval.policy.Ruling;
import io.opsrelay.approval.request.ApprovalState.Decision;
import io.opsrelay.approval.request.ApprovalState.Pending;
import io.opsrelay.approval.request.Proposals.Proposal;
import io.opsrelay.approval.rule.Subject;
import io.opsrelay.approval.rule.Verdict;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.messaging.Ids;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What events and time do to approval requests: they open, lapse and are withdrawn. */
@Component
class Approvals {

    /** What is done for the customer alone, and for nobody who only writes to their ticket. */
    private static final Set<String> FOR_THE_CUSTOMER = Set.of("financial", "account");

    private static final String STRANGER = "somebody who is not proven to be the customer has written to the ticket";

    private final ClientTransactions transactions;
    private final Policies policies;
    private final ApprovalStore store;
    private final Proposals proposals;
    private final ApprovalLog log;
    private final ApprovalProperties properties;
    private final Ids ids;
    private final Clock clock;

    Approvals(
            ClientTransactions transactions,
            Policies policies,
            ApprovalStore store,
            Proposals proposals,
            ApprovalLog log,
            ApprovalProperties properties,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.policies = policies;
        this.store = store;
        this.proposals = proposals;
        this.log = log;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    /** Reads at once what the events will want to know. */
    void foresee(List<Event> events) {
        Set<UUID> prepared = new HashSet<>();
        Set<UUID> changing = new HashSet<>();
        Set<UUID> told = new HashSet<>();
        for (Event event : events) {
            switch (event) {
                case ActionPrepared action -> {
                    changing.add(action.actionId());
                    prepared.add(action.actionId());
                }
                case ActionFailed action -> changing.add(action.actionId());
                case ActionCancelled action -> changing.add(action.actionId());
                case ActionSucceeded action -> told.add(action.actionId());
                case ActionOutcomeUnknown action -> told.add(action.actionId());
                default -> {}
            }
        }
        told.removeAll(changing);
        store.foresee(changing, told);
        proposals.foresee(prepared);
    }

    /** A preparation of an action: policy speaks, and asks people where it must. */
    void open(String clientId, ActionPrepared action) {
        Optional<Approval> before = store.lockNewest(action.actionId());
        if (before.isPresent() && before.get().version() >= action.version()) {
            return; // known already
        }
        Instant now = now();
        Subject subject = Subject.of(action, now);
        Ruling ruling = policies.rulingOn(clientId, subject);
        Proposal proposal = subject.fromPerson() ? Proposal.NONE : proposals.of(action.actionId());
        Verdict.Terms terms =
                ruling.verdict() instanceof Verdict.RequirePeople people ? people.terms() : Verdict.Terms.usual();
        Deadlines deadlines = Deadlines.of(terms, properties.lifetime(), now);
        Approval approval = new Approval(
                ids.next(),
                action,
                barred(action, before.orElse(null)),
                asked(ruling),
                stateOf(ruling.verdict(), overtaken(action, proposal), deadlines, now),
                deadlines,
                null,
                before.map(Approval::ticketChangedAt).orElse(null),
                proposal.ticket(),
                null,
                1,
                now);
        before.ifPresent(older -> supersede(clientId, older, approval.approvalId()));
        log.opened(clientId, approval);
    }

    private static @Nullable String overtaken(ActionPrepared action, Proposal proposal) {
        return proposal.overtaken() == null && proposal.doubted() && isForTheCustomer(action)
                ? STRANGER
                : proposal.overtaken();
    }

    /** What is known of nothing is taken for the worst. */
    private static boolean isForTheCustomer(ActionPrepared action) {
        ActionFacts facts = action.facts();
        return facts == null || FOR_THE_CUSTOMER.contains(facts.category());
    }

    private void supersede(String clientId, Approval older, UUID successor) {
        apply(clientId, older, new Command.Withdraw("the action was prepared anew", now()));
        store.setSuccessor(older.approvalId(), successor);
    }

    private static Asked asked(Ruling ruling) {
        Verdict verdict = ruling.verdict();
        return verdict instanceof Verdict.RequirePeople people
                ? new Asked(ruling.policyVersion(), people.rule(), ruling.inWords(), people.roles(), people.count())
                : new Asked(ruling.policyVersion(), verdict.rule(), ruling.inWords(), Set.<Role>of(), 0);
    }

    /** What is forbidden stays forbidden; whatever else the ticket has gone on without is not asked about any more. */
    private static ApprovalState stateOf(
            Verdict verdict, @Nullable String overtaken, Deadlines deadlines, Instant now) {
        if (verdict instanceof Verdict.Deny deny) {
            return new ApprovalState.Rejected(new Decision(deny.asActor(), deny.reason(), now), List.of());
        }
        if (overtaken != null) {
            return new ApprovalState.Withdrawn(overtaken, now, List.of());
        }
        return switch (verdict) {
            case Verdict.RequirePeople people -> new Pending(deadlines.expiresAt(), people.count(), List.of());
            case Verdict.Allow allow -> new ApprovalState.Approved(new Decision(allow.asActor(), null, now), List.of());
            case Verdict.Deny deny -> throw new IllegalStateException("answered above");
        };
    }

    /** An editor counts as a requester unless the edit only narrowed what was asked. */
    private static Set<String> barred(ActionPrepared action, @Nullable Approval before) {
        Set<String> barred = new HashSet<>();
        barred.add(action.requester());
        if (before != null) {
            barred.addAll(before.barred());
        }
        String editor = action.editor();
        boolean unchanged = before != null && before.action().arguments().equals(action.arguments());
        if (editor != null && !unchanged && (before == null || !Edits.narrows(before.action(), action))) {
            barred.add(editor);
        }
        return barred;
    }

    /** The action is over, by whatever it was: nothing is left to decide. */
    void withdraw(String clientId, UUID actionId, String reason) {
        store.lockNewest(actionId)
                .ifPresent(approval -> apply(clientId, approval, new Command.Withdraw(reason, now())));
    }

    /** Another run takes the ticket up: what earlier ones asked for was about a ticket that has changed since. */
    void overtake(String clientId, RunStarted run) {
        String reason = "the ticket was taken up anew";
        callOff(clientId, proposals.overtakenBy(run.runId(), run.ticketId(), reason), reason);
    }

    /** The run ended without waiting for what it had asked for. */
    void leave(String clientId, RunCompleted run) {
        String reason = "the agent's work on the ticket ended without it";
        callOff(clientId, proposals.leftBy(run.runId(), run.ticketId(), reason), reason);
    }

    /**
     * Somebody wrote to the ticket. If that may not have been its customer, nobody gets money or an account for it any
     * more; else those who decide are to know, and who has said yes without knowing is asked again.
     */
    void hear(String clientId, CustomerReplied reply) {
        if (!reply.verified()) {
            proposals.doubt(reply.ticketId());
        }
        store.lockPending(reply.ticketId()).forEach(approval -> {
            if (!reply.verified() && isForTheCustomer(approval.action())) {
                callOff(clientId, approval, STRANGER);
            } else {
                log.ticketChanged(clientId, approval, now());
            }
        });
    }

    /** Has the running transaction write what it has not yet and read anew what it read, for who changes the tables. */
    void letGo() {
        store.letGo();
        proposals.letGo();
    }

    /** The ticket's customer is erased: nobody can judge any more what is asked for. */
    void forget(String clientId, CustomerErased erased) {
        String reason = "the customer was erased";
        proposals.givenUp(erased.ticketId(), reason);
        store.lockPending(erased.ticketId()).forEach(approval -> callOff(clientId, approval, reason));
    }

    private void callOff(String clientId, List<UUID> actions, String reason) {
        actions.forEach(action -> store.lockNewest(action).ifPresent(approval -> callOff(clientId, approval, reason)));
    }

    private void callOff(String clientId, Approval approval, String reason) {
        if (apply(clientId, approval, new Command.Withdraw(reason, now()))) {
            log.calledOff(clientId, approval, reason);
        }
    }

    /** Whether that could be done. */
    private boolean apply(String clientId, Approval approval, Command command) {
        if (Lifecycle.apply(approval.state(), command) instanceof Lifecycle.Outcome.Moved moved) {
            log.moved(clientId, approval, moved.to());
            return true;
        }
        return false;
    }

    /**
     * Time has come for a request: to lapse, to ask others as well, to remind. Harmless when it was decided meanwhile.
     *
     * @return when to wake it next; empty if never
     */
    Optional<Instant> wake(String clientId, UUID approvalId) {
        return transactions.call(clientId, () -> store.lock(approvalId)
                .filter(Approval::isPending)
                .flatMap(approval -> wake(clientId, approval, now())));
    }

    private Optional<Instant> wake(String clientId, Approval approval, Instant now) {
        if (apply(clientId, approval, new Command.Expire(now))) {
            return Optional.empty();
        }
        Approval awake = approval;
        if (awake.deadlines().escalationIsDue(now)) {
            awake = log.escalated(clientId, awake, now);
        }
        if (awake.deadlines().remindIsDue(now)) {
            awake = log.reminded(clientId, awake, now);
        }
        return Optional.of(awake.deadlines().next());
    }

    /** PostgreSQL keeps microseconds; what is answered now must be what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
