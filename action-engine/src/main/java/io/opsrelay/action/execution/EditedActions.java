package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** What edits make of actions, for whoever wants to know before one is sent. */
@Component
public class EditedActions {

    private final ClientTransactions transactions;
    private final ActionStore store;

    EditedActions(ClientTransactions transactions, ActionStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    /**
     * What would be prepared.
     *
     * @param proposal the prepared arguments with the edit laid over them, and the customer whose ticket it is
     */
    public record Edited(String actionType, Proposal proposal) {}

    /**
     * What would be prepared if the action were edited so. Changes nothing.
     *
     * @param edit the arguments that would be other ones
     * @throws ProblemException 404 if there is no such action, 409 if it does not wait for a decision
     */
    public Edited of(String clientId, UUID actionId, Map<String, Object> edit) {
        Action action = transactions
                .read(clientId, () -> store.find(actionId))
                .orElseThrow(() -> ProblemException.notFound("action", actionId.toString()));
        if (!(action.state() instanceof ActionState.AwaitingApproval)
                && !(action.state() instanceof ActionState.Prepared)) {
            throw ProblemException.conflict("action " + actionId + " is "
                    + action.state().status().wireName() + ": only what waits for a decision can be edited");
        }
        return new Edited(action.actionType(), proposal(clientId, action, edit));
    }

    /** An edit lies over what was prepared; another order brings its own charge, and an amount if none is named. */
    static Proposal proposal(String clientId, Action action, Map<String, Object> edit) {
        Map<String, Object> arguments = new LinkedHashMap<>(action.arguments());
        if (edit.containsKey("order_id") && !edit.get("order_id").equals(arguments.get("order_id"))) {
            arguments.remove("amount");
            arguments.remove("currency");
        }
        arguments.putAll(edit);
        return new Proposal(clientId, arguments, action.customer());
    }
}
