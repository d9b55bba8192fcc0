package io.opsrelay.action.execution;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.execution.Action.Preparation;
import io.opsrelay.action.execution.ActionStore.Step;
import io.opsrelay.action.guardrail.Finding;
import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ActionFacts;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.messaging.Outbox;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Moves actions: each change is stored with its step, its event and its feed record, in the running transaction, or not
 * at all.
 */
@Component
class ActionLog {

    private static final Logger LOG = LoggerFactory.getLogger(ActionLog.class);

    /** More of them tell nothing new, and whoever writes to the broker could fill the table. */
    private static final int MOST_REFUSALS_KEPT = 20;

    static final String FAILED_LATE = "failed_late";

    private static final String GRANT_REFUSED = "grant_refused";
    private static final String PROGRESS = "progress";
    private static final String WAITS = "waits";
    private static final String BREAK_GLASS = "break_glass";
    private static final String SET_ASIDE = "guardrails_set_aside";

    private final ActionStore store;
    private final Outbox outbox;
    private final Catalogue catalogue;
    private final ActionAudit audit;
    private final MeterRegistry meters;
    private final Clock clock;

    ActionLog(
            ActionStore store,
            Outbox outbox,
            Catalogue catalogue,
            ActionAudit audit,
            MeterRegistry meters,
            Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.catalogue = catalogue;
        this.audit = audit;
        this.meters = meters;
        this.clock = clock;
    }

    /**
     * Begins an action. Does nothing where it has begun before.
     *
     * @param reason why, for people, where the arguments do not say it
     */
    boolean begin(String clientId, Action action, @Nullable String reason) {
        if (!store.insert(clientId, action)) {
            return false;
        }
        audit.begun(clientId, action);
        String verb = action.requester().startsWith("ai:") ? "proposed by " : "requested by ";
        tell(
                clientId,
                action,
                action.state().status().wireName(),
                verb + action.requester() + (reason == null ? "" : ": " + reason));
        String breakGlass = action.origin().breakGlass();
        if (breakGlass != null) {
            LOG.warn("Break-glass: {} of {} asks for {}", action.requester(), clientId, action.actionId());
            ActionMetric.BREAK_GLASS.count(meters, typeTag(clientId, action.actionType()), "requested");
            note(clientId, action, BREAK_GLASS, action.requester() + " sets guardrails aside: " + breakGlass);
        }
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
        audit.moved(clientId, action, moved, change, detail);
        tell(clientId, moved, next.status().wireName(), detail);
        ActionEvent event = eventOf(clientId, moved, change);
        if (event != null) {
            outbox.publish(clientId, event);
        }
        return moved;
    }

    /** Notes that a grant was not believed. The action stays as it is. */
    void refuseGrant(String clientId, Action action, String why) {
        ActionMetric.GRANT_REFUSED.count(meters, typeTag(clientId, action.actionType()), why);
        if (store.countSteps(action.actionId(), GRANT_REFUSED) < MOST_REFUSALS_KEPT) {
            audit.grantRefused(clientId, action, why);
            note(clientId, action, GRANT_REFUSED, "grant refused: " + why);
        }
    }

    /** Notes that another action holds the target. The action stays as it is. */
    Action waits(String clientId, Action action, @Nullable UUID other) {
        ActionMetric.WAITED.count(meters, typeTag(clientId, action.actionType()), other == null ? "line" : "action");
        return note(
                clientId,
                action,
                WAITS,
                other == null ? "waits for its turn" : "waits for " + other + ", which works on the same target");
    }

    /** Notes which guardrails an admin set aside for what begins now. The action stays as it is. */
    Action setAside(String clientId, Action action, List<Finding> findings) {
        ActionMetric.BREAK_GLASS.count(meters, typeTag(clientId, action.actionType()), "used");
        audit.setAside(clientId, action, findings.stream().map(Finding::text).toList());
        return note(
                clientId,
                action,
                SET_ASIDE,
                "set aside by " + action.requester() + ": "
                        + findings.stream().map(Finding::text).collect(Collectors.joining("; ")));
    }

