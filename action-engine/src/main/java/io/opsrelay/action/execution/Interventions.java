package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.CategoryRoles;
import io.opsrelay.action.execution.ActionState.Cancelled;
import io.opsrelay.action.execution.ActionState.Executing;
import io.opsrelay.action.execution.ActionState.Failed;
import io.opsrelay.action.execution.ActionState.Settling;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.util.EnumSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.springframework.stereotype.Component;

/** What people do to actions that are under way or have failed. */
@Component
class Interventions {

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Intents intents;
    private final ActionRequests requests;
    private final Catalogue catalogue;

    Interventions(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Intents intents,
            ActionRequests requests,
            Catalogue catalogue) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.intents = intents;
        this.requests = requests;
        this.catalogue = catalogue;
    }

    /** Calls an action off, once; whoever repeats it is told the same. */
    void cancel(Caller caller, UUID actionId, String reason) {
        transactions.run(caller.clientId(), () -> {
            Action action = locked(actionId);
            if (!action.requester().equals(caller.asActor())) {
                require(caller, action, "call off", CategoryRoles::overseers);
            }
            if (action.state() instanceof Cancelled) {
                return;
            }
            Change cancel = new Change.Cancel(caller.asActor(), reason);
            if (log.move(caller.clientId(), action, cancel, "called off by " + caller.asActor() + ": " + reason)
                    == null) {
                throw ProblemException.conflict(tooLate(action));
            }
            intents.leave(action);
        });
    }

    private static String tooLate(Action action) {
        String status = action.state().status().wireName();
        return switch (action.state()) {
            case Executing executing ->
                "its provider is being called: wait for the outcome, and undo it then if it must not stand";
            case Unknown unknown ->
                "its provider was called and the answer was lost: wait until that is settled, or settle it as an admin";
            case Settling settling -> "its provider has taken it and has not ended it: wait for the outcome";
            case ActionState ended -> "it has ended as " + status + ": there is nothing left to call off";
        };
    }

    /** @return the action that tries it again, the same for whoever asks twice */
    UUID retry(Caller caller, UUID actionId) {
        return transactions.call(caller.clientId(), () -> {
            Action action = locked(actionId);
            require(caller, action, "ask for", CategoryRoles::requesters);
            if (!(action.state() instanceof Failed)) {
                throw ProblemException.conflict(
                        "it is " + action.state().status().wireName() + ": only what failed can be tried again");
            }
            return store.retryOf(actionId).map(Action::actionId).orElseGet(() -> requests.retry(caller, action));
        });
    }

    /** Ends an action by what a person found out about it. */
    void settle(Caller caller, UUID actionId, boolean done, String reason) {
        transactions.run(caller.clientId(), () -> {
            Action action = locked(actionId);
            if (!(action.state() instanceof Unknown || action.state() instanceof Settling)) {
                throw ProblemException.conflict(
                        "it is " + action.state().status().wireName()
                                + ": only what is unknown or settling can be settled by a person");
            }
            String by = caller.asActor();
            intents.end(
                    caller.clientId(), action, new Change.Settle(by, done, reason), "settled by " + by + ": " + reason);
        });
    }

    private void require(Caller caller, Action action, String verb, Function<String, Set<Role>> rolesOf) {
        Set<Role> roles = catalogue
                .find(caller.clientId(), action.actionType())
                .map(ActionKind::traits)
                .map(traits -> rolesOf.apply(traits.category()))
                .orElse(EnumSet.of(Role.ADMIN));
        if (!CategoryRoles.hasOneOf(caller, roles)) {
            throw ProblemException.forbidden("to %s actions of the type %s you need one of the roles %s"
                    .formatted(verb, action.actionType(), String.join(", ", CategoryRoles.names(roles))));
        }
    }

    private Action locked(UUID actionId) {
        return store.lock(actionId).orElseThrow(() -> ProblemException.notFound("action", actionId));
    }
}
