package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.execution.ActionState.Approved;
import io.opsrelay.action.execution.ActionState.Executing;
import io.opsrelay.action.execution.ActionState.Settling;
import io.opsrelay.action.execution.ActionState.Unknown;
import io.opsrelay.action.execution.Intents.Causes;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.messaging.job.LeaseLostException;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Does what was approved, once. The intent is committed before the provider is called, and the call runs outside any
 * transaction. An action that is found {@code executing} when its job is claimed anew lost its worker: the provider is
 * asked before it is called again, and always with the action's one key.
 */
@Component
class Executor {

    private static final Logger LOG = LoggerFactory.getLogger(Executor.class);
    private static final Duration WHILE_NOT_ACCEPTING = Duration.ofSeconds(1);

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Catalogue catalogue;
    private final Intents intents;
    private final Settlements settlements;
    private final ExecutionProperties properties;

    Executor(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Catalogue catalogue,
            Intents intents,
            Settlements settlements,
            ExecutionProperties properties) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.catalogue = catalogue;
        this.intents = intents;
        this.settlements = settlements;
        this.properties = properties;
    }

    /** Does the job: one call, or one question about an earlier call and then perhaps a call. */
    void work(Job job) {
        perform(job, transactions.call(job.clientId(), () -> firstStep(job)));
    }

    /**
     * Does several jobs, as far as nobody has begun them: their intents share a transaction, their calls go out at once, and answers
     * that come together are recorded together.
     */
    void work(JobQueue.Batch batch) {
        String clientId = batch.clientId();
        Map<UUID, Job> jobs = batch.jobs().stream().collect(Collectors.toMap(Job::subject, Function.identity()));
        Causes causes =
                (actionId, work) -> Objects.requireNonNull(jobs.get(actionId)).caused(work);
        List<Action> begun = transactions.call(clientId, () -> begin(batch, jobs, causes));
        List<Callable<Outcome>> calls = new ArrayList<>();
        for (Action action : begun) {
            Job job = Objects.requireNonNull(jobs.get(action.actionId()));
            calls.add(() -> outcome(job, action));
        }
        Together.inGroups(calls, some -> record(batch, causes, some));
    }

    private List<Action> begin(JobQueue.Batch batch, Map<UUID, Job> jobs, Causes causes) {
        batch.again(properties.lease());
        store.lock(jobs.keySet());
        List<Action> approved = new ArrayList<>();
        for (Job job : batch.jobs()) {
            Action action = locked(job);
            switch (action.state()) {
                case Approved approval
                when lost(job, action) -> {
                    job.caused(() -> intents.drop(job.clientId(), action));
                    nothing(job);
                }
                case Approved approval when kindOf(job, action).accepting(job.clientId()) -> approved.add(action);
                case Approved approval -> job.again(WHILE_NOT_ACCEPTING);
                case Executing executing -> job.again(Duration.ZERO);
                case Unknown unknown -> job.again(Duration.ZERO);
                case Settling settling -> job.again(Duration.ZERO);
                case ActionState settled -> nothing(job);
            }
        }
        Failpoint.BEFORE_INTENT.pass();
        List<Action> calls = new ArrayList<>();
        intents.begin(batch.clientId(), approved, causes).forEach((id, begun) -> {
            Job job = Objects.requireNonNull(jobs.get(id));
            switch (begun) {
                case Intents.Begun.Call call -> calls.add(call.action());
                case Intents.Begun.Waits waits -> job.again(properties.waitPause(waits.ahead()));
                case Intents.Begun.Barred barred -> nothing(job);
            }
        });
        return calls;
    }

    /** Records answers; those that cannot be recorded together are, one by one. */
    private void record(JobQueue.Batch batch, Causes causes, List<Outcome> outcomes) {
        try {
            transactions.run(batch.clientId(), () -> recordTogether(batch, causes, outcomes));
        } catch (RuntimeException e) {
            LOG.warn("{} answers could not be recorded together, now one by one", outcomes.size(), e);
            outcomes.forEach(this::recordAlone);
        }
        Failpoint.AFTER_RECORD.pass();
    }

    private void recordTogether(JobQueue.Batch batch, Causes causes, List<Outcome> outcomes) {
        store.lock(outcomes.stream().map(outcome -> outcome.job().subject()).toList());
        List<Outcome.Told> told = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Told answered -> told.add(answered);
                case Outcome.Lost(Job job, String reason) -> job.caused(() -> recordLost(job, reason));
            }
        }
        List<Action> now = settlements.record(
                batch.clientId(),
                told.stream()
                        .map(answered -> new Settlements.Told(locked(answered.job()), answered.answer()))
                        .toList(),
                causes);
        Set<UUID> settling = now.stream()
                .filter(action -> action.state() instanceof Settling)
                .map(Action::actionId)
                .collect(Collectors.toSet());
        told.stream()
                .map(Outcome.Told::job)
                .filter(job -> settling.contains(job.subject()))
                .forEach(job -> job.again(settlePause(locked(job))));
        batch.done(told.stream()
                .map(Outcome.Told::job)
                .filter(job -> !settling.contains(job.subject()))
                .toList());
    }

    /** What cannot be recorded now stays {@code executing}: whoever takes the job up next asks the provider. */
    private void recordAlone(Outcome outcome) {
        Job job = outcome.job();
        try {
            job.caused(() -> {
                switch (outcome) {
                    case Outcome.Told told ->
                        transactions.run(job.clientId(), () -> settle(job, locked(job), told.answer()));
                    case Outcome.Lost lost -> lose(job, lost.reason());
                }
            });
        } catch (RuntimeException e) {
            LOG.warn("The answer to action {} is not recorded; its provider will be asked", job.subject(), e);
        }
    }

    /** What came of a call. */
    private sealed interface Outcome {
        Job job();

        record Told(Job job, Answer answer) implements Outcome {}

        record Lost(Job job, String reason) implements Outcome {}
    }

    private void perform(Job job, Next next) {
        switch (next) {
            case Next.Call call -> call(job, call.action());
            case Next.Ask ask -> ask(job, ask.action());
            case Next.Nothing nothing -> {}
        }
    }

    private Next firstStep(Job job) {
        Action action = locked(job);
        return switch (action.state()) {
            case Approved approved -> begin(job, action);
            case Executing executing -> {
                // Proves that the job is still ours, before anything is said about another worker's fate.
                job.again(properties.lease());
                String reason = "the worker ended before the provider's answer was recorded";
                yield new Next.Ask(intents.move(job.clientId(), action, new Change.LoseAnswer(reason), reason));
            }
            case Unknown unknown -> new Next.Ask(action);
            case Settling settling -> new Next.Ask(action);
            case ActionState settled -> nothing(job);
        };
    }

    /** The intent: committed before the call, by the worker that holds the job. */
    private Next begin(Job job, Action action) {
        if (lost(job, action)) {
            intents.drop(job.clientId(), action);
            return nothing(job);
        }
        if (!kindOf(job, action).accepting(job.clientId())) {
            job.again(WHILE_NOT_ACCEPTING);
            return new Next.Nothing();
        }
        Failpoint.BEFORE_INTENT.pass();
        return switch (intents.begin(job.clientId(), action)) {
            case Intents.Begun.Call call -> {
                job.again(properties.lease());
                yield new Next.Call(call.action());
            }
            case Intents.Begun.Waits waits -> {
                job.again(properties.waitPause(waits.ahead()));
                yield new Next.Nothing();
            }
            case Intents.Begun.Barred barred -> nothing(job);
        };
    }

    private static Next nothing(Job job) {
        job.done();
        return new Next.Nothing();
    }

    private void call(Job job, Action action) {
        switch (outcome(job, action)) {
            case Outcome.Told told -> transactions.run(job.clientId(), () -> settle(job, locked(job), told.answer()));
            case Outcome.Lost lost -> lose(job, lost.reason());
        }
        Failpoint.AFTER_RECORD.pass();
    }

    private Outcome outcome(Job job, Action action) {
        Answer answer;
        Failpoint.BEFORE_PROVIDER_CALL.pass();
        try {
            answer = kindOf(job, action)
                    .execute(
                            job.clientId(),
                            action.idempotencyKey(),
                            action.prepared().arguments().arguments(),
                            text -> progress(job, text));
        } catch (OutcomeUnknownException e) {
            return new Outcome.Lost(job, e.reason());
        } catch (LeaseLostException e) {
            throw e;
        } catch (RuntimeException e) {
            // Ours, and nobody knows how far it came.
            LOG.error("The call of {} for action {} broke", action.provider(), action.actionId(), e);
            return new Outcome.Lost(
                    job, "the call broke (" + e.getClass().getSimpleName() + "); the service's log tells more");
        }
        Failpoint.AFTER_PROVIDER_CALL.pass();
        return new Outcome.Told(job, answer);
    }

    private void lose(Job job, String reason) {
        transactions.run(job.clientId(), () -> recordLost(job, reason));
    }

    private void recordLost(Job job, String reason) {
        job.again(properties.reconcilePause(Duration.ZERO));
        intents.move(job.clientId(), locked(job), new Change.LoseAnswer(reason), reason);
    }

    /** Proves by the way that the job is still ours. */
    private void progress(Job job, String text) {
        transactions.run(job.clientId(), () -> {
            job.again(properties.lease());
            log.progress(job.clientId(), locked(job), text);
        });
    }

    /** Proves by the way that the job is still ours. */
    private void heard(Job job, String text) {
        transactions.run(job.clientId(), () -> {
            job.again(properties.lease());
            settlements.heard(job.clientId(), locked(job), text);
        });
    }

    private void ask(Job job, Action action) {
        Optional<Answer> found;
        try {
            found = settlements.find(job.clientId(), action, text -> heard(job, text));
        } catch (OutcomeUnknownException e) {
            // Where nobody tells, as soon as that may have changed: what is under way may be ours to take back.
            transactions.run(job.clientId(), () -> job.again(reconcilePause(action)));
            return;
        }
        if (action.state() instanceof Unknown) {
            log.reconciled(job.clientId(), action, found.isPresent());
        }
        perform(job, transactions.call(job.clientId(), () -> {
            Action now = locked(job);
            if (!isOpen(now.state())) {
                // Somebody else has heard of its end meanwhile; the next look tells.
                job.again(Duration.ZERO);
                return new Next.Nothing();
            }
            return found.map(answer -> settle(job, now, answer)).orElseGet(() -> notFound(job, now));
        }));
    }

    private static boolean isOpen(ActionState state) {
        return state instanceof Unknown || state instanceof Settling;
    }

    /** What was taken once is not called again, whether or not it can be found. */
    private Next notFound(Job job, Action action) {
        if (action.state() instanceof Settling) {
            job.again(settlePause(action));
            return new Next.Nothing();
        }
        return begin(job, action);
    }

    /** Records what the provider says, and asks again later where that is not its last word. */
    private Next settle(Job job, Action action, Answer answer) {
        Action told = settlements.record(job.clientId(), action, answer);
        if (told.state() instanceof Settling) {
            job.again(settlePause(told));
            return new Next.Nothing();
        }
        return nothing(job);
    }

    /** As long again as the answer has been missed: looks at a line or at the database's health are no questions. */
    private Duration reconcilePause(Action action) {
        return properties.reconcilePause(Duration.between(action.updatedAt(), log.now()));
    }

    /** As long again as it has been waited for. */
    private Duration settlePause(Action action) {
        return properties.settlePause(Duration.between(action.updatedAt(), log.now()));
    }

    private Action locked(Job job) {
        return store.lock(job.subject())
                .orElseThrow(() -> new IllegalStateException("there is no action " + job.subject()));
    }

    /** A client may take a type of its own out of the configuration while actions of it wait. */
    private boolean lost(Job job, Action action) {
        return action.state() instanceof Approved
                && catalogue.find(job.clientId(), action.actionType()).isEmpty();
    }

    private ActionKind kindOf(Job job, Action action) {
        return catalogue.get(job.clientId(), action.actionType());
    }

    /** What is left to do after a transaction. */
    private sealed interface Next {

        record Call(Action action) implements Next {}

        record Ask(Action action) implements Next {}

        record Nothing() implements Next {}
    }
}
