package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.guardrail.Attempt;
import io.opsrelay.action.guardrail.Replicas;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Something to be done to the outside world.
 *
 * @param requester who asked: {@code user:<name>} or {@code ai:<persona>}
 * @param customer whose ticket it is, if it is about one
 * @param proposed the arguments as they stood before any preparation
 * @param preparation what would be executed, once prepared
 * @param approvalId the approval request that decides or decided
 * @param decidedBy who decided
 * @param provider who does it, once prepared
 * @param origin where it comes from
 * @param revision counts changes from 1
 */
record Action(
        UUID actionId,
        @Nullable UUID ticketId,
        String actionType,
        String requester,
        @Nullable Customer customer,
        Map<String, Object> proposed,
        @Nullable Preparation preparation,
        ActionState state,
        @Nullable UUID approvalId,
        @Nullable String decidedBy,
        @Nullable String provider,
        Origin origin,
        long revision,
        Instant createdAt,
        Instant updatedAt) {

    /**
     * Where it comes from.
     *
     * @param confidence how sure the agent was of what the ticket wants, 0 to 1
     * @param breakGlass why an admin sets guardrails aside
     * @param retryOf the action that failed, whose arguments this one tries again
     * @param undoes the action that this one undoes
     */
    record Origin(
            @Nullable Double confidence,
            @Nullable String breakGlass,
            @Nullable UUID retryOf,
            @Nullable UUID undoes) {}

    /**
     * What would be executed.
     *
     * @param version counts preparations from 1
     * @param editor who edited the arguments to this version
     * @param target what is touched, absent where that is nothing in particular
     * @param environment where that runs
     */
    record Preparation(
            int version,
            CanonicalArguments arguments,
            String hash,
            Effect effect,
            @Nullable String editor,
            @Nullable String target,
            @Nullable String environment) {

        /** The same under the next number, to be decided anew. */
        Preparation again() {
            return new Preparation(version + 1, arguments, hash, effect, editor, target, environment);
        }
    }

    /** One that is new. */
    static Action requested(
            UUID actionId,
            @Nullable UUID ticketId,
            String actionType,
            String requester,
            @Nullable Customer customer,
            Map<String, Object> arguments,
            Origin origin,
            Instant now) {
        return new Action(
                actionId,
                ticketId,
                actionType,
                requester,
                customer,
                arguments,
                null,
                new ActionState.Requested(null),
                null,
                null,
                null,
                origin,
                1,
                now,
                now);
    }

    /** One key for all attempts. */
    String idempotencyKey() {
        return "opsrelay-" + actionId;
    }

    /** What would be executed; every state but the first has it. */
    Preparation prepared() {
        if (preparation == null) {
            throw new IllegalStateException("action " + actionId + " was never prepared");
        }
        return preparation;
    }

    /** Why an admin set the guardrails aside: for what the admin asked, and for no edit of it. */
    @Nullable
    String breakGlass() {
        return preparation != null && preparation.editor() != null ? null : origin.breakGlass();
    }

    /** As guardrails see it. */
    Attempt attempt() {
        Preparation made = prepared();
        return new Attempt(
                actionId,
                actionType,
                made.target(),
                made.effect().money(),
                Replicas.of(made.arguments().arguments(), made.effect().details()),
                breakGlass());
    }

    /** The arguments as they stand. */
    Map<String, Object> arguments() {
        return preparation == null ? proposed : preparation.arguments().arguments();
    }

    Action with(Preparation made, String by) {
        return new Action(
                actionId,
                ticketId,
                actionType,
                requester,
                customer,
                proposed,
                made,
                state,
                approvalId,
                decidedBy,
                by,
                origin,
                revision,
                createdAt,
                updatedAt);
    }

    /** The same action, one change later. */
    Action to(ActionState next, Instant at) {
        return new Action(
                actionId,
                ticketId,
                actionType,
                requester,
                customer,
                proposed,
                preparation,
                next,
                approvalIdIn(next),
                deciderIn(next),
                provider,
                origin,
                revision + 1,
                createdAt,
                at);
    }

    private @Nullable UUID approvalIdIn(ActionState next) {
        return switch (next) {
            case ActionState.AwaitingApproval awaiting -> awaiting.approvalId();
            case ActionState.Approved approved -> approved.approvalId();
            case ActionState.Requested anew -> null;
            case ActionState other -> approvalId;
        };
    }

    private @Nullable String deciderIn(ActionState next) {
        return switch (next) {
            case ActionState.Approved approved -> approved.approver();
            case ActionState.Rejected rejected -> rejected.by();
            case ActionState.Cancelled cancelled -> cancelled.by();
            case ActionState other -> decidedBy;
        };
    }
}
