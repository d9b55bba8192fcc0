package io.opsrelay.agent.run;

import io.opsrelay.agent.run.LocalEngine.Draft;
import io.opsrelay.agent.run.LocalEngine.Ending;
import io.opsrelay.agent.run.Run.Facts;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Language;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Starts, works, parks and resumes runs. Each step commits with its events and the end of its job, so that a crash
 * anywhere repeats at most the thinking and never what was said.
 */
@Component
class Runs {

    static final String QUEUE = "agent.runs";
    static final String TRIAGE = "triage";
    static final String RESUME = "resume";

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final RunStore store;
    private final LocalEngine engine;
    private final Outbox outbox;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;
    private final AgentProperties properties;

    Runs(
            RunStore store,
            LocalEngine engine,
            Outbox outbox,
            Jobs jobs,
            ClientTransactions transactions,
            Ids ids,
            Clock clock,
            AgentProperties properties) {
        this.store = store;
        this.engine = engine;
        this.outbox = outbox;
        this.jobs = jobs;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
        this.properties = properties;
    }

    /** A ticket came in: leaves a run and its job. In the listener's transaction. */
    void start(String clientId, TicketReceived ticket) {
        Run run = new Run(
                ids.next(),
                clientId,
                new RunState.Queued(),
                LocalEngine.NAME,
                ticket,
                Facts.none(),
                List.of(),
                null,
                clock.instant(),
                clock.instant());
        store.add(run);
        jobs.add(QUEUE, clientId, run.ticketId().toString(), TRIAGE, run.runId());
    }

