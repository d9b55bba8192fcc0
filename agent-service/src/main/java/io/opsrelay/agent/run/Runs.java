package io.opsrelay.agent.run;

import io.opsrelay.agent.persona.Personas;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.run.Run.Facts;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.workflow.Workflows;
import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    private static final String MESSAGE_TAKEN = "message_taken";

    /** How often a run begins again because the customer writes. */
    private static final int MOST_TAKEN = 5;

    private static final Logger LOG = LoggerFactory.getLogger(Runs.class);

    private final RunStore store;
    private final Triage triage;
    private final Announcements announcements;
    private final Endings endings;
    private final ModelRuns modelRuns;
    private final Workflows workflows;
    private final Personas personas;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;

    Runs(
            RunStore store,
            Triage triage,
            Announcements announcements,
            Endings endings,
            ModelRuns modelRuns,
            Workflows workflows,
            Personas personas,
            Jobs jobs,
            ClientTransactions transactions,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.triage = triage;
        this.announcements = announcements;
        this.endings = endings;
        this.modelRuns = modelRuns;
        this.workflows = workflows;
        this.personas = personas;
        this.jobs = jobs;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /** Events are about to be applied together: locks all runs that they change. In the listener's transaction. */
    void prepare(List<Event> events) {
        Set<UUID> tickets = new HashSet<>();
        Set<UUID> actions = new HashSet<>();
        for (Event event : events) {
            switch (event) {
                case StatusSet set -> tickets.add(set.ticketId());
                case CustomerErased erased -> tickets.add(erased.ticketId());
                case ActionEvent action -> actions.add(action.actionId());
                case ApprovalEvent approval -> actions.add(approval.actionId());
                default -> {
                    // It changes no run that is there.
                }
            }
        }
        store.lock(tickets, actions);
    }

    /** Writes what the running transaction has changed so far, for who goes by the tables. */
    void flush() {
        store.flush();
    }

    /** A ticket came in: leaves a run and its job. In the listener's transaction. */
    void start(String clientId, TicketReceived ticket) {
        start(ids.next(), clientId, ticket, null);
    }

    /** A ticket comes again: leaves a run that knows what was said so far, and its job. In the listener's transaction. */
    void start(String clientId, RunRequested requested) {
        start(requested.runId(), clientId, requested.ticket(), Earlier.of(requested));
    }

    private void start(UUID runId, String clientId, TicketReceived ticket, @Nullable Earlier earlier) {
        Run run = new Run(
                runId,
                clientId,
                new RunState.Queued(),
                workflows.current().engine(),
                ticket,
                Facts.none(),
                List.of(),
                null,
                null,
                earlier,
                clock.instant(),
                clock.instant());
        store.add(run);
        jobs.add(QUEUE, clientId, run.ticketId().toString(), TRIAGE, run.runId());
    }

    /**
     * A person has the ticket: its runs end, but for one whose action is under way. What a worker makes of such a run at
     * this moment comes too late. In the listener's transaction.
     */
    void stop(StatusSet set) {
        String reason = set.by() + " set the ticket to " + set.status();
        for (Run run : store.lockedAtWork(set.ticketId())) {
            announcements.finish(run, Outcome.ESCALATED, Optional.empty(), reason);
            store.update(run.with(
                    run.state().after(new RunState.Step.Stop()).orElseThrow(),
                    run.facts(),
                    null,
                    clock.instant(),
                    new StepTaken(clock.instant(), "stopped", reason)));
        }
    }

    /**
     * The customer wrote again: the run that works on the ticket begins again with all that was said, unless it has proposed
     * something already, or has begun again so often that the customer would wait for ever. What a worker makes of what the
     * run knew before comes too late. Where it may have been somebody else who wrote, no run asks for what a customer
     * alone may have any more, whether it takes that in or not. In the listener's transaction.
     */
    void hear(CustomerReplied replied) {
        if (!replied.verified()) {
            store.doubtCustomer(replied.ticketId());
        }
        Optional<Run> working = store.lockedAtWork(replied.ticketId()).stream()
                .filter(run -> replied.runId() == null || replied.runId().equals(run.runId()))
                .reduce((earlier, later) -> later);
        if (working.isEmpty()
                || store.hasProposals(working.get().runId())
                || working.get().steps().stream()
                                .filter(taken -> taken.step().equals(MESSAGE_TAKEN))
                                .count()
                        >= MOST_TAKEN) {
            return; // Whoever ends the ticket is followed by a run that knows of it.
        }
        Run run = working.get();
        boolean modelHasIt = run.dialogue() != null;
        announcements.heard(run, replied.seq());
        Run hearing = run.hearing(replied.said(), replied.verified());
        store.hear(hearing.with(
                run.state(),
                run.facts(),
                null,
                clock.instant(),
                new StepTaken(clock.instant(), MESSAGE_TAKEN, "the customer wrote again; begun again with all of it")));
        if (modelHasIt) {
            jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), TRIAGE, run.runId());
        }
    }

    /** What became of an action is known: the run that waits for it goes on. In the listener's transaction. */
    void hear(UUID actionId, News news) {
        Optional<Run> withModel = store.lockedByProposal(actionId);
        if (withModel.isPresent()) {
            modelRuns.hear(withModel.get(), actionId, news);
            return;
        }
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
        store.update(run.with(run.state(), run.facts(), news, clock.instant()));
        jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), RESUME, run.runId());
    }

    /** Does a job of the queue. Outside any transaction. */
    void work(Job job) {
        switch (job.kind()) {
            case TRIAGE -> triage.work(job);
            case RESUME -> transactions.run(job.clientId(), () -> resume(job));
            default -> throw new IllegalStateException("no such kind of job: " + job.kind());
        }
    }

    /** A job of a run that no try helps: the run fails. Outside any transaction. */
    void abandon(Job job, Throwable failure) {
        transactions.run(job.clientId(), () -> {
            job.done();
            store.locked(job.subject()).ifPresent(run -> endings.fail(run, failure));
        });
    }

    private void resume(Job job) {
        job.done();
        Run run = store.locked(job.subject()).orElseThrow();
        News news = run.news();
        if (news == null || !(run.state() instanceof RunState.Parked)) {
            return;
        }
        Assigned employee = personas.resumed(run.clientId(), run.runId()).orElse(null);
        endings.end(run, news, run.facts().orderId(), employee);
    }
}
