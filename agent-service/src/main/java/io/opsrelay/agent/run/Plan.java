package io.opsrelay.agent.run;

import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Intent;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** What the local engine decides to do about a ticket. */
sealed interface Plan {

    /** Refund this order, if action-engine finds it and a person agrees. */
    record ProposeRefund(String orderId) implements Plan {}

    /** Wants money back but names no order. */
    record AskForOrder() implements Plan {}

    /** Answer from the knowledge base. */
    record Answer(Passage passage) implements Plan {}

    /** Say thanks back. */
    record Thank() implements Plan {}

    /** Advertising: nothing is to be said. */
    record Ignore() implements Plan {}

    /** A person takes over, for this reason. */
    record HandOver(String reason) implements Plan {}

    /** Intents that a passage of the knowledge base can settle. */
    Set<Intent> QUESTIONS = Set.of(
            Intent.REFUND_POLICY_QUESTION,
            Intent.SHIPPING_QUESTION,
            Intent.CONTACT_HOURS,
            Intent.INVOICE_QUESTION,
            Intent.HOW_TO_QUESTION,
            Intent.PRODUCT_QUESTION);

    /**
     * Decides. Pure but for {@code search}, which is asked only where an answer may come of it.
     *
     * @param verified whether the sender may have money moved at all
     * @param orders orders that the text names
     * @param leastConfidence below it an action is not proposed
     */
    static Plan decide(
            Classification found,
            boolean verified,
            List<String> orders,
            double leastConfidence,
            Supplier<Optional<Passage>> search) {
        Intent intent = found.intent();
        if (intent == Intent.REFUND_REQUEST) {
            return refund(found, verified, orders, leastConfidence);
        }
        if (QUESTIONS.contains(intent)) {
            return search.get()
                    .<Plan>map(Answer::new)
                    .orElseGet(() -> new HandOver("no passage of the knowledge base answers this"));
        }
        if (found.outOfScope()) {
            return new HandOver("the text lies outside what the classifier knows");
        }
        if (intent == Intent.PRAISE) {
            return new Thank();
        }
        if (intent == Intent.SPAM) {
            return new Ignore();
        }
        return new HandOver("a person handles " + intent.code());
    }

    private static Plan refund(Classification found, boolean verified, List<String> orders, double leastConfidence) {
        if (!verified) {
            return new HandOver("a refund is asked for, but the sender is not verified");
        }
        if (found.outOfScope() || found.confidence() < leastConfidence) {
            return new HandOver("a refund may be asked for, but the classifier is not sure enough");
        }
        return switch (orders.size()) {
            case 0 -> new AskForOrder();
            case 1 -> new ProposeRefund(orders.getFirst());
            default ->
                new HandOver("a refund is asked for, and several orders are named: " + String.join(", ", orders));
        };
    }
}
