package io.opsrelay.agent.run;

import io.opsrelay.agent.draft.DraftKind;
import io.opsrelay.agent.draft.Drafts;
import io.opsrelay.agent.draft.Facts;
import io.opsrelay.agent.knowledge.Knowledge;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Classifier;
import io.opsrelay.agent.triage.Language;
import io.opsrelay.agent.triage.OrderReferences;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.Citation;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The engine that needs no model and no key: trained classifier, knowledge search, templates that state only facts. */
@Component
class LocalEngine {

    static final String NAME = "local";

    private final Classifier classifier = Classifier.shipped();
    private final Drafts drafts = Drafts.shipped();
    private final Knowledge knowledge;
    private final AgentProperties properties;

    LocalEngine(Knowledge knowledge, AgentProperties properties) {
        this.knowledge = knowledge;
        this.properties = properties;
    }

    /** What the ticket is about. */
    Classification classify(TicketReceived ticket) {
        return classifier.classify(textOf(ticket));
    }

    /** What to do about it. Within a transaction of the client, for the knowledge base. */
    Plan plan(TicketReceived ticket, Classification found) {
        return Plan.decide(
                found,
                ticket.customer().verified(),
                ordersOf(ticket),
                properties.leastConfidence(),
                () -> knowledge.answering(
                        textOf(ticket), found.intent().code(), found.language().code()));
    }

    /** The reply that goes with the plan, if anything is to be said. */
    Optional<Draft> draft(Plan plan, Language language) {
        return switch (plan) {
            case Plan.ProposeRefund refund ->
                reply("acknowledgement", DraftKind.REFUND_WAITING, language, new Facts.Order(refund.orderId()));
            case Plan.AskForOrder ask -> reply("answer", DraftKind.ORDER_NOT_FOUND, language, new Facts.Nothing());
            case Plan.Answer answer -> answer(answer.passage(), language);
            case Plan.Thank thank -> reply("answer", DraftKind.PRAISE_THANKS, language, new Facts.Nothing());
            case Plan.Ignore ignore -> Optional.empty();
            case Plan.HandOver handOver ->
                reply("acknowledgement", DraftKind.HANDED_OVER, language, new Facts.Nothing());
        };
    }

    private Optional<Draft> answer(Passage passage, Language language) {
        Citation citation = new Citation(passage.articleId(), passage.title(), passage.text());
        return drafts.render(DraftKind.KNOWLEDGE_ANSWER, language, new Facts.Passage(passage.title(), passage.text()))
                .map(text -> new Draft("answer", text, List.of(citation)));
    }

    /** How the run ends, now that it is known what became of the action. States only what the news states. */
    Ending end(News news, Language language, String orderId) {
        return switch (news) {
            case News.Done done ->
                ending(
                        Outcome.RESOLVED,
                        null,
                        reply("outcome", DraftKind.REFUND_DONE, language, refundOf(done, orderId)));
            case News.NotDone notDone
            when notDone.code().equals("order_not_found") ->
                ending(
                        Outcome.ESCALATED,
                        notDone.reason(),
                        reply("answer", DraftKind.ORDER_NOT_FOUND, language, new Facts.Nothing()));
            case News.NotDone notDone ->
                ending(
                        Outcome.ESCALATED,
                        notDone.reason(),
                        reply("outcome", DraftKind.ACTION_FAILED, language, new Facts.Order(orderId)));
            case News.Rejected rejected ->
                ending(
                        Outcome.RESOLVED,
                        null,
                        reply(
                                "outcome",
                                DraftKind.REFUND_REJECTED,
                                language,
                                new Facts.Rejection(orderId, rejected.reason())));
            // A person wrote to the customer through the agent: the words are the reply.
            case News.Answered answered ->
                ending(Outcome.RESOLVED, null, Optional.of(new Draft("answer", answered.response(), List.of())));
            case News.Lapsed lapsed ->
                ending(
                        Outcome.ESCALATED,
                        "nobody decided in time",
                        reply("outcome", DraftKind.REFUND_EXPIRED, language, new Facts.Order(orderId)));
        };
    }

    private Optional<Draft> reply(String kind, DraftKind template, Language language, Facts facts) {
        return drafts.render(template, language, facts).map(text -> new Draft(kind, text, List.of()));
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

    private static String textOf(TicketReceived ticket) {
        return ticket.subject() + "\n" + ticket.body();
    }

    /** Orders that the sender names; one with letters is likelier an order than a bare number (a postcode, a phone). */
    static List<String> ordersOf(TicketReceived ticket) {
        List<String> named = Stream.ofNullable(ticket.metadata().get("order_id"))
                .flatMap(value -> OrderReferences.in(value).stream())
                .toList();
        if (!named.isEmpty()) {
            return named;
        }
        List<String> found = OrderReferences.in(textOf(ticket));
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
