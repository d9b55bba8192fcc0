package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Settling;
import io.opsrelay.action.execution.ActionState.Succeeded;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/** For those who hear that a provider has news: has it asked now, and not at the next turn. Believes no news itself. */
@Component
public class OpenOutcomes {

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Jobs jobs;

    OpenOutcomes(ClientTransactions transactions, ActionStore store, ActionLog log, Jobs jobs) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.jobs = jobs;
    }

    /** What was found. */
    public enum Found {
        /** Its outcome was open, and its provider is asked now. */
        OPEN,
        /** It counts as done. */
        SUCCEEDED,
        /** There is nothing to ask: it has another end, was not called yet or is being called now, or does not exist. */
        OTHER
    }

    /** Has an action's provider asked at once what became of it, if that is open. */
    public Found askNow(String clientId, UUID actionId) {
        return transactions.call(clientId, () -> {
            // The lock keeps the state until the commit: while a call runs, its job must stay with its worker.
            ActionState state = store.lock(actionId).map(Action::state).orElse(null);
            if (state instanceof Settling || state instanceof Unknown) {
                for (String queue : List.of(ActionJob.QUEUE, ActionJob.LONG_QUEUE)) {
                    jobs.hasten(queue, clientId, ActionJob.EXECUTE.kind(), actionId);
                }
                return Found.OPEN;
            }
            return state instanceof Succeeded ? Found.SUCCEEDED : Found.OTHER;
        });
    }

    /**
     * Writes down that what counts as done has failed since: into the action's steps, the feed and the audit log. The
     * action stays as it is, since it cannot be tried again.
     *
     * @param text one sentence for people, the same for the same news
     * @return whether it is news
     */
    public boolean noteFailedLate(String clientId, UUID actionId, String text) {
        return transactions.call(clientId, () -> store.lock(actionId)
                .filter(action -> store.countSteps(actionId, ActionLog.FAILED_LATE) == 0)
                .map(action -> {
                    log.failedLate(clientId, action, text);
                    return true;
                })
                .orElse(false));
    }
}
