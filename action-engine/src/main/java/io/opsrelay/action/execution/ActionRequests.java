package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.execution.ActionStore.KeyedAction;
import io.opsrelay.contracts.ActionEvent.ActionRequested;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Takes actions that people ask for directly, on no ticket. They go the same way as those that the agent proposes. */
@Component
public class ActionRequests {

    /** The header whose value makes a repeated request the same request. */
    public static final String KEY_HEADER = "Idempotency-Key";

    private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Catalogue catalogue;
    private final Outbox outbox;
    private final Jobs jobs;
    private final Ids ids;

    ActionRequests(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Catalogue catalogue,
            Outbox outbox,
            Jobs jobs,
            Ids ids) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.catalogue = catalogue;
        this.outbox = outbox;
        this.jobs = jobs;
        this.ids = ids;
    }

    /**
     * What is asked for.
     *
     * @param arguments as asked for, checked in form only
     * @param reason why, where the arguments do not say it
     * @param breakGlass why an admin sets guardrails aside, absent where they hold
     * @param undoes the action that it undoes
     */
    public record Wanted(
            String actionType,
            Map<String, Object> arguments,
            @Nullable String reason,
            @Nullable String breakGlass,
            @Nullable UUID undoes) {}

    /** As {@link #begin(Caller, Wanted, String)}, with nothing but arguments. */
    public UUID begin(Caller caller, String actionType, Map<String, Object> arguments, @Nullable String key) {
        return begin(caller, new Wanted(actionType, arguments, null, null, null), key);
    }

    /**
     * Begins an action, or finds the one that the same request began before.
     *
     * @param key the caller's {@link #KEY_HEADER}, if sent
     * @return the action's id
     * @throws ProblemException 400 for a malformed key, 422 for one that came with another request before, 409 for what
     *     cannot be undone
     */
    public UUID begin(Caller caller, Wanted wanted, @Nullable String key) {
        if (key != null && !KEY_FORM.matcher(key).matches()) {
            throw ProblemException.badRequest(KEY_HEADER, "must be 1 to 200 visible ASCII characters");
        }
        if (wanted.breakGlass() != null && !caller.hasAny(Role.ADMIN)) {
            throw ProblemException.forbidden("only an admin may set guardrails aside (break_glass)");
        }
        return transactions.call(caller.clientId(), () -> {
            UUID actionId = ids.next();
            if (key != null) {
                KeyedAction asked = new KeyedAction(actionId, hashOf(caller, wanted));
                Optional<KeyedAction> before = store.bindKey(caller.clientId(), key, asked, log.now());
                if (before.isPresent()) {
                    return sameRequest(before.get(), asked);
                }
            }
            UUID undone = wanted.undoes();
            if (undone != null) {
                requireUndoable(caller.clientId(), undone);
            }
            begin(
                    caller,
                    Action.requested(
                            actionId,
                            null,
                            wanted.actionType(),
                            caller.asActor(),
                            null,
                            wanted.arguments(),
                            new Action.Origin(null, wanted.breakGlass(), null, undone),
                            log.now()),
                    wanted.reason());
            return actionId;
        });
    }

    private static UUID sameRequest(KeyedAction before, KeyedAction asked) {
        if (!before.requestHash().equals(asked.requestHash())) {
            throw ProblemException.unprocessable(KEY_HEADER, "was sent before with another request");
        }
        return before.actionId();
    }

    private void requireUndoable(String clientId, UUID actionId) {
        Action action = store.lock(actionId)
                .orElseThrow(() -> ProblemException.unprocessable("undoes", "there is no action " + actionId));
        if (!(action.state() instanceof ActionState.Succeeded)) {
            throw ProblemException.conflict("action " + actionId + " is "
                    + action.state().status().wireName() + ": only what was done can be undone");
        }
        if (!catalogue
                .find(clientId, action.actionType())
                .map(kind -> kind.traits().reversible())
                .orElse(false)) {
            throw ProblemException.unprocessable(
                    "undoes", "action " + actionId + " is a " + action.actionType() + ", which nothing here can undo");
        }
        store.undoOf(actionId).ifPresent(undo -> {
            throw ProblemException.conflict("action " + actionId + " is undone by " + undo + " already");
        });
    }

    /** Begins, in the running transaction, an action with the arguments of one that failed. */
    UUID retry(Caller caller, Action failed) {
        UUID actionId = ids.next();
        UUID undone = failed.origin().undoes();
        if (undone != null) {
            requireUndoable(caller.clientId(), undone);
        }
        begin(
                caller,
                Action.requested(
                        actionId,
                        failed.ticketId(),
                        failed.actionType(),
                        caller.asActor(),
                        failed.customer(),
                        failed.arguments(),
                        new Action.Origin(null, null, failed.actionId(), undone),
                        log.now()),
                "tries " + failed.actionId() + " again");
        return actionId;
    }

    private void begin(Caller caller, Action action, @Nullable String reason) {
        String clientId = caller.clientId();
        log.begin(clientId, action, reason);
        outbox.publish(
                clientId,
                new ActionRequested(
                        action.actionId(),
                        action.ticketId(),
                        action.actionType(),
                        action.proposed(),
                        action.requester(),
                        action.origin().breakGlass()));
        jobs.add(ActionJob.QUEUE, clientId, action.actionId().toString(), ActionJob.PREPARE.kind(), action.actionId());
    }

    private static String hashOf(Caller caller, Wanted wanted) {
        Map<String, Object> asked = new LinkedHashMap<>(wanted.arguments());
        asked.put("action_type", wanted.actionType());
        asked.put("requester", caller.asActor());
        put(asked, "request.reason", wanted.reason());
        put(asked, "request.break_glass", wanted.breakGlass());
        put(asked, "request.undoes", wanted.undoes());
        return CanonicalArguments.of(asked).hash();
    }

    private static void put(Map<String, Object> asked, String name, @Nullable Object value) {
        if (value != null) {
            asked.put(name, value.toString());
        }
    }
}
