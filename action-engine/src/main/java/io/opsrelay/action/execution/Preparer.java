package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.CanonicalArguments;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.execution.ActionState.Edit;
import io.opsrelay.action.execution.ActionState.Requested;
import io.opsrelay.action.guardrail.Attempt;
import io.opsrelay.action.guardrail.Finding;
import io.opsrelay.action.guardrail.Guardrails;
import io.opsrelay.action.guardrail.Replicas;
import io.opsrelay.action.guardrail.Verdict;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Resolves and checks an action's arguments, for the first time or after an edit. */
@Component
class Preparer {

    private static final Logger LOG = LoggerFactory.getLogger(Preparer.class);
    private static final String UNKNOWN_TYPE = "unknown_action_type";
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final ActionLog log;
    private final Catalogue catalogue;
    private final Guardrails guardrails;

    Preparer(
            ClientTransactions transactions,
            ActionStore store,
            ActionLog log,
            Catalogue catalogue,
            Guardrails guardrails) {
        this.transactions = transactions;
        this.store = store;
        this.log = log;
        this.catalogue = catalogue;
        this.guardrails = guardrails;
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
        Prepared prepared = new Prepared(job, action, requested, prepare(clientId, action, requested));
        transactions.run(clientId, () -> {
            job.done();
            record(clientId, List.of(prepared));
        });
    }

    /** Does several: each asks its provider by itself, and those that have their answers share a transaction. */
    void work(JobQueue.Batch batch) {
        String clientId = batch.clientId();
        Map<UUID, Action> actions =
                transactions
                        .read(
                                clientId,
                                () -> store.find(
                                        batch.jobs().stream().map(Job::subject).toList()))
                        .stream()
                        .collect(Collectors.toMap(Action::actionId, Function.identity()));
        List<Callable<Try>> work = new ArrayList<>();
        for (Job job : batch.jobs()) {
            Action action = Objects.requireNonNull(actions.get(job.subject()), "there is no such action");
            if (action.state() instanceof Requested requested) {
                work.add(() -> attempt(clientId, job, action, requested));
            } else {
                transactions.run(clientId, job::done);
            }
        }
        Together.inGroups(work, some -> record(clientId, batch, some));
    }

    private Try attempt(String clientId, Job job, Action action, Requested requested) {
        try {
            return new Try(job, new Prepared(job, action, requested, prepare(clientId, action, requested)));
        } catch (RuntimeException e) {
            LOG.warn("{} {} could not be prepared, again soon", action.actionType(), action.actionId(), e);
            return new Try(job, null);
        }
    }

    private void record(String clientId, JobQueue.Batch batch, List<Try> tries) {
        List<Prepared> prepared =
                tries.stream().map(Try::prepared).filter(Objects::nonNull).toList();
        transactions.run(clientId, () -> {
            batch.done(prepared.stream().map(Prepared::job).toList());
            tries.stream().filter(one -> one.prepared() == null).forEach(one -> one.job()
                    .again(AFTER_FAILURE));
            record(clientId, prepared);
        });
    }

    /** @param prepared absent where that failed */
    private record Try(Job job, @Nullable Prepared prepared) {}

    private record Prepared(Job job, Action action, Requested requested, Preparation preparation) {}

    private Preparation prepare(String clientId, Action action, Requested requested) {
        return catalogue
                .find(clientId, action.actionType())
                .map(kind -> kind.prepare(EditedActions.proposal(clientId, action, editOf(requested))))
                .orElseGet(() -> new Preparation.Refused(
                        UNKNOWN_TYPE, "nothing here can do actions of the type " + action.actionType()));
    }

    private static Map<String, Object> editOf(Requested requested) {
        Edit edit = requested.edit();
        return edit == null ? Map.of() : edit.arguments();
    }

