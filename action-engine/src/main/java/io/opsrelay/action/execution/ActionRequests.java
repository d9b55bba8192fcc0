package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.execution.ActionStore.KeyedAction;
import io.opsrelay.contracts.ActionEvent.ActionRequested;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
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
    private final Outbox outbox;
    private final Jobs jobs;
    private final Ids ids;

    ActionRequests(
            ClientTransactions transactions, ActionStore store, ActionLog log, Outbox outbox, Jobs jobs, Ids ids) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.outbox = outbox;
        this.jobs = jobs;
        this.ids = ids;
    }

    /**
     * Begins an action, or finds the one that the same request began before.
     *
     * @param arguments as asked for, checked in form only
     * @param key the caller's {@link #KEY_HEADER}, if sent
     * @return the action's id
     * @throws ProblemException 400 for a malformed key, 422 for one that came with another request before
     */
    public UUID begin(Caller caller, String actionType, Map<String, Object> arguments, @Nullable String key) {
        if (key != null && !KEY_FORM.matcher(key).matches()) {
            throw ProblemException.badRequest(KEY_HEADER, "must be 1 to 200 visible ASCII characters");
        }
        return transactions.call(caller.clientId(), () -> {
            UUID actionId = ids.next();
            if (key != null) {
                KeyedAction asked = new KeyedAction(actionId, hashOf(caller, actionType, arguments));
                Optional<KeyedAction> before = store.bindKey(caller.clientId(), key, asked, log.now());
                if (before.isPresent()) {
                    return sameRequest(before.get(), asked);
                }
            }
            begin(caller, actionId, actionType, arguments);
            return actionId;
        });
    }

    private static UUID sameRequest(KeyedAction before, KeyedAction asked) {
        if (!before.requestHash().equals(asked.requestHash())) {
            throw ProblemException.unprocessable(KEY_HEADER, "was sent before with another request");
        }
        return before.actionId();
    }

    private void begin(Caller caller, UUID actionId, String actionType, Map<String, Object> arguments) {
        Instant now = log.now();
        Action action = new Action(
                actionId,
                null,
                actionType,
                caller.asActor(),
                null,
                arguments,
                null,
                new ActionState.Requested(null),
                null,
                null,
                null,
                1,
                now,
                now);
        log.begin(caller.clientId(), action);
        outbox.publish(caller.clientId(), new ActionRequested(actionId, null, actionType, arguments, caller.asActor()));
        jobs.add(ActionJob.QUEUE, caller.clientId(), actionId.toString(), ActionJob.PREPARE.kind(), actionId);
    }

    private static String hashOf(Caller caller, String actionType, Map<String, Object> arguments) {
        Map<String, Object> asked = new LinkedHashMap<>(arguments);
        asked.put("action_type", actionType);
        asked.put("requester", caller.asActor());
        return CanonicalArguments.of(asked).hash();
    }
}
