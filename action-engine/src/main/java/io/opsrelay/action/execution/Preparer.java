package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.execution.ActionState.Edit;
import io.opsrelay.action.execution.ActionState.Requested;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Resolves and checks an action's arguments, for the first time or after an edit. */
@Component
class Preparer {

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Catalogue catalogue;

    Preparer(ClientTransactions transactions, ActionStore store, ActionLog log, Catalogue catalogue) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.catalogue = catalogue;
    }

    /** Does the job. The provider is asked outside any transaction; if it does not answer, the job is tried again. */
    void work(Job job) {
        String clientId = job.clientId();
        Action action = transactions
                .read(clientId, () -> store.find(job.subject()))
                .orElseThrow(() -> new IllegalStateException("there is no action " + job.subject()));
        if (!(action.state() instanceof Requested requested)) {
            transactions.run(clientId, job::done);
            return;
        }
        Optional<ActionKind> kind = catalogue.find(action.actionType());
        Preparation preparation = kind.map(known -> known.prepare(proposal(clientId, action, requested.edit())))
                .orElseGet(() -> new Preparation.Refused(
                        "unknown_action_type", "nothing here can do actions of the type " + action.actionType()));
        transactions.run(clientId, () -> {
            job.done();
            store.lock(action.actionId())
                    // Not the revision: a refused grant, which anybody on the broker can cause, counts it up, too.
                    .filter(now -> now.state().equals(action.state())
                            && Objects.equals(now.preparation(), action.preparation()))
                    .ifPresent(now -> record(clientId, now, requested.edit(), preparation));
        });
    }

    /** An edit lies over what was prepared; another order brings its own charge, and an amount if none is named. */
    private static Proposal proposal(String clientId, Action action, @Nullable Edit edit) {
        Map<String, Object> arguments = new LinkedHashMap<>(action.arguments());
        if (edit != null) {
            if (edit.arguments().containsKey("order_id")
                    && !edit.arguments().get("order_id").equals(arguments.get("order_id"))) {
                arguments.remove("amount");
                arguments.remove("currency");
            }
            arguments.putAll(edit.arguments());
        }
        return new Proposal(clientId, arguments, action.customer());
    }

    private void record(String clientId, Action action, @Nullable Edit edit, Preparation preparation) {
        switch (preparation) {
            case Preparation.Ready ready -> {
                CanonicalArguments canonical = CanonicalArguments.of(ready.arguments());
                Action.Preparation made = new Action.Preparation(
                        action.preparation() == null ? 1 : action.preparation().version() + 1,
                        canonical,
                        canonical.hash(),
                        ready.effect(),
                        edit == null ? null : edit.by());
                log.move(
                        clientId,
                        action.with(made, ready.provider()),
                        new Change.Prepare(),
                        ready.effect().summary());
            }
            case Preparation.Refused refused -> {
                String code = edit == null ? refused.code() : "edit_invalid";
                log.move(
                        clientId,
                        action,
                        new Change.RefusePreparation(code, refused.reason()),
                        code + ": " + refused.reason());
            }
        }
    }
}
