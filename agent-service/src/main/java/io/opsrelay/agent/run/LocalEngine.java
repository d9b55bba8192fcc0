package io.opsrelay.agent.run;

import io.opsrelay.agent.classify.Understanding;
import io.opsrelay.agent.draft.DraftKind;
import io.opsrelay.agent.draft.Drafts;
import io.opsrelay.agent.draft.Facts;
import io.opsrelay.agent.draft.Voice;
import io.opsrelay.agent.knowledge.Knowledge;
import io.opsrelay.agent.knowledge.Meaning;
import io.opsrelay.agent.knowledge.Meanings;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.order.Order;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.privacy.Kind;
import io.opsrelay.agent.triage.Intent;
import io.opsrelay.agent.triage.OrderReferences;
import io.opsrelay.agent.workflow.Workflow;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.Citation;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The engine that needs no model and no key: trained classifier, knowledge search, templates that state only facts. */
@Component
class LocalEngine {

    static final String NAME = "local";
    private static final int MOST_PASSAGES = 4;

    private final Drafts drafts = Drafts.shipped();
    private final Knowledge knowledge;
    private final Meanings meanings;
    private final Orders orders;

    LocalEngine(Knowledge knowledge, Meanings meanings, Orders orders) {
        this.knowledge = knowledge;
        this.meanings = meanings;
        this.orders = orders;
    }

    /** What a ticket means, if passages are searched for it at all. Outside any transaction. */
    Meaning meaningOf(String clientId, Understanding known) {
        return Plan.QUESTIONS.contains(known.found().intent())
                ? meanings.of(clientId, known.redacted().text())
                : Meaning.none();
    }

    /**
     * The order whose status a verified sender asks for; null if none is asked for, or not one is named. Outside any
     * transaction.
     */
    Orders.@Nullable Found orderOf(Run run, Understanding known) {
        TicketReceived ticket = run.ticket();
        if (known.found().intent() != Intent.ORDER_STATUS || !ticket.customer().verified()) {
            return null;
        }
        List<String> named = ordersOf(ticket, known.redacted().text());
        if (named.size() != 1) {
            return null;
        }
        String order = named.getFirst();
        Orders.Found found = orders.look(run.clientId(), order, ticket.customer());
        // References are read with a hyphen between letters and digits, which not all clients write.
        return found instanceof Orders.Found.None && order.indexOf('-') >= 0
                ? orders.look(run.clientId(), order.replace("-", ""), ticket.customer())
                : found;
    }

    /** What the queries of a model mean, by themselves. Outside any transaction. */
    Map<String, Meaning> meaningsOf(String clientId, List<String> queries) {
        List<String> distinct = queries.stream().distinct().toList();
        List<Meaning> found = meanings.of(clientId, distinct);
        Map<String, Meaning> byQuery = new HashMap<>();
        for (int i = 0; i < distinct.size(); i++) {
            byQuery.put(distinct.get(i), found.get(i));
        }
        return byQuery;
    }

    /**
     * What to do about a ticket of which this is known. Reads the redacted text only. Within a transaction of the client,
     * for the knowledge base.
     *
     * @param meaning of the ticket
     * @param order what {@link #orderOf} found
     * @param thresholds when it is sure enough
     */
    Plan plan(
            TicketReceived ticket,
            Understanding known,
            Meaning meaning,
            Orders.@Nullable Found order,
            Workflow.Thresholds thresholds) {
        String text = known.redacted().text();
        return Plan.decide(
                known.found(),
                ticket.customer().verified(),
                ordersOf(ticket, text),
                order,
                thresholds,
                () -> knowledge.answering(
                        // A token is no word of the question.
                        Kind.inTokens(text, kind -> ""),
                        meaning,
                        known.found().intent().code(),
                        known.replyLanguage().code()));
    }

    /** Passages that may answer, for a model that asks. Within a transaction of the client. */
    List<Passage> search(String query, Meaning meaning, Run.Facts facts) {
        String language = facts.language() == null ? "en" : facts.language();
        return knowledge
                .ranked(Kind.inTokens(query, kind -> ""), meaning, facts.intent(), language, MOST_PASSAGES)
                .stream()
                .map(Knowledge.Hit::passage)
                .toList();
    }

    /** What is said when a person takes over. */
    Optional<Draft> handOver(Voice voice) {
        return reply("acknowledgement", DraftKind.HANDED_OVER, voice, new Facts.Nothing());
    }

    /** The reply that goes with the plan, if anything is to be said. */
    Optional<Draft> draft(Plan plan, Voice voice) {
        return switch (plan) {
            case Plan.ProposeRefund refund ->
                reply("acknowledgement", DraftKind.REFUND_WAITING, voice, new Facts.Order(refund.orderId()));
            case Plan.ProposePasswordReset _, Plan.ProposeBugReport _ ->
                reply("acknowledgement", DraftKind.REQUEST_WAITING, voice, new Facts.Nothing());
            case Plan.AskForOrder ask -> reply("answer", DraftKind.ORDER_NOT_FOUND, voice, new Facts.Nothing());
            case Plan.TellOrder tell -> reply("answer", DraftKind.ORDER_STATUS, voice, statusOf(tell.order()));
            case Plan.Answer answer -> answer(answer.passages(), voice);
            case Plan.Thank thank -> reply("answer", DraftKind.PRAISE_THANKS, voice, new Facts.Nothing());
            case Plan.Ignore ignore -> Optional.empty();
            case Plan.HandOver handOver -> reply("acknowledgement", DraftKind.HANDED_OVER, voice, new Facts.Nothing());
        };
    }