    /** What became of an action is known: the run that waits for it goes on. In the listener's transaction. */
    void hear(UUID actionId, News news) {
        Optional<Run> waiting = store.lockedByAction(actionId);
        if (waiting.isEmpty()) {
            return; // An action that no run proposed.
        }
        Run run = waiting.get();
        if (!(run.state() instanceof RunState.Parked) || run.news() != null) {
            LOG.info(
                    "Run {} has its news already, {} comes too late",
                    run.runId(),
                    news.getClass().getSimpleName());
            return;
        }
        store.update(with(run, run.state(), run.facts(), news));
        jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), RESUME, run.runId());
    }

    /** Does a job of the queue. Outside any transaction. */
    void work(Job job) {
        switch (job.kind()) {
            case TRIAGE -> triage(job);
            case RESUME -> transactions.run(job.clientId(), () -> resume(job));
            default -> throw new IllegalStateException("no such kind of job: " + job.kind());
        }
    }

    private void triage(Job job) {
        Run run = transactions.call(job.clientId(), () -> begin(job));
        if (run == null) {
            return;
        }
        long startedAt = System.nanoTime();
        Classification found = engine.classify(run.ticket());
        double millis = (System.nanoTime() - startedAt) / 1_000_000.0;
        transactions.run(job.clientId(), () -> act(job, found, millis));
    }

    private @Nullable Run begin(Job job) {
        Run run = store.locked(job.subject()).orElse(null);
        Optional<RunState> working =
                run == null ? Optional.empty() : run.state().after(new Step.Begin());
        if (run == null || working.isEmpty()) {
            job.done();
            return null;
        }
        if (run.state() instanceof RunState.Queued) {
            outbox.publish(run.clientId(), new RunStarted(run.ticketId(), run.runId(), run.engine()));
        }
        Run begun = with(run, working.get(), run.facts(), null, step("started", "engine " + run.engine()));
        store.update(begun);
        return begun;
    }

    private void act(Job job, Classification found, double millis) {
        job.done();
        Run run = store.locked(job.subject()).orElseThrow();
        Plan plan = engine.plan(run.ticket(), found);
        outbox.publish(run.clientId(), classified(run, found, millis));
        Optional<Draft> draft = engine.draft(plan, found.language());
        draft.ifPresent(reply -> say(run, reply));
        String orderId = plan instanceof Plan.ProposeRefund refund ? refund.orderId() : null;
        Facts facts = new Facts(found.language().code(), found.intent().code(), orderId);
        RunState next = carryOut(run, plan, draft);
        store.update(with(
                run,
                run.state().after(stepTo(next)).orElseThrow(),
                facts,
                null,
                step(
                        "classified",
                        "%s, confidence %.2f".formatted(found.intent().code(), found.confidence())),
                step("planned", plan.toString())));
    }

    private RunState carryOut(Run run, Plan plan, Optional<Draft> draft) {
        return switch (plan) {
            case Plan.ProposeRefund refund -> propose(run, refund);
            case Plan.AskForOrder ask ->
                finish(run, Outcome.ESCALATED, draft, "a refund is asked for, and no order is named");
            case Plan.Answer answer -> finish(run, Outcome.RESOLVED, draft, null);
            case Plan.Thank thank -> finish(run, Outcome.RESOLVED, draft, null);
            case Plan.Ignore ignore -> finish(run, Outcome.RESOLVED, draft, null);
            case Plan.HandOver handOver -> finish(run, Outcome.ESCALATED, draft, handOver.reason());
        };
    }

    private RunState propose(Run run, Plan.ProposeRefund refund) {
        UUID actionId = ids.next();
        outbox.publish(
                run.clientId(),
                new ActionProposed(
                        actionId,
                        run.ticketId(),
                        run.runId(),
                        "refund",
                        Map.of("order_id", refund.orderId()),
                        "ai:" + properties.persona(),
                        run.ticket().customer()));
        outbox.publish(run.clientId(), new RunParked(run.ticketId(), run.runId(), actionId));
        return new RunState.Parked(actionId);
    }

    private void resume(Job job) {
        job.done();
        Run run = store.locked(job.subject()).orElseThrow();
        News news = run.news();
        if (news == null || !(run.state() instanceof RunState.Parked)) {
            return;
        }
        String language = run.facts().language();
        String orderId = run.facts().orderId();
        Ending ending =
                engine.end(news, Language.ofCode(language == null ? "en" : language), orderId == null ? "?" : orderId);
        ending.draft().ifPresent(reply -> say(run, reply));
        RunState finished = finish(run, ending.outcome(), ending.draft(), ending.reason());
        store.update(with(
                run,
                run.state().after(stepTo(finished)).orElseThrow(),
                run.facts(),
                news,
                step("resumed", news.getClass().getSimpleName().toLowerCase(Locale.ROOT))));
    }

    private RunState finish(Run run, Outcome outcome, Optional<Draft> draft, @Nullable String reason) {
        outbox.publish(
                run.clientId(),
                new RunCompleted(
                        run.ticketId(),
                        run.runId(),
                        outcome,
                        draft.map(Draft::text).orElse(null),
                        reason));
        return new RunState.Finished(outcome);
    }

    private void say(Run run, Draft draft) {
        outbox.publish(
                run.clientId(),
                new ReplyDrafted(run.ticketId(), run.runId(), draft.kind(), draft.text(), draft.citations()));
    }

    private static Step stepTo(RunState next) {
        return switch (next) {
            case RunState.Parked parked -> new Step.Park(parked.actionId());
            case RunState.Finished finished -> new Step.Finish(finished.outcome());
            case RunState.Queued queued -> throw new IllegalStateException("a run is not queued again");
            case RunState.Working working -> new Step.Begin();
        };
    }

    private static TicketClassified classified(Run run, Classification found, double millis) {
        return new TicketClassified(
                run.ticketId(),
                run.runId(),
                found.intent().code(),
                found.confidence(),
                found.outOfScope(),
                found.language().code(),
                found.sentiment().name().toLowerCase(Locale.ROOT),
                found.priority().name().toLowerCase(Locale.ROOT),
                LocalEngine.NAME,
                found.modelVersion(),
                millis);
    }

    private Run with(Run run, RunState state, Facts facts, @Nullable News news, StepTaken... taken) {
        List<StepTaken> steps = new ArrayList<>(run.steps());
        steps.addAll(List.of(taken));
        return new Run(
                run.runId(),
                run.clientId(),
                state,
                run.engine(),
                run.ticket(),
                facts,
                steps,
                news,
                run.createdAt(),
                clock.instant());
    }

    private StepTaken step(String name, String detail) {
        return new StepTaken(clock.instant(), name, detail);
    }
}