    private void record(String clientId, List<Prepared> all) {
        store.lock(all.stream().map(done -> done.action().actionId()).toList());
        List<Prepared> current = all.stream().filter(this::stillWanted).toList();
        List<Attempt> attempts = current.stream()
                .filter(done -> done.preparation() instanceof Preparation.Ready)
                .map(done -> attempt(done, (Preparation.Ready) done.preparation()))
                .toList();
        Iterator<Verdict> verdicts = attempts.isEmpty()
                ? Collections.emptyIterator()
                : guardrails.look(clientId, attempts).iterator();
        for (Prepared done : current) {
            Verdict verdict = done.preparation() instanceof Preparation.Ready ? verdicts.next() : null;
            done.job().caused(() -> record(clientId, done, verdict));
        }
    }

    /** Not the revision: a refused grant, which anybody on the broker can cause, counts it up, too. */
    private boolean stillWanted(Prepared done) {
        Action before = done.action();
        return store.lock(before.actionId())
                .filter(now ->
                        now.state().equals(before.state()) && Objects.equals(now.preparation(), before.preparation()))
                .isPresent();
    }

    private static Attempt attempt(Prepared done, Preparation.Ready ready) {
        return new Attempt(
                done.action().actionId(),
                done.action().actionType(),
                ready.target(),
                ready.effect().money(),
                Replicas.of(ready.arguments(), ready.effect().details()),
                done.requested().edit() == null ? done.action().breakGlass() : null);
    }

    private void record(String clientId, Prepared done, @Nullable Verdict verdict) {
        Action action = store.lock(done.action().actionId()).orElseThrow();
        Edit edit = done.requested().edit();
        switch (done.preparation()) {
            case Preparation.Ready ready -> {
                Finding barring = verdict == null ? null : verdict.barring().orElse(null);
                if (verdict != null && barring != null) {
                    Change.Guardrail guardrail = new Change.Guardrail(barring.rule(), verdict.version());
                    refuse(clientId, action, edit, "guardrail_refused", barring.text(), guardrail);
                    return;
                }
                String other = otherTarget(action, ready);
                if (other != null) {
                    refuse(clientId, action, edit, "undoes_another_target", other, null);
                    return;
                }
                CanonicalArguments canonical = CanonicalArguments.of(ready.arguments());
                Action.Preparation made = new Action.Preparation(
                        action.preparation() == null ? 1 : action.preparation().version() + 1,
                        canonical,
                        canonical.hash(),
                        ready.effect(),
                        edit == null ? null : edit.by(),
                        ready.target(),
                        ready.environment());
                log.move(
                        clientId,
                        action.with(made, ready.provider()),
                        new Change.Prepare(),
                        ready.effect().summary());
            }
            case Preparation.Refused refused -> refuse(clientId, action, edit, refused.code(), refused.reason(), null);
        }
    }

    /** Why it does not undo what it says; null if it does, or says nothing. */
    private @Nullable String otherTarget(Action action, Preparation.Ready ready) {
        UUID undone = action.origin().undoes();
        return undone == null
                ? null
                : store.find(undone)
                        .map(done -> done.prepared().target())
                        .filter(target -> !target.equals(ready.target()))
                        .map(target -> "action " + undone + " touched " + target + ", and this would touch "
                                + (ready.target() == null ? "nothing in particular" : ready.target()))
                        .orElse(null);
    }

    /** Who edits wants something else, and not nothing: what an edit cannot have leaves what stood before it to be decided. */
    private void refuse(
            String clientId,
            Action action,
            @Nullable Edit edit,
            String code,
            String reason,
            Change.@Nullable Guardrail by) {
        Action.Preparation before = action.preparation();
        String text = code + ": " + reason;
        if (edit == null || before == null || code.equals(UNKNOWN_TYPE)) {
            log.move(clientId, action, new Change.RefusePreparation(code, reason, by), text);
            return;
        }
        log.move(
                clientId,
                action.with(before.again(), String.valueOf(action.provider())),
                new Change.RefuseEdit("the edit by " + edit.by() + " cannot be made: " + reason, by),
                "the edit by " + edit.by() + " cannot be made, and what was prepared before stands: " + text);
    }
}