    /** Notes that what counts as done has failed since. The action stays as it is. */
    void failedLate(String clientId, Action action, String text) {
        audit.failedLate(clientId, action, text);
        note(clientId, action, FAILED_LATE, text);
    }

    private Action note(String clientId, Action action, String step, String detail) {
        Action noted = action.to(action.state(), now());
        store.update(noted);
        store.addStep(clientId, noted.actionId(), new Step(step, noted.updatedAt(), detail));
        feed(clientId, noted, facts(noted, step));
        return noted;
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

    /** Shows how far a call has come, unless that was shown before. The action stays as it is. */
    void progressOnce(String clientId, Action action, String text) {
        if (!store.hasStep(action.actionId(), PROGRESS, text)) {
            progress(clientId, action, text);
        }
    }

    /** Counts a settled unknown outcome. */
    void reconciled(String clientId, Action action, boolean found) {
        ActionMetric.RECONCILED.count(meters, typeTag(clientId, action.actionType()), String.valueOf(found));
    }

    /** Now, as PostgreSQL keeps it. */
    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    private void tell(String clientId, Action action, String step, @Nullable String detail) {
        store.addStep(clientId, action.actionId(), new Step(step, action.updatedAt(), detail));
        ActionMetric.MOVED.count(
                meters,
                typeTag(clientId, action.actionType()),
                action.state().status().wireName());
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
    private String typeTag(String clientId, String actionType) {
        return catalogue.find(clientId, actionType).isPresent() ? actionType : "other";
    }

    /** What a list row shows. Arguments and reasons may quote the customer and stay out. */
    private static Map<String, Object> facts(Action action, String step) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("action_id", action.actionId().toString());
        if (action.ticketId() != null) {
            facts.put("ticket_id", action.ticketId().toString());
        }
        facts.put("action_type", action.actionType());
        facts.put("requester", action.requester());
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
        if (preparation != null && preparation.target() != null) {
            facts.put("target", preparation.target());
        }
        if (action.origin().breakGlass() != null) {
            facts.put("break_glass", true);
        }
        switch (action.state()) {
            case ActionState.Executing executing -> facts.put("attempt", executing.attempt());
            case ActionState.Unknown unknown -> facts.put("attempt", unknown.attempt());
            case ActionState.Settling settling -> facts.put("attempt", settling.attempt());
            case ActionState.Failed failed -> facts.put("failure_code", failed.code());
            case ActionState other -> {}
        }
        return facts;
    }

    private @Nullable ActionEvent eventOf(String clientId, Action action, Change change) {
        return switch (action.state()) {
            case ActionState.Prepared prepared -> preparedEvent(clientId, action, action.prepared(), change);
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
            case ActionState.Cancelled cancelled ->
                new ActionEvent.ActionCancelled(
                        action.actionId(), action.ticketId(), action.actionType(), cancelled.by(), cancelled.reason());
            // It neither ended nor is it in doubt.
            case ActionState.Settling settling -> null;
            // What approval-service said, it said to all.
            case ActionState.Requested requested -> null;
            case ActionState.AwaitingApproval awaiting -> null;
            case ActionState.Approved approved -> null;
            case ActionState.Rejected rejected -> null;
            case ActionState.Expired expired -> null;
        };
    }

    private ActionEvent preparedEvent(String clientId, Action action, Preparation preparation, Change change) {
        return new ActionEvent.ActionPrepared(
                action.actionId(),
                action.ticketId(),
                preparation.version(),
                action.actionType(),
                preparation.arguments().arguments(),
                preparation.hash(),
                preparation.effect(),
                action.requester(),
                preparation.editor(),
                facts(clientId, action, preparation),
                change instanceof Change.RefuseEdit refused ? refused.reason() : null,
                catalogue.get(clientId, action.actionType()).traits().editableSchema());
    }

    private ActionFacts facts(String clientId, Action action, Preparation preparation) {
        Traits traits = catalogue.get(clientId, action.actionType()).traits();
        Customer customer = action.customer();
        return new ActionFacts(
                traits.category(),
                traits.risk(),
                traits.reversible(),
                preparation.target(),
                preparation.environment(),
                action.origin().confidence(),
                customer == null ? null : customer.verified(),
                action.breakGlass());
    }
}
