package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.execution.ActionState.Approved;
import io.opsrelay.action.execution.ActionState.Executing;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Does what was approved, once. The intent is committed before the provider is called, and the call runs outside any
 * transaction. An action that is found {@code executing} when its job is claimed anew lost its worker: the provider is
 * asked before it is called again, and always with the action's one key.
 */
@Component
class Executor {

    private static final Duration WHILE_NOT_ACCEPTING = Duration.ofSeconds(1);

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Catalogue catalogue;
    private final ExecutionProperties properties;

    Executor(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Catalogue catalogue,
            ExecutionProperties properties) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.catalogue = catalogue;
        this.properties = properties;
    }

    /** Does the job: one call, or one question about an earlier call and then perhaps a call. */
    void work(Job job) {
        switch (transactions.call(job.clientId(), () -> firstStep(job))) {
            case Next.Call call -> call(job, call.action());
            case Next.Ask ask -> ask(job, ask.action());
            case Next.Nothing nothing -> {}
        }
    }

    private Next firstStep(Job job) {
        Action action = locked(job);
        return switch (action.state()) {
            case Approved approved -> {
                if (!kindOf(action).accepting()) {
                    job.again(WHILE_NOT_ACCEPTING);
                    yield new Next.Nothing();
                }
                yield new Next.Call(begin(job, action));
            }
            case Executing executing -> {
                // Proves that the job is still ours, before anything is said about another worker's fate.
                job.again(properties.lease());
                yield new Next.Ask(moved(
                        job,
                        action,
                        new Change.LoseAnswer("the worker ended before the provider's answer was recorded")));
            }
            case Unknown unknown -> new Next.Ask(action);
            case ActionState settled -> {
                job.done();
                yield new Next.Nothing();
            }
        };
    }

    /** The intent: committed before the call, by the worker that holds the job. */
    private Action begin(Job job, Action action) {
        job.again(properties.lease());
        int attempt = action.state() instanceof Unknown unknown ? unknown.attempt() + 1 : 1;
        return moved(job, action, new Change.Begin(), "call " + attempt + " of " + action.provider());
    }

    private void call(Job job, Action action) {
        Answer answer;
        Failpoint.BEFORE_PROVIDER_CALL.pass();
        try {
            answer = kindOf(action)
                    .execute(
                            job.clientId(),
                            action.idempotencyKey(),
                            action.prepared().arguments().arguments(),
                            text -> progress(job, text));
        } catch (OutcomeUnknownException e) {
            transactions.run(job.clientId(), () -> {
                job.again(properties.reconcilePause(1));
                moved(job, locked(job), new Change.LoseAnswer(e.reason()));
            });
            return;
        }
        Failpoint.AFTER_PROVIDER_CALL.pass();
        transactions.run(job.clientId(), () -> {
            job.done();
            moved(job, locked(job), changeOf(answer));
        });
    }

    /** Proves by the way that the job is still ours. */
    private void progress(Job job, String text) {
        transactions.run(job.clientId(), () -> {
            job.again(properties.lease());
            log.progress(job.clientId(), locked(job), text);
        });
    }

    private void ask(Job job, Action action) {
        Optional<Answer.Done> found;
        try {
            found = kindOf(action)
                    .find(
                            job.clientId(),
                            action.idempotencyKey(),
                            action.prepared().arguments().arguments());
        } catch (OutcomeUnknownException e) {
            transactions.run(job.clientId(), () -> job.again(properties.reconcilePause(job.attempt())));
            return;
        }
        log.reconciled(action, found.isPresent());
        if (found.isPresent()) {
            transactions.run(job.clientId(), () -> {
                job.done();
                moved(job, locked(job), changeOf(found.get()));
            });
        } else if (!kindOf(action).accepting()) {
            transactions.run(job.clientId(), () -> job.again(WHILE_NOT_ACCEPTING));
        } else {
            call(job, transactions.call(job.clientId(), () -> begin(job, locked(job))));
        }
    }

    private static Change changeOf(Answer answer) {
        return switch (answer) {
            case Answer.Done done -> new Change.Succeed(done.result());
            case Answer.Refused refused -> new Change.BeRefused(refused.code(), refused.reason());
        };
    }

    private Action locked(Job job) {
        return store.lock(job.subject())
                .orElseThrow(() -> new IllegalStateException("there is no action " + job.subject()));
    }

    private Action moved(Job job, Action action, Change change) {
        return moved(job, action, change, detailOf(action, change));
    }

    private Action moved(Job job, Action action, Change change, @Nullable String detail) {
        Action moved = log.move(job.clientId(), action, change, detail);
        if (moved == null) {
            throw new IllegalStateException(
                    "action " + action.actionId() + " is " + action.state() + ", which " + change + " cannot follow");
        }
        return moved;
    }

    private static @Nullable String detailOf(Action action, Change change) {
        return switch (change) {
            case Change.LoseAnswer lost -> lost.reason();
            case Change.BeRefused refused -> refused.code() + ": " + refused.reason();
            case Change.Succeed success -> "done by " + action.provider();
            case Change other -> null;
        };
    }

    private ActionKind kindOf(Action action) {
        return catalogue.get(action.actionType());
    }

    /** What is left to do after the first transaction. */
    private sealed interface Next {

        record Call(Action action) implements Next {}

        record Ask(Action action) implements Next {}

        record Nothing() implements Next {}
    }
}
