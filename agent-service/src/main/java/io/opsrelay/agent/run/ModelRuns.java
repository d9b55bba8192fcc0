package io.opsrelay.agent.run;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.model.Answer;
import io.opsrelay.agent.model.Model;
import io.opsrelay.agent.model.ModelUnavailableException;
import io.opsrelay.agent.model.Models;
import io.opsrelay.agent.model.Usage;
import io.opsrelay.agent.offer.OfferedActions;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.persona.Personas;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.run.Lookups.Looked;
import io.opsrelay.agent.run.ModelClassification.Attempt;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.tool.Toolbox;
import io.opsrelay.agent.vault.Vault;
import io.opsrelay.agent.workflow.Workflow;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Runs in which a model chooses the steps. Each of its answers is one job: asked for outside any transaction, then taken
 * with its effects and the next job in one. So a crash asks again at most, and any process goes on.
 */
@Component
class ModelRuns {

    static final String QUEUE = "agent.models";
    static final String TURN = "turn";

    /** As what the meanings of questions are counted. */
    private static final String EMBEDDING = "embedding";

    private final RunStore store;
    private final Announcements announcements;
    private final LocalEngine engine;
    private final Endings endings;
    private final LocalRuns localRuns;
    private final Readings readings;
    private final Vault vault;
    private final Discretion discretion;
    private final Personas personas;
    private final Models models;
    private final Commitments commitments;
    private final Lookups lookups;
    private final OfferedActions offered;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final Ids ids;
    private final Clock clock;

    ModelRuns(
            RunStore store,
            Announcements announcements,
            LocalEngine engine,
            Endings endings,
            LocalRuns localRuns,
            Readings readings,
            Vault vault,
            Discretion discretion,
            Personas personas,
            Models models,
            Commitments commitments,
            Lookups lookups,
            OfferedActions offered,
            Jobs jobs,
            ClientTransactions transactions,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.announcements = announcements;
        this.engine = engine;
        this.endings = endings;
        this.localRuns = localRuns;
        this.readings = readings;
        this.vault = vault;
        this.discretion = discretion;
        this.personas = personas;
        this.models = models;
        this.commitments = commitments;
        this.lookups = lookups;
        this.offered = offered;
        this.jobs = jobs;
        this.transactions = transactions;
        this.ids = ids;
        this.clock = clock;
    }

    /** Why this run gets no model although its client wants one, or null if it gets one. */
    @Nullable
    String refusal(Workflow workflow) {
        return refusal(workflow, 0);
    }

    /** @param committed millionths of a US dollar that will be spent, beside those that are */
    @Nullable
    String refusal(Workflow workflow, long committed) {
        if (models.named(workflow.engine()).isEmpty()) {
            return unknown(workflow.engine());
        }
        return store.spentMicros(today()) + committed >= workflow.limits().dailyMicros()
                ? "today's budget is used up"
                : null;
    }

    private static String unknown(String model) {
        return "no model " + model + " is configured";
    }

    /** Whether a model has anything to do: all of it in a loop, of a pipeline only the wording of an answer. */
    boolean wants(Workflow workflow, Plan plan) {
        return switch (workflow.mode()) {
            case REACT ->
                !(plan instanceof Plan.Ignore) && !(plan instanceof Plan.HandOver handOver && handOver.byRule());
            case PIPELINE -> plan instanceof Plan.Answer;
        };
    }

