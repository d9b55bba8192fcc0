package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Pending;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.TicketBrief;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A decision about one preparation of an action, asked for or already made by policy.
 *
 * @param action the preparation: exactly what would be executed
 * @param barred who may not approve it: the requester, and whoever widened it by an edit
 * @param claim who looks at it, as long as it is pending
 * @param ticketChangedAt when the customer last wrote to the ticket while this action waited for people, if ever
 * @param ticket the ticket in short, as it stood when the action was proposed
 * @param revision counts changes from 1
 */
record Approval(
        UUID approvalId,
        ActionPrepared action,
        Set<String> barred,
        Asked asked,
        ApprovalState state,
        Deadlines deadlines,
        @Nullable Claim claim,
        @Nullable Instant ticketChangedAt,
        @Nullable TicketBrief ticket,
        @Nullable UUID supersededBy,
        long revision,
        Instant createdAt) {

    Approval {
        barred = Set.copyOf(barred);
    }

    UUID actionId() {
        return action.actionId();
    }

    @Nullable
    UUID ticketId() {
        return action.ticketId();
    }

    int version() {
        return action.version();
    }

    String rule() {
        return asked.rule();
    }

    boolean isPending() {
        return state instanceof Pending;
    }

    /** Who looks at it now. */
    @Nullable
    Claim claimAt(Instant now) {
        return claim != null && isPending() && claim.holds(now) ? claim : null;
    }

    /** The same request, one change later. Whoever had claimed it is done with it once it is settled or they have voted. */
    Approval to(ApprovalState next) {
        boolean othersVote = claim != null
                && next instanceof Pending pending
                && !pending.votes().getLast().actor().equals(claim.by());
        return changed(asked, next, deadlines, othersVote ? claim : null, ticketChangedAt);
    }

    Approval claimedBy(@Nullable Claim next) {
        return changed(asked, state, deadlines, next, ticketChangedAt);
    }

    Approval reminded(Instant now) {
        return changed(asked, state, deadlines.reminded(now), claim, ticketChangedAt);
    }

    Approval escalated(Instant now) {
        return changed(asked.alsoOf(deadlines.escalateTo()), state, deadlines.escalated(now), claim, ticketChangedAt);
    }

    /** Who said yes did so before they could know what the customer has written now. */
    Approval ticketChanged(Instant now) {
        return changed(
                asked,
                new Pending(deadlines.expiresAt(), Math.max(1, asked.needed()), List.of()),
                deadlines,
                claim,
                now);
    }

    private Approval changed(
            Asked whom, ApprovalState next, Deadlines until, @Nullable Claim by, @Nullable Instant ticketChanged) {
        return new Approval(
                approvalId,
                action,
                barred,
                whom,
                next,
                until,
                by,
                ticketChanged,
                ticket,
                supersededBy,
                revision + 1,
                createdAt);
    }
}
