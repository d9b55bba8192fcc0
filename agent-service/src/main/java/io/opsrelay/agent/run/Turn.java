package io.opsrelay.agent.run;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import io.opsrelay.agent.classify.SpokenLanguages;
import io.opsrelay.agent.draft.ReplyCheck;
import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.model.Answer;
import io.opsrelay.agent.owntool.Told;
import io.opsrelay.agent.run.LocalEngine.Draft;
import io.opsrelay.agent.run.Lookups.Looked;
import io.opsrelay.agent.run.Run.StepTaken;
import io.opsrelay.agent.run.RunState.Step;
import io.opsrelay.agent.tool.Call;
import io.opsrelay.agent.tool.Toolbox;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.Citation;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One answer and what follows from it. */
final class Turn {

    /** Most calls of one answer that are looked at. */
    static final int MOST_CALLS = 8;

    private static final int MOST_ACTIONS = 3;

    private final RunStore store;
    private final Announcements announcements;
    private final LocalEngine engine;
    private final Endings endings;
    private final Clock clock;

    private final Run run;
    private final Dialogue dialogue;
    private final Answer answer;
    private final Looked looked;
    private final long millis;
    private final List<ChatMessage> messages;
    private final Map<String, Passage> passages;
    private final List<StepTaken> steps = new ArrayList<>();
    private final List<String> learnt = new ArrayList<>();
    private final List<Called> calls;
    private final ToolCalls told = new ToolCalls();
    /** Types of the actions that it proposes. */
    private final List<String> proposed = new ArrayList<>();

    /**
     * @param offered the tools that the model was told of
     * @param looked what was found out of what the answer asks for elsewhere
     * @param millis time the answer took
     */
    Turn(
            RunStore store,
            Announcements announcements,
            LocalEngine engine,
            Endings endings,
            Clock clock,
            Run run,
            Answer answer,
            Toolbox offered,
            Looked looked,
            long millis) {
        this.store = store;
        this.announcements = announcements;
        this.engine = engine;
        this.endings = endings;
        this.clock = clock;
        this.run = run;
        this.dialogue = run.conversation();
        this.answer = answer;
        this.looked = looked;
        this.millis = millis;
        this.messages = dialogue.messages();
        this.passages = new LinkedHashMap<>(dialogue.passages());
        this.learnt.addAll(dialogue.learnt());
        AiMessage said = numbered(answer.message());
        messages.add(said);
        this.calls = said.toolExecutionRequests().stream()
                .map(request -> new Called(request, offered.read(request)))
                .toList();
    }

    /** Some servers leave out the ids of calls, or repeat them; results need them. */
    private AiMessage numbered(AiMessage said) {
        if (!said.hasToolExecutionRequests()) {
            return AiMessage.from(storable(String.valueOf(said.text())));
        }
        List<ToolExecutionRequest> requests = new ArrayList<>();
        for (ToolExecutionRequest request : said.toolExecutionRequests()) {
            if (requests.size() == MOST_CALLS) {
                break;
            }
            requests.add(ToolExecutionRequest.builder()
                    .id("call-" + dialogue.answers() + "-" + requests.size())
                    .name(storable(String.valueOf(request.name())))
                    .arguments(request.arguments() == null ? null : storable(request.arguments()))
                    .build());
        }
        String text = said.text();
        return text == null || text.isBlank() ? AiMessage.from(requests) : AiMessage.from(storable(text), requests);
    }