    private Optional<Draft> answer(List<Passage> passages, Voice voice) {
        List<Citation> citations = passages.stream()
                .map(passage -> new Citation(passage.articleId(), passage.title(), passage.text()))
                .toList();
        String quote = passages.stream().map(Passage::text).collect(Collectors.joining("\n\n"));
        return drafts.render(
                        DraftKind.KNOWLEDGE_ANSWER,
                        voice,
                        new Facts.Passage(passages.getFirst().title(), quote))
                .map(text -> new Draft("answer", text, citations));
    }

    /**
     * How the run ends, now that it is known what became of the action. States only what the news states.
     *
     * @param orderId the order that was to be refunded; null for every other action
     */
    Ending end(News news, Voice voice, @Nullable String orderId) {
        return orderId == null ? endOfOther(news, voice) : endOfRefund(news, voice, orderId);
    }

    private Ending endOfOther(News news, Voice voice) {
        return switch (news) {
            case News.Done done -> ending(Outcome.RESOLVED, null, doneOther(done, voice));
            case News.NotDone notDone -> ending(Outcome.ESCALATED, notDone.reason(), handOver(voice));
            case News.Rejected rejected ->
                ending(
                        Outcome.RESOLVED,
                        null,
                        reply("outcome", DraftKind.ACTION_REJECTED, voice, new Facts.Reason(rejected.reason())));
            case News.Answered answered ->
                ending(Outcome.RESOLVED, null, Optional.of(new Draft("answer", answered.response(), List.of())));
            case News.Lapsed lapsed -> ending(Outcome.ESCALATED, "nobody decided in time", handOver(voice));
        };
    }

    private Optional<Draft> doneOther(News.Done done, Voice voice) {
        if (done.actionType().equals("password_reset")) {
            return reply("outcome", DraftKind.PASSWORD_RESET_DONE, voice, new Facts.Nothing());
        }
        if (done.actionType().equals("bug_report")
                && done.result().get("reference") instanceof String reference
                && !reference.isBlank()) {
            return reply("outcome", DraftKind.BUG_REPORT_DONE, voice, new Facts.Reference(reference));
        }
        return reply("outcome", DraftKind.ACTION_DONE, voice, new Facts.Action(inWords(done)));
    }

    /** The action as the catalogue names it, and what it was done to. */
    private static String inWords(News.Done done) {
        Object service = done.result().get("service_name");
        return done.actionType().replace('_', ' ') + (service == null ? "" : " " + service);
    }

    private Ending endOfRefund(News news, Voice voice, String orderId) {
        return switch (news) {
            case News.Done done ->
                ending(Outcome.RESOLVED, null, reply("outcome", DraftKind.REFUND_DONE, voice, refundOf(done, orderId)));
            case News.NotDone notDone
            when notDone.code().equals("order_not_found") ->
                ending(
                        Outcome.ESCALATED,
                        notDone.reason(),
                        reply("answer", DraftKind.ORDER_NOT_FOUND, voice, new Facts.Nothing()));
            case News.NotDone notDone ->
                ending(
                        Outcome.ESCALATED,
                        notDone.reason(),
                        reply("outcome", DraftKind.ACTION_FAILED, voice, new Facts.Order(orderId)));
            case News.Rejected rejected ->
                ending(
                        Outcome.RESOLVED,
                        null,
                        reply(
                                "outcome",
                                DraftKind.REFUND_REJECTED,
                                voice,
                                new Facts.Rejection(orderId, rejected.reason())));
            // A person wrote to the customer through the agent: the words are the reply.
            case News.Answered answered ->
                ending(Outcome.RESOLVED, null, Optional.of(new Draft("answer", answered.response(), List.of())));
            case News.Lapsed lapsed ->
                ending(
                        Outcome.ESCALATED,
                        "nobody decided in time",
                        reply("outcome", DraftKind.REFUND_EXPIRED, voice, new Facts.Order(orderId)));
        };
    }

    private static Facts.OrderStatus statusOf(Order order) {
        return new Facts.OrderStatus(order.orderId(), order.status(), order.tracking(), order.expectedAt());
    }

    private Optional<Draft> reply(String kind, DraftKind template, Voice voice, Facts facts) {
        return drafts.render(template, voice, facts).map(text -> new Draft(kind, text, List.of()));
    }

    private static Ending ending(Outcome outcome, @Nullable String reason, Optional<Draft> draft) {
        return new Ending(outcome, reason, draft);
    }

    private static Facts.Refund refundOf(News.Done done, String orderId) {
        Map<String, Object> result = done.result();
        return new Facts.Refund(
                String.valueOf(result.getOrDefault("order_id", orderId)),
                new BigDecimal(String.valueOf(result.get("amount"))),
                String.valueOf(result.get("currency")),
                String.valueOf(result.get("refund_id")),
                Instant.parse(String.valueOf(result.get("refunded_at"))));
    }

    /** Orders that the sender names; one with letters is likelier an order than a bare number (a postcode, a phone). */
    private static List<String> ordersOf(TicketReceived ticket, String text) {
        List<String> named = Stream.ofNullable(ticket.metadata().get("order_id"))
                .flatMap(value -> OrderReferences.in(value).stream())
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        List<String> found = OrderReferences.in(text);
        List<String> lettered = found.stream()
                .filter(order -> Character.isLetter(order.charAt(0)))
                .toList();
        return lettered.isEmpty() ? found : lettered;
    }

    /**
     * A reply.
     *
     * @param kind see {@link io.opsrelay.contracts.TicketEvent.ReplyDrafted#kind()}
     */
    record Draft(String kind, String text, List<Citation> citations) {}

    /** How a run ends. */
    record Ending(Outcome outcome, @Nullable String reason, Optional<Draft> draft) {}
}
