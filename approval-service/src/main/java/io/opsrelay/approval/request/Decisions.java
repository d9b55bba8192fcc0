package io.opsrelay.approval.request;

import io.opsrelay.approval.edit.Edits;
import io.opsrelay.approval.rule.Verdict;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.function.BiFunction;
import org.springframework.stereotype.Component;

/** What people do to approval requests. */
@Component
class Decisions {

    private final ClientTransactions transactions;
    private final ApprovalStore store;
    private final ApprovalLog log;
    private final ApprovalProperties properties;
    private final Clock clock;

    Decisions(
            ClientTransactions transactions,
            ApprovalStore store,
            ApprovalLog log,
            ApprovalProperties properties,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * A person decides.
     *
     * @return the request as it stands now
     * @throws ProblemException 404, 403, 422, 412 or 409, with the reason
     */
    Approval decide(Caller caller, UUID approvalId, DecisionRequest request, EntityTags ifMatch) {
        Command.Decide command = request.by(caller.asActor(), now());
        return locked(caller, approvalId, (approval, now) -> {
            checkCaller(caller, approval, command);
            return switch (Lifecycle.apply(approval.state(), command)) {
                case Lifecycle.Outcome.Repeated repeated -> approval;
                case Lifecycle.Outcome ignored when !ifMatch.match(approval.revision()) -> throw stale();
                case Lifecycle.Outcome.Refused refusal ->
                    throw refused("settled", ProblemException.conflict(refusal.reason()));
                case Lifecycle.Outcome.Moved moved -> {
                    if (command instanceof Command.Edit edit) {
                        Edits.check(approval.action(), edit.arguments());
                    }
                    yield log.moved(caller.clientId(), approval, moved.to());
                }
            };
        });
    }

    /**
     * Somebody looks at it. A claim of one's own is held longer by claiming again.
     *
     * @param force takes it from whoever holds it
     * @throws ProblemException 404, 403, 412, or 409 with who holds it
     */
    Approval claim(Caller caller, UUID approvalId, boolean force, EntityTags ifMatch) {
        return locked(caller, approvalId, (approval, now) -> {
            checkFresh(approval, ifMatch);
            checkOpen(approval, now);
            Claim held = approval.claimAt(now);
            if (held != null && !held.by().equals(caller.asActor()) && !force) {
                throw refused(
                        "held",
                        ProblemException.conflict(held.by() + " has claimed it until " + held.until()
                                + "; send {\"force\": true} to take it over"));
            }
            return log.claimed(caller.clientId(), approval, new Claim(caller.asActor(), now.plus(properties.claim())));
        });
    }

    /**
     * Nobody looks at it any more.
     *
     * @throws ProblemException 404, 403, 412, or 409 with who holds it
     */
    Approval release(Caller caller, UUID approvalId, EntityTags ifMatch) {
        return locked(caller, approvalId, (approval, now) -> {
            checkFresh(approval, ifMatch);
            Claim held = approval.claimAt(now);
            if (held == null) {
                return approval;
            }
            if (!held.by().equals(caller.asActor()) && !caller.hasAny(Role.ADMIN)) {
                throw refused(
                        "held",
                        ProblemException.conflict(held.by() + " has claimed it until " + held.until()
                                + "; they or an admin can release it"));
            }
            return log.released(caller.clientId(), approval);
        });
    }

    private Approval locked(Caller caller, UUID approvalId, BiFunction<Approval, Instant, Approval> work) {
        return transactions.call(caller.clientId(), () -> {
            Approval approval =
                    store.lock(approvalId).orElseThrow(() -> ProblemException.notFound("approval", approvalId));
            if (approval.asked().ofPeople()
                    && !Verdict.mayDecide(caller, approval.asked().roles())) {
                throw refused(
                        "role",
                        ProblemException.forbidden("the rule " + approval.rule() + " wants this decided by "
                                + Verdict.inWords(approval.asked().roles())));
            }
            return work.apply(approval, now());
        });
    }

    private void checkCaller(Caller caller, Approval approval, Command.Decide command) {
        if (command instanceof Command.Approve && approval.barred().contains(caller.asActor())) {
            throw refused("own", ProblemException.forbidden("nobody approves what they asked for themselves"));
        }
    }

    private void checkFresh(Approval approval, EntityTags ifMatch) {
        if (!ifMatch.match(approval.revision())) {
            throw stale();
        }
    }

    private ProblemException stale() {
        return refused("stale", ProblemException.stale("the request was changed since you read it; read it again"));
    }

    private void checkOpen(Approval approval, Instant now) {
        if (!approval.isPending() || !now.isBefore(approval.deadlines().expiresAt())) {
            throw refused(
                    "settled",
                    ProblemException.conflict("this request is "
                            + (approval.isPending()
                                    ? "expired"
                                    : ApprovalFilter.nameOf(approval.state().status()))
                            + " already"));
        }
    }

    private ProblemException refused(String why, ProblemException problem) {
        log.refused(why);
        return problem;
    }

    /** PostgreSQL keeps microseconds; what is answered now must be what is read later. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