    /**
     * Hands a classified run to the model. In the run's transaction; the caller stores the run.
     *
     * @param insight what is known of the ticket: a model sees its text without personal data only
     */
    Run open(Run run, Workflow workflow, Plan plan, Insight insight, @Nullable Assigned employee) {
        String redacted = insight.told();
        Attempt asked = insight.asked();
        Map<String, Passage> passages = new LinkedHashMap<>();
        if (workflow.mode() == Workflow.Mode.PIPELINE && plan instanceof Plan.Answer answer) {
            answer.passages().forEach(passage -> passages.put("p" + (passages.size() + 1), passage));
        }
        String mark = Prompt.mark(ids);
        List<ChatMessage> messages = List.of(
                SystemMessage.from(Prompt.system(Endings.voiceOf(run, employee), mark)),
                UserMessage.from(
                        passages.isEmpty()
                                ? Prompt.ticket(redacted, mark)
                                : Prompt.toBeWorded(redacted, passages, mark)));
        jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), TURN, run.runId());
        return run.with(new Dialogue(
                workflow.engine(),
                workflow,
                employee,
                Dialogue.transcriptOf(messages),
                0,
                asked == null ? Usage.NONE : asked.usage(),
                asked == null ? 0 : asked.millis(),
                passages,
                List.of(),
                List.of()));
    }

    /** What became of an action is known; the run goes on once that holds for all of its actions. */
    void hear(Run run, UUID actionId, News news) {
        if (store.hear(actionId, news)
                && run.state() instanceof RunState.Parked
                && store.proposals(run.runId()).stream().allMatch(proposal -> proposal.news() != null)) {
            jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), TURN, run.runId());
        }
    }

    /** One answer of the model. Outside any transaction. */
    void turn(Job job) {
        Run run = transactions.call(job.clientId(), () -> ready(job));
        if (run == null) {
            return;
        }
        Dialogue dialogue = run.conversation();
        try (Commitments.Held held = hold(
                job.clientId(),
                dialogue.model(),
                dialogue.transcript().toString().length())) {
            turn(job, run, held.before());
        }
    }

    /** Holds what an answer of that model will likely cost. */
    Commitments.Held hold(String clientId, String model, int characters) {
        return commitments.hold(
                clientId,
                models.named(model).map(known -> known.likelyMicros(characters)).orElse(0L));
    }

    private void turn(Job job, Run run, long committed) {
        Dialogue dialogue = run.conversation();
        Model model = models.named(dialogue.model()).orElse(null);
        Asking asking = transactions.read(
                job.clientId(), () -> new Asking(refusal(dialogue.workflow(), committed), offered.idleTools()));
        if (model == null) {
            fallBack(job, run, unknown(dialogue.model()));
            return;
        }
        String refusal = asking.refusal();
        if (refusal != null) {
            fallBack(job, run, refusal);
            return;
        }
        long began = System.nanoTime();
        Toolbox toolbox = lookups.toolbox(run, asking.idle());
        Answer answer;
        try {
            answer = model.ask(run.clientId(), dialogue.messages(), toolbox.specifications(), dialogue.timeLeft());
        } catch (ModelUnavailableException e) {
            Dialogue after = dialogue.after(millisSince(began));
            String limit = after.limitReached();
            if (limit == null) {
                fallBack(job, run, e.reason());
            } else {
                transactions.run(job.clientId(), () -> escalate(job, dialogue, after, limit));
            }
            return;
        }
        Looked looked = lookups.lookUp(run, toolbox, answer);
        long millis = millisSince(began);
        transactions.run(job.clientId(), () -> take(job, dialogue, answer, toolbox, looked, millis));
    }

    private void escalate(Job job, Dialogue asked, Dialogue after, String limit) {
        job.done();
        Run run = store.locked(job.subject()).orElseThrow();
        if (goesOn(run, asked)) {
            endings.escalate(run.with(after), limit);
        }
    }

    private static long millisSince(long began) {
        return Duration.ofNanos(System.nanoTime() - began).toMillis();
    }

    /**
     * What is to be known before a model is asked.
     *
     * @param refusal why it is not asked, or null
     * @param idle tools that nobody would carry out
     */
    private record Asking(@Nullable String refusal, Set<Tool> idle) {}

    /** The run as the model shall see it, or null if there is nothing to ask. */
    private @Nullable Run ready(Job job) {
        Run run = store.locked(job.subject()).orElse(null);
        if (run == null || run.dialogue() == null || run.state() instanceof RunState.Finished) {
            job.done();
            return null;
        }
        if (run.state() instanceof RunState.Parked) {
            run = resumed(job, run);
            if (run == null) {
                return null;
            }
        }
        String limit = run.conversation().limitReached();
        if (limit != null) {
            job.done();
            endings.escalate(run, limit);
            return null;
        }
        return run;
    }

    /** Tells the model what became of its actions, unless that ends the run. */
    private @Nullable Run resumed(Job job, Run run) {
        List<Proposal> open = openProposals(run);
        if (open.stream().anyMatch(proposal -> proposal.news() == null)) {
            job.done();
            return null;
        }
        for (Proposal proposal : open) {
            // What a person wrote in the action's stead is the reply, and what nobody decided is a person's matter.
            if (proposal.news() instanceof News.Answered || proposal.news() instanceof News.Lapsed) {
                job.done();
                end(run, proposal);
                return null;
            }
        }
        personas.resumed(run.clientId(), run.runId());
        Dialogue dialogue = run.conversation();
        List<ChatMessage> messages = dialogue.messages();
        List<String> outcomes = new ArrayList<>(dialogue.outcomes());
        Discretion.Listening listening = discretion.to(run);
        for (Proposal proposal : open) {
            News news = Objects.requireNonNull(proposal.news());
            String outcome = Outcomes.inWords(proposal, news, listening);
            messages.add(ToolExecutionResultMessage.from(proposal.callId(), proposal.tool(), outcome));
            outcomes.add(outcome);
        }
        listening.keep();
        Run next = run.with(
                        run.state().after(new Step.Resume()).orElseThrow(),
                        run.facts(),
                        null,
                        clock.instant(),
                        step("resumed", String.join("; ", outcomes)))
                .with(new Dialogue(
                        dialogue.model(),
                        dialogue.workflow(),
                        dialogue.employee(),
                        Dialogue.transcriptOf(messages),
                        dialogue.answers(),
                        dialogue.usage(),
                        dialogue.busyMillis(),
                        dialogue.passages(),
                        dialogue.learnt(),
                        outcomes));
        store.update(next);
        return next;
    }

    /** Those whose results the model has not been told. */
    private List<Proposal> openProposals(Run run) {
        Set<String> answered = new HashSet<>();
        run.conversation().messages().forEach(message -> {
            if (message instanceof ToolExecutionResultMessage result) {
                answered.add(result.id());
            }
        });
        return store.proposals(run.runId()).stream()
                .filter(proposal -> !answered.contains(proposal.callId()))
                .toList();
    }

    private void take(Job job, Dialogue asked, Answer answer, Toolbox offered, Looked looked, long millis) {
        Run run = store.locked(job.subject()).orElseThrow();
        // What it used before its first answer it used to classify.
        boolean first = asked.answers() == 0 && asked.usage().tokens() == 0;
        store.spend(run.clientId(), today(), asked.model(), answer.usage(), first);
        job.done();
        if (!goesOn(run, asked)) {
            return;
        }
        spendOn(run, looked.meanings().values());
        boolean again = new Turn(
                        store,
                        announcements,
                        engine,
                        endings,
                        clock,
                        run,
                        answer,
                        offered,
                        looked.redacted(() -> discretion.to(run)),
                        millis)
                .carryOut();
        if (again) {
            // A job of its own: tries are counted for each answer, not over all of them.
            jobs.add(QUEUE, run.clientId(), run.ticketId().toString(), TURN, run.runId());
        }
    }

    /** Whether the run still is where it was when the model was asked: a person or the customer may have come between. */
    private static boolean goesOn(Run run, Dialogue asked) {
        Dialogue now = run.dialogue();
        return run.state() instanceof RunState.Working
                && now != null
                && now.answers() == asked.answers()
                // Each dialogue begins with a mark of its own.
                && now.transcript().path(0).equals(asked.transcript().path(0));
    }

    /** Counts what finding out about the ticket cost toward the client's day. In the run's transaction. */
    void spendOn(Run run, Insight insight) {
        Attempt asked = insight.asked();
        if (asked != null && asked.usage().tokens() > 0) {
            store.spend(run.clientId(), today(), asked.model(), asked.usage(), true);
        }
        spendOn(run, List.of(insight.meaning()));
    }

    /** Counts what the meanings of questions cost toward the client's day. In the run's transaction. */
    void spendOn(Run run, Collection<Meaning> meanings) {
        Usage usage = meanings.stream().map(Meaning::usage).reduce(Usage.NONE, Usage::plus);
        if (usage.tokens() > 0) {
            store.spend(run.clientId(), today(), EMBEDDING, usage, false);
        }
    }

    /** The model is no use: the local engine ends the run, from where it stands. Outside any transaction. */
    private void fallBack(Job job, Run run, String reason) {
        String language = run.facts().language();
        Understanding read = readings.of(
                run, transactions.read(job.clientId(), () -> vault.mapping(run.clientId(), run.ticketId())));
        Understanding known = language == null ? read : read.in(language);
        Meaning meaning = engine.meaningOf(run.clientId(), known);
        Orders.Found order = run.conversation().workflow().allows(Tool.CHECK_ORDER_STATUS.code())
                ? engine.orderOf(run, known)
                : null;
        transactions.run(job.clientId(), () -> fallBack(job, run.conversation(), known, meaning, order, reason));
    }

    private void fallBack(
            Job job,
            Dialogue asked,
            Understanding known,
            Meaning meaning,
            Orders.@Nullable Found order,
            String reason) {
        job.done();
        Run run = store.locked(job.subject()).orElseThrow();
        if (!goesOn(run, asked)) {
            return;
        }
        Run told = run.withEngine(LocalEngine.NAME)
                .with(
                        run.state(),
                        run.facts(),
                        null,
                        clock.instant(),
                        step("fell_back", reason + "; the local engine went on"));
        List<Proposal> settled = store.proposals(run.runId()).stream()
                .filter(proposal -> proposal.news() != null)
                .toList();
        if (settled.isEmpty()) {
            spendOn(run, List.of(meaning));
            localRuns.carryOut(
                    told,
                    known,
                    localRuns.plan(
                            told,
                            known,
                            meaning,
                            order,
                            run.conversation().workflow(),
                            run.conversation().employee()),
                    run.conversation().employee());
        } else {
            Proposal last = settled.getLast();
            end(told, last);
        }
    }

    private void end(Run run, Proposal proposal) {
        endings.end(
                run,
                Objects.requireNonNull(proposal.news()),
                proposal.orderId(),
                run.conversation().employee());
    }

    private LocalDate today() {
        return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
    }

    private StepTaken step(String name, String detail) {
        return new StepTaken(clock.instant(), name, detail);
    }
}