    /** Without what the database cannot keep: it would refuse the turn, and the model would be asked without end. */
    private static String storable(String text) {
        return new String(text.replace('\0', ' ').getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /** Returns whether the model is to be asked again at once. */
    boolean carryOut() {
        Call.Escalate escalation = first(Call.Escalate.class);
        if (escalation != null) {
            String suggested = escalation.suggestedAction();
            endings.escalate(
                    stored(),
                    suggested == null ? escalation.reason() : escalation.reason() + " (suggested: " + suggested + ")");
            return false;
        }
        UUID waitingFor = results();
        if (waitingFor != null) {
            Run changed = stored();
            store.update(changed.with(
                    run.state().after(new Step.Park(waitingFor)).orElseThrow(), run.facts(), null, clock.instant()));
            announcements.park(run, waitingFor, proposed);
            return false;
        }
        Call.Reply reply = calls.isEmpty()
                ? new Call.Reply(storable(String.valueOf(answer.message().text())), List.of())
                : first(Call.Reply.class);
        if (reply != null) {
            Optional<String> objection = answer.cutOff() ? Optional.of("the reply was cut off") : objection(reply);
            if (objection.isEmpty()) {
                send(reply);
                return false;
            }
            steps.add(step("reply_refused", objection.get()));
            refuse(reply, objection.get());
        }
        store.update(stored());
        return true;
    }

    private <C extends Call> @Nullable C first(Class<C> kind) {
        return calls.stream()
                .map(Called::call)
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst()
                .orElse(null);
    }

    /** Answers the calls that need nobody, and proposes the actions; returns the first of those, if any. */
    private @Nullable UUID results() {
        UUID first = null;
        Set<String> known = new HashSet<>();
        store.proposals(run.runId()).forEach(before -> known.add(before.tool() + " " + before.orderId()));
        Set<String> actedOn = run.earlier() == null ? Set.of() : store.ordersOfOtherRuns(run);
        boolean acts = calls.stream().anyMatch(called -> called.call() instanceof Call.Act);
        for (Called called : calls) {
            switch (called.call()) {
                case Call.Search search -> result(called, found(search));
                case Call.OrderStatus order -> result(called, orderStatus(order));
                case Call.Ask ask -> result(called, answerTo(ask));
                case Call.Refused refused -> {
                    told.refused(called.request().name(), Map.of(), refused.reason());
                    steps.add(step("call_refused", called.request().name() + ": " + refused.reason()));
                    result(called, "refused: " + refused.reason());
                }
                case Call.Act act -> {
                    String orderId = (String) act.arguments().get("order_id");
                    if (orderId != null && actedOn.contains(orderId.strip().toLowerCase(Locale.ROOT))) {
                        refuse(called, act, "another run of this ticket acted on that order; leave it to a person");
                    } else if (!known.add(act.tool().code() + " " + orderId) || known.size() > MOST_ACTIONS) {
                        refuse(called, act, "this run has asked for that, or for enough, already");
                    } else {
                        UUID actionId =
                                announcements.propose(run, act.actionType(), act.arguments(), dialogue.employee());
                        store.addProposal(
                                run.clientId(),
                                run.runId(),
                                new Proposal(
                                        actionId,
                                        called.request().id(),
                                        act.tool().code(),
                                        orderId,
                                        null));
                        proposed.add(act.actionType());
                        steps.add(step("proposed", act.actionType() + " " + act.arguments()));
                        first = first == null ? actionId : first;
                    }
                }
                case Call.Reply _
                when acts -> result(called, "not sent: an action is under way; reply when you know what became of it");
                case Call.Reply _, Call.Escalate _ -> {}
            }
        }
        told.tell(announcements, run, dialogue.answers() + 1);
        return first;
    }

    private void refuse(Called called, Call.Act act, String reason) {
        told.refused(act.tool().code(), act.arguments(), reason);
        result(called, "refused: " + reason);
    }

    private void result(Called called, String text) {
        messages.add(ToolExecutionResultMessage.from(called.request(), text));
    }

    private String found(Call.Search search) {
        Meaning meaning = looked.meaningOf(search);
        long began = System.nanoTime();
        List<Passage> hits = engine.search(search.query(), meaning, run.facts());
        told.searched(search.query(), hits.size(), (System.nanoTime() - began) / 1e6);
        steps.add(step(
                "searched",
                search.query() + ": " + hits.size() + " passages"
                        + (meaning.note() == null ? "" : ", by full text alone: " + meaning.note())));
        if (hits.isEmpty()) {
            return "nothing was found";
        }
        StringBuilder out = new StringBuilder();
        for (Passage hit : hits) {
            String id = "p" + (passages.size() + 1);
            passages.put(id, hit);
            out.append(Prompt.quoted(id, hit)).append("\n\n");
        }
        return out.toString().strip();
    }

    private String orderStatus(Call.OrderStatus order) {
        Told found = looked.of(order);
        told.lookedUp(order.orderId(), found);
        steps.add(step("looked_up", order.orderId() + ": " + found.text()));
        learnt.add(found.text());
        return found.text();
    }

    /**
     * What others say is told as data in a frame; a reply may state what a tool knows, not what it complains of, and no link
     * that the tool was given.
     */
    private String answerTo(Call.Ask ask) {
        Told found = looked.of(ask);
        told.asked(ask, found);
        steps.add(step("called", ask.tool().code() + ": " + found.status() + " in " + found.millis() + " ms"));
        return switch (found.kind()) {
            case ANSWER -> {
                List<String> said = ticketAsToldOf();
                said.add(run.ticket().subject());
                said.add(run.ticket().body());
                Earlier earlier = run.earlier();
                if (earlier != null) {
                    said.addAll(earlier.words());
                }
                ask.arguments().values().forEach(value -> said.add(String.valueOf(value)));
                learnt.add(ReplyCheck.withoutLinksOf(said, found.text()));
                yield Prompt.result(found.text());
            }
            case DECLINED -> "the tool could not answer. " + Prompt.result(found.text());
            case FAILED -> ask.tool().code() + " gave no answer: " + found.text();
        };
    }

    private Optional<String> objection(Call.Reply reply) {
        List<String> unknown = reply.passages().stream()
                .filter(id -> !passages.containsKey(id))
                .toList();
        if (!unknown.isEmpty()) {
            return Optional.of("there is no passage " + String.join(", ", unknown));
        }
        if (reply.passages().isEmpty() && dialogue.outcomes().isEmpty() && learnt.isEmpty() && !needsNoPassage()) {
            return Optional.of(
                    "the reply rests on no passage: search the knowledge base and cite what it says, or hand over");
        }
        if (Prompt.isRepeatedBy(reply.text())) {
            return Optional.of("the reply repeats the rules");
        }
        // Of the words of others only facts may be repeated, no links: who writes a ticket must not choose where it
        // leads.
        List<String> said = ticketAsToldOf();
        said.addAll(dialogue.outcomes());
        List<String> known = new ArrayList<>();
        passages.values().forEach(passage -> {
            known.add(passage.title());
            known.add(passage.text());
        });
        Set<String> done = new HashSet<>();
        for (Proposal proposal : store.proposals(run.runId())) {
            if (proposal.news() instanceof News.Done carriedOut) {
                done.add(carriedOut.actionType());
            }
        }
        String language = Endings.languageOf(run).code();
        return ReplyCheck.objection(reply.text(), said, learnt, known, done)
                // What is claimed in a language that is not looked at would go unnoticed.
                .or(() -> SpokenLanguages.otherThan(language, reply.text())
                        .map(other ->
                                "the reply is to be in the language " + language + ", and part of it is in " + other));
    }

    /** As the model was told of it; the first message in the user's name is the ticket's. */
    private List<String> ticketAsToldOf() {
        List<String> said = new ArrayList<>();
        messages.stream()
                .filter(UserMessage.class::isInstance)
                .findFirst()
                .ifPresent(ticket -> said.add(((UserMessage) ticket).singleText()));
        return said;
    }

    private boolean needsNoPassage() {
        return "praise".equals(run.facts().intent());
    }

    private void refuse(Call.Reply reply, String reason) {
        if (calls.isEmpty()) {
            messages.add(UserMessage.from("The reply was not sent: " + reason + "."));
            return;
        }
        // Strict providers want a result for every call.
        calls.stream()
                .filter(called -> called.call() instanceof Call.Reply)
                .forEach(called -> result(
                        called,
                        "not sent: " + (called.call() == reply ? reason : "there is one reply, and it was the first")));
    }

    private void send(Call.Reply reply) {
        List<Citation> citations = reply.passages().stream()
                .map(id -> Objects.requireNonNull(passages.get(id)))
                .map(passage -> new Citation(passage.articleId(), passage.title(), passage.text()))
                .toList();
        Draft draft = facts(new Draft(dialogue.outcomes().isEmpty() ? "answer" : "outcome", reply.text(), citations));
        Run changed = stored();
        announcements.say(changed, draft);
        RunState finished = announcements.finish(changed, Outcome.RESOLVED, Optional.of(draft), null);
        store.update(changed.with(finished, run.facts(), null, clock.instant(), step("replied", draft.kind())));
    }

    /** A reply names what was done as its provider does; where the model left that out, the template speaks. */
    private Draft facts(Draft draft) {
        for (Proposal proposal : store.proposals(run.runId())) {
            if (proposal.news() instanceof News.Done done
                    && !toBeNamed(done).stream().allMatch(draft.text()::contains)) {
                return engine.end(done, Endings.voiceOf(run, dialogue.employee()), proposal.orderId())
                        .draft()
                        .orElse(draft);
            }
        }
        return draft;
    }

    private static List<String> toBeNamed(News.Done done) {
        Map<String, Object> result = done.result();
        return switch (done.actionType()) {
            case "refund" -> List.of(String.valueOf(result.get("refund_id")), String.valueOf(result.get("amount")));
            case "bug_report" -> result.get("reference") instanceof String reference ? List.of(reference) : List.of();
            default -> List.of();
        };
    }

    /** The run with this turn in its transcript. */
    private Run stored() {
        Dialogue next = new Dialogue(
                dialogue.model(),
                dialogue.workflow(),
                dialogue.employee(),
                Dialogue.transcriptOf(messages),
                dialogue.answers() + 1,
                dialogue.usage().plus(answer.usage()),
                dialogue.busyMillis() + millis,
                passages,
                learnt,
                dialogue.outcomes());
        return run.with(run.state(), run.facts(), null, clock.instant(), steps.toArray(StepTaken[]::new))
                .with(next);
    }

    private StepTaken step(String name, String detail) {
        return new StepTaken(clock.instant(), name, detail);
    }

    /** A call as it was sent, and what it comes to. */
    private record Called(ToolExecutionRequest request, Call call) {}
}
