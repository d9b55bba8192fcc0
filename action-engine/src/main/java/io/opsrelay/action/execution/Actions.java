package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.execution.ActionState.AwaitingApproval;
import io.opsrelay.action.execution.ActionState.Edit;
import io.opsrelay.action.execution.ActionState.Prepared;
import io.opsrelay.action.grant.ExpectedGrant;
import io.opsrelay.action.grant.GrantVerdict;
import io.opsrelay.action.grant.GrantVerifier;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalWithdrawn;
import io.opsrelay.contracts.Event;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.job.Jobs;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What other services' events do to actions. Each method runs in the transaction that applies its event. */
@Component
class Actions {

    private static final String AGENT = "ai:";

    private final ActionStore store;
    private final ActionLog log;
    private final GrantVerifier grants;
    private final Catalogue catalogue;
    private final Jobs jobs;

    Actions(ActionStore store, ActionLog log, GrantVerifier grants, Catalogue catalogue, Jobs jobs) {
        this.store = store;
        this.log = log;
        this.grants = grants;
        this.catalogue = catalogue;
        this.jobs = jobs;
    }

    /** Locks at once what the events of one transaction are about. */
    void foresee(List<Event> events) {
        List<UUID> actionIds = events.stream()
                .filter(ApprovalEvent.class::isInstance)
                .map(event -> ((ApprovalEvent) event).actionId())
                .toList();
        if (actionIds.size() > 1) {
            store.lock(actionIds);
        }
    }

    /** Writes what the running transaction has changed so far, for who goes by the tables. */
    void flush() {
        store.flush();
    }

    /**
     * @throws PoisonException if it claims to come from a person: those come through the door, where their token is
     *     checked, and policy trusts that
     */
    void propose(String clientId, ActionProposed proposed) {
        if (!proposed.requester().startsWith(AGENT)) {
            throw new PoisonException("requester must be ai:<persona>: people ask for actions by HTTP only");
        }
        Action action = Action.requested(
                proposed.actionId(),
                proposed.ticketId(),
                proposed.actionType(),
                proposed.requester(),
                proposed.customer(),
                proposed.arguments(),
                new Action.Origin(proposed.confidence(), null, null, null),
                log.now());
        if (log.begin(clientId, action, null)) {
            prepare(clientId, action.actionId());
        }
    }

    void await(String clientId, ApprovalRequested asked) {
        Action action = store.lock(asked.actionId()).orElse(null);
        if (action != null && isAbout(action, asked.version())) {
            log.move(
                    clientId,
                    action,
                    new Change.AskApproval(asked.approvalId()),
                    "a person must decide (" + asked.rule() + ")");
        }
    }

    void edit(String clientId, ApprovalEdited edited) {
        Action action = store.lock(edited.actionId()).orElse(null);
        if (action != null
                && isAbout(action, edited.version())
                && log.move(
                                clientId,
                                action,
                                new Change.EditArguments(
                                        edited.approvalId(), new Edit(edited.arguments(), edited.by())),
                                "edited by " + edited.by())
                        != null) {
            prepare(clientId, action.actionId());
        }
    }

    private static boolean isAbout(Action action, int version) {
        return action.preparation() != null && action.preparation().version() == version;
    }

    void reject(String clientId, ApprovalRejected rejected) {
        end(
                clientId,
                rejected.actionId(),
                new Change.Reject(rejected.approvalId(), rejected.by(), rejected.reason()),
                "rejected by " + rejected.by() + ": " + rejected.reason());
    }

    /** The agent is answered instead: the action itself is off. */
    void respond(String clientId, ApprovalResponded responded) {
        end(
                clientId,
                responded.actionId(),
                new Change.Reject(responded.approvalId(), responded.by(), responded.response()),
                responded.by() + " answered the agent instead: " + responded.response());
    }

    void expire(String clientId, ApprovalExpired expired) {
        end(clientId, expired.actionId(), new Change.Expire(expired.approvalId()), "nobody decided in time");
    }

    /** The ticket went on without it. */
    void withdraw(String clientId, ApprovalWithdrawn withdrawn) {
        end(
                clientId,
                withdrawn.actionId(),
                new Change.Withdraw(withdrawn.approvalId(), withdrawn.reason()),
                "called off: " + withdrawn.reason());
    }

    private void end(String clientId, UUID actionId, Change change, @Nullable String detail) {
        store.lock(actionId).ifPresent(action -> log.move(clientId, action, change, detail));
    }

    /**
     * A grant is believed by its signature and by what it binds, and by nothing that the event around it says. One that
     * is not believed changes nothing: whoever can write to the broker could else end what a person approves.
     */
    void grant(String clientId, ApprovalGranted granted) {
        Action action = store.lock(granted.actionId()).orElse(null);
        if (action == null) {
            return;
        }
        UUID approvalId =
                switch (action.state()) {
                    case AwaitingApproval awaiting -> awaiting.approvalId();
                    case Prepared prepared -> granted.approvalId();
                    case ActionState other -> null;
                };
        if (approvalId == null) {
            if (!granted.approvalId().equals(action.approvalId())) {
                log.refuseGrant(clientId, action, "the action does not wait for one");
            }
            return; // else delivered twice
        }
        ExpectedGrant expected = new ExpectedGrant(
                clientId,
                action.actionId(),
                approvalId,
                action.actionType(),
                action.prepared().version(),
                action.prepared().arguments().hash(),
                action.requester());
        switch (grants.verify(granted.grant(), expected)) {
            case GrantVerdict.Valid valid -> approve(clientId, action, approvalId, valid);
            case GrantVerdict.Lapsed lapsed ->
                log.move(clientId, action, new Change.MissApproval(approvalId), "the grant came too late");
            case GrantVerdict.Refused refused -> log.refuseGrant(clientId, action, refused.why());
        }
    }

    private void approve(String clientId, Action action, UUID approvalId, GrantVerdict.Valid grant) {
        String approver = grant.approver();
        if (log.move(
                        clientId,
                        action,
                        new Change.Approve(approvalId, approver, grant.until()),
                        "approved by " + approver)
                != null) {
            boolean lasts = catalogue
                    .find(clientId, action.actionType())
                    .filter(kind -> kind.traits().category().equals("operations"))
                    .isPresent();
            jobs.add(
                    lasts ? ActionJob.LONG_QUEUE : ActionJob.QUEUE,
                    clientId,
                    action.actionId().toString(),
                    ActionJob.EXECUTE.kind(),
                    action.actionId());
        }
    }

    private void prepare(String clientId, UUID actionId) {
        jobs.add(ActionJob.QUEUE, clientId, actionId.toString(), ActionJob.PREPARE.kind(), actionId);
    }
}
