package io.opsrelay.agent.run;

import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.labels.ClientClassifier;
import io.opsrelay.agent.persona.Personas;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.persona.Personas.Wanted;
import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.vault.Vault;
import io.opsrelay.agent.workflow.Workflow;
import io.opsrelay.agent.workflow.Workflows;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Reads new tickets and begins their runs. What is slow happens outside any transaction; then the run, its events and the
 * end of its job are committed together, for several runs at once where several wait.
 */
@Component
class Triage {

    /** Where models are asked what tickets are about, which takes its time. */
    static final String QUEUE = "agent.classification";

    private static final String CLASSIFY = "classify";

    private final RunStore store;
    private final LocalEngine engine;
    private final LocalRuns localRuns;
    private final ModelRuns modelRuns;
    private final ModelClassification modelClassification;
    private final Workflows workflows;
    private final Readings readings;
    private final Vault vault;
    private final Personas personas;
    private final ClientClassifier ownLabels;
    private final Outbox outbox;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final Clock clock;

    Triage(
            RunStore store,
            LocalEngine engine,
            LocalRuns localRuns,
            ModelRuns modelRuns,
            ModelClassification modelClassification,
            Workflows workflows,
            Readings readings,
            Vault vault,
            Personas personas,
            ClientClassifier ownLabels,
            Outbox outbox,
            Jobs jobs,
            ClientTransactions transactions,
            Clock clock) {
        this.store = store;
        this.engine = engine;
        this.localRuns = localRuns;
        this.modelRuns = modelRuns;
        this.modelClassification = modelClassification;
        this.workflows = workflows;
        this.readings = readings;
        this.vault = vault;
        this.personas = personas;
        this.ownLabels = ownLabels;
        this.outbox = outbox;
        this.jobs = jobs;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** Works a new ticket. Outside any transaction. */
    void work(Job job) {
        work(job.clientId(), List.of(job), job::done);
    }

    /** Works several new tickets of a client, with one commit for all of them. Outside any transaction. */
    void work(JobQueue.Batch batch) {
        work(batch.clientId(), batch.jobs(), batch::done);
    }

    /**
     * Reads the tickets outside any transaction, and commits what follows from that with the end of the jobs.
     *
     * @param done ends all of the jobs
     */
    private void work(String clientId, List<Job> jobOfEach, Runnable done) {
        Instant began = clock.instant();
        Map<UUID, Job> jobByRun = jobOfEach.stream().collect(Collectors.toMap(Job::subject, job -> job));
        Opened opened = transactions.read(clientId, () -> open(clientId, jobByRun.keySet()));
        if (opened.byModel() && opened.refusal() == null) {
            transactions.run(clientId, () -> {
                done.run();
                each(jobByRun, run -> begun(run, began, null).ifPresent(this::handToModel));
            });
            return;
        }
        Map<UUID, Insight> insights =
                inParallel(opened.runs(), run -> insight(run, opened.mappingOf(run), null, opened.workflow()));
        transactions.run(clientId, () -> {
            done.run();
            personas.prepare(clientId, wantedBy(insights));
            Map<UUID, Run> read = opened.runs().stream().collect(Collectors.toMap(Run::runId, run -> run));
            each(jobByRun, run -> {
                Insight insight = Objects.requireNonNull(insights.get(run.runId()), "the ticket was not read");
                if (!Objects.equals(
                        run.earlier(),
                        Objects.requireNonNull(read.get(run.runId())).earlier())) {
                    // The customer wrote while it was read: what was found out is not about all of it.
                    jobs.add(Runs.QUEUE, run.clientId(), run.ticketId().toString(), Runs.TRIAGE, run.runId());
                    return;
                }
                begun(run, began, employeeFor(run, insight))
                        .ifPresent(begun -> act(fallenBack(begun, opened.refusal()), insight));
            });
        });
    }

    /**
     * Runs as they are when their jobs begin.
     *
     * @param mappings what tokens of their tickets stand for
     * @param workflow that holds now
     * @param refusal why no model is asked although the client wants it
     */
    private record Opened(
            List<Run> runs,
            Map<UUID, Mapping> mappings,
            Workflow workflow,
            @Nullable String refusal) {

        /** Whether a model says what the tickets are about. */
        boolean byModel() {
            return workflow.classifiesByModel();
        }

        Mapping mappingOf(Run run) {
            return mappings.getOrDefault(run.ticketId(), Mapping.none());
        }
    }

    private Opened open(String clientId, Set<UUID> runIds) {
        List<Run> runs = store.all(runIds);
        Workflow workflow = workflows.current();
        return new Opened(
                runs,
                vault.mappings(clientId, runs.stream().map(Run::ticketId).toList()),
                workflow,
                workflow.classifiesByModel() ? modelRuns.refusal(workflow) : null);
    }

    /** Does something with each run, locked, in the name of the event that its job is of. */
    private void each(Map<UUID, Job> jobByRun, Consumer<Run> work) {
        for (Run run : store.locked(jobByRun.keySet())) {
            Objects.requireNonNull(jobByRun.get(run.runId())).caused(() -> work.accept(run));
        }
    }

    /** Questions about texts may wait for a server, so they wait side by side. */
    private static Map<UUID, Insight> inParallel(List<Run> runs, Function<Run, Insight> find) {
        if (runs.size() == 1) {
            return Map.of(runs.getFirst().runId(), find.apply(runs.getFirst()));
        }
        Map<UUID, Insight> found = new ConcurrentHashMap<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(runs.stream()
                            .map(run ->
                                    CompletableFuture.runAsync(() -> found.put(run.runId(), find.apply(run)), threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
        }
        return found;
    }

    /** Who has the run, or gets it; nobody where the client has no AI employee. */
    private @Nullable String employeeFor(Run run, Insight insight) {
        return personas.assignee(run.runId(), wanted(insight.known()))
                .map(Assigned::name)
                .orElse(null);
    }

    /**
     * The run at work, unless it was before or is over; tells that it started. In the run's transaction.
     *
     * @param employee who has it, as far as that is known yet
     */
    private Optional<Run> begun(Run run, Instant at, @Nullable String employee) {
        if (run.state() instanceof RunState.Queued) {
            outbox.publish(run.clientId(), new RunStarted(run.ticketId(), run.runId(), run.engine(), employee));
        }
        return run.state()
                .after(new Step.Begin())
                .map(working -> run.with(
                        working, run.facts(), null, at, new StepTaken(at, "started", "engine " + run.engine())));
    }

    private Run fallenBack(Run run, @Nullable String refusal) {
        return refusal == null
                ? run
                : run.with(
                        run.state(),
                        run.facts(),
                        null,
                        run.updatedAt(),
                        step("fell_back", refusal + "; the local engine classified"));
    }

    private void handToModel(Run run) {
        store.update(run);
        jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), CLASSIFY, run.runId());
    }

    /** Asks a model what the ticket is about, and goes on. Outside any transaction. */
    void classify(Job job) {
        ToClassify given = transactions.call(job.clientId(), () -> handedOver(job));
        if (given == null) {
            return;
        }
        String model = given.model();
        if (model == null) {
            classify(job, given);
            return;
        }
        try (Commitments.Held held =
                modelRuns.hold(job.clientId(), model, given.run().toAnswer().length())) {
            String refusal = held.before() == 0
                    ? null
                    : transactions.read(job.clientId(), () -> modelRuns.refusal(workflows.current(), held.before()));
            classify(job, refusal == null ? given : given.refused(refusal));
        }
    }

    private void classify(Job job, ToClassify given) {
        Insight insight = insight(given.run(), given.mapping(), given.model(), given.workflow());
        transactions.run(job.clientId(), () -> {
            Run run = store.locked(job.subject()).orElseThrow();
            job.done();
            if (!Objects.equals(run.earlier(), given.run().earlier())) {
                jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), CLASSIFY, run.runId());
                return;
            }
            personas.prepare(job.clientId(), wantedBy(Map.of(given.run().runId(), insight)));
            // A person may have taken the ticket meanwhile.
            if (run.state() instanceof RunState.Working) {
                act(fallenBack(run, given.refusal()), insight);
            }
        });
    }

    /**
     * A run that works.
     *
     * @param mapping what tokens of its ticket stand for
     * @param workflow that holds now
     * @param model that says what the ticket is about; null leaves it to the local engine
     * @param refusal why it is left to it although the client wants a model
     */
    private record ToClassify(
            Run run,
            Mapping mapping,
            Workflow workflow,
            @Nullable String model,
            @Nullable String refusal) {

        ToClassify refused(String reason) {
            return new ToClassify(run, mapping, workflow, null, reason);
        }
    }

    private @Nullable ToClassify handedOver(Job job) {
        Run run = store.locked(job.subject()).orElse(null);
        if (run == null || !(run.state() instanceof RunState.Working) || run.dialogue() != null) {
            job.done();
            return null;
        }
        Workflow workflow = workflows.current();
        // Many may have been handed over before the first of them cost anything.
        String refusal = workflow.classifiesByModel() ? modelRuns.refusal(workflow) : null;
        return new ToClassify(
                run,
                vault.mapping(run.clientId(), run.ticketId()),
                workflow,
                workflow.classifiesByModel() && refusal == null ? workflow.engine() : null,
                refusal);
    }

    private Insight insight(Run run, Mapping mapping, @Nullable String model, Workflow workflow) {
        Understanding known = readings.of(run, mapping);
        String text = known.redacted().text();
        return new Insight(
                known,
                ownLabels.classify(run.clientId(), text),
                model == null ? null : modelClassification.ask(run.clientId(), model, text),
                engine.meaningOf(run.clientId(), known),
                workflow.allows(Tool.CHECK_ORDER_STATUS.code()) ? engine.orderOf(run, known) : null,
                readings.before(run, known.redacted().mapping()));
    }

    private static Map<UUID, Wanted> wantedBy(Map<UUID, Insight> insights) {
        Map<UUID, Wanted> wanted = new HashMap<>();
        insights.forEach((runId, insight) -> wanted.put(runId, wanted(insight.known())));
        return wanted;
    }

    private static Wanted wanted(Understanding known) {
        return new Wanted(known.found().intent().code(), known.language());
    }

    private void act(Run run, Insight insight) {
        Understanding known = insight.known();
        vault.keep(run.clientId(), run.ticketId(), insight.mapping());
        outbox.publish(run.clientId(), insight.classified(run).by(employeeFor(run, insight)));
        Run classified = run.with(run.state(), insight.facts(), null, clock.instant(), insight.steps(clock.instant()));
        modelRuns.spendOn(run, insight);
        Assigned employee = personas.assign(run.clientId(), run.runId(), run.ticket(), wanted(known), run.updatedAt())
                .orElse(null);
        Workflow workflow = workflows.current();
        Plan plan = localRuns.plan(classified, known, insight.meaning(), insight.order(), workflow, employee);
        if (!workflow.usesModel() || !modelRuns.wants(workflow, plan)) {
            localRuns.carryOut(classified.withEngine(LocalEngine.NAME), known, plan, employee);
            return;
        }
        String refusal = modelRuns.refusal(workflow);
        if (refusal == null) {
            store.update(modelRuns.open(classified.withEngine(workflow.engine()), workflow, plan, insight, employee));
        } else {
            localRuns.carryOut(
                    classified
                            .withEngine(LocalEngine.NAME)
                            .with(
                                    run.state(),
                                    classified.facts(),
                                    null,
                                    clock.instant(),
                                    step("fell_back", refusal + "; the local engine went on")),
                    known,
                    plan,
                    employee);
        }
    }

    private StepTaken step(String name, String detail) {
        return new StepTaken(clock.instant(), name, detail);
    }
}
