package io.opsrelay.action.execution;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionStore.Step;
import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Moves actions: each change is stored with its step, its event and its feed record, in the running transaction, or not
 * at all.
 */
@Component
class ActionLog {

    /** More of them tell nothing new, and whoever writes to the broker could fill the table. */
    private static final int MOST_REFUSALS_KEPT = 20;

    private static final String GRANT_REFUSED = "grant_refused";
    private static final String PROGRESS = "progress";

    private final ActionStore store;
    private final Outbox outbox;
    private final Catalogue catalogue;
    private final MeterRegistry meters;
    private final Clock clock;

    ActionLog(ActionStore store, Outbox outbox, Catalogue catalogue, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.catalogue = catalogue;
        this.meters = meters;
        this.clock = clock;
    }

    /** Begins an action. Does nothing where it has begun before. */
    boolean begin(String clientId, Action action) {
        if (!store.insert(clientId, action)) {
            return false;
        }
        String verb = action.customer() == null ? "requested by " : "proposed by ";
        tell(clientId, action, action.state().status().wireName(), verb + action.requester());
        return true;
    }

    /**
     * Applies a change to an action that the transaction has locked.
     *
     * @param detail for people
     * @return the action as it stands now, or null where the change cannot happen to it
     */
    @Nullable
    Action move(String clientId, Action action, Change change, @Nullable String detail) {
        ActionState next = Lifecycle.next(action.state(), change);
        if (next == null) {
            return null;
        }
        Action moved = action.to(next, now());
        store.update(moved);
        tell(clientId, moved, next.status().wireName(), detail);
        ActionEvent event = eventOf(moved);
        if (event != null) {
            outbox.publish(clientId, event);
        }
        return moved;
    }

    /** Notes that a grant was not believed. The action stays as it is. */
    void refuseGrant(String clientId, Action action, String why) {
        ActionMetric.GRANT_REFUSED.count(meters, typeTag(action.actionType()), why);
        if (store.countSteps(action.actionId(), GRANT_REFUSED) < MOST_REFUSALS_KEPT) {
            Action noted = action.to(action.state(), now());
            store.update(noted);
            tell(clientId, noted, GRANT_REFUSED, "grant refused: " + why);
        }
    }

    /** Shows how far a call has come. The action stays as it is. */
    void progress(String clientId, Action action, String text) {
        Action noted = action.to(action.state(), now());
        store.update(noted);
        store.addStep(clientId, action.actionId(), new Step(PROGRESS, noted.updatedAt(), text));
        Map<String, Object> facts = facts(noted, PROGRESS);
        facts.put("progress", text);
        feed(clientId, noted, facts);
    }

    /** Counts a settled unknown outcome. */
    void reconciled(Action action, boolean found) {
        ActionMetric.RECONCILED.count(meters, typeTag(action.actionType()), String.valueOf(found));
    }

    /** Now, as PostgreSQL keeps it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void tell(String clientId, Action action, String step, @Nullable String detail) {
        store.addStep(clientId, action.actionId(), new Step(step, action.updatedAt(), detail));
        ActionMetric.MOVED.count(
                meters, typeTag(action.actionType()), action.state().status().wireName());
        feed(clientId, action, facts(action, step));
    }

    private void feed(String clientId, Action action, Map<String, Object> facts) {
        outbox.feed(
                clientId,
                new FeedRecord(
                        Channels.ACTIONS,
                        "action_" + action.state().status().wireName(),
                        action.actionId().toString(),
                        action.revision(),
                        facts));
    }

    /** Types come with events: only known ones may become values of a metric's tag. */
    private String typeTag(String actionType) {
        return catalogue.find(actionType).isPresent() ? actionType : "other";
    }

    /** What a list row shows. Arguments and reasons may quote the customer and stay out. */
    private static Map<String, Object> facts(Action action, String step) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("action_id", action.actionId().toString());
        if (action.ticketId() != null) {
            facts.put("ticket_id", action.ticketId().toString());
        }
        facts.put("action_type", action.actionType());
        facts.put("status", action.state().status().wireName());
        facts.put("step", step);
        facts.put("at", action.updatedAt().toString());
        Preparation preparation = action.preparation();
        if (preparation != null) {
            facts.put("effect", preparation.effect().summary());
        }
        if (action.provider() != null) {
            facts.put("provider", action.provider());
        }
        if (action.decidedBy() != null) {
            facts.put("decided_by", action.decidedBy());
        }
        switch (action.state()) {
            case ActionState.Executing executing -> facts.put("attempt", executing.attempt());
            case ActionState.Unknown unknown -> facts.put("attempt", unknown.attempt());
            case ActionState.Failed failed -> facts.put("failure_code", failed.code());
            case ActionState other -> {}
        }
        return facts;
    }

    private static @Nullable ActionEvent eventOf(Action action) {
        return switch (action.state()) {
            case ActionState.Prepared prepared -> preparedEvent(action, action.prepared());
            case ActionState.Executing executing ->
                new ActionEvent.ActionStarted(
                        action.actionId(), action.ticketId(), action.actionType(), executing.attempt());
            case ActionState.Unknown unknown ->
                new ActionEvent.ActionOutcomeUnknown(
                        action.actionId(), action.ticketId(), action.actionType(), unknown.reason());
            case ActionState.Succeeded succeeded ->
                new ActionEvent.ActionSucceeded(
                        action.actionId(),
                        action.ticketId(),
                        action.actionType(),
                        String.valueOf(action.provider()),
                        succeeded.result());
            case ActionState.Failed failed ->
                new ActionEvent.ActionFailed(
                        action.actionId(), action.ticketId(), action.actionType(), failed.code(), failed.reason());
            // What approval-service said, it said to all.
            case ActionState.Requested requested -> null;
            case ActionState.AwaitingApproval awaiting -> null;
            case ActionState.Approved approved -> null;
            case ActionState.Rejected rejected -> null;
            case ActionState.Expired expired -> null;
        };
    }

    private static ActionEvent preparedEvent(Action action, Preparation preparation) {
        return new ActionEvent.ActionPrepared(
                action.actionId(),
                action.ticketId(),
                preparation.version(),
                action.actionType(),
                preparation.arguments().arguments(),
                preparation.hash(),
                preparation.effect(),
                action.requester(),
                preparation.editor());
    }
}
