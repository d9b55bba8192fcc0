package io.opsrelay.agent.run;

import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.agent.order.Order;
import io.opsrelay.agent.order.Orders;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Intent;
import io.opsrelay.agent.workflow.Workflow;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the local engine decides to do about a ticket. */
sealed interface Plan {

    /** Refund this order, if action-engine finds it and a person agrees. */
    record ProposeRefund(String orderId) implements Plan {}

    /**
     * It is about an order, and none of the customer's is named.
     *
     * @param reason for people
     */
    record AskForOrder(String reason) implements Plan {}

    /** Tell how this order of the customer's stands. */
    record TellOrder(Order order) implements Plan {}

    /** Send a link to set another password, if action-engine finds the sender's account. */
    record ProposePasswordReset() implements Plan {}

    /** Tell the developers of a bug. */
    record ProposeBugReport() implements Plan {}

    /** Answer from the knowledge base, with passages of one article. */
    record Answer(List<Passage> passages) implements Plan {
        public Answer {
            passages = List.copyOf(passages);
            if (passages.isEmpty()) {
                throw new IllegalArgumentException("an answer rests on a passage");
            }
        }
    }

    /** Say thanks back. */
    record Thank() implements Plan {}

    /** Advertising: nothing is to be said. */
    record Ignore() implements Plan {}

    /**
     * A person takes over, for this reason.
     *
     * @param byRule whether the client's settings say so, whatever an engine would make of it
     */
    record HandOver(String reason, boolean byRule) implements Plan {
        HandOver(String reason) {
            this(reason, false);
        }
    }

    /** The tool that it has used, or whose action it proposes; null if there is none. */
    default @Nullable Tool tool() {
        return switch (this) {
            case ProposeRefund _ -> Tool.PROCESS_REFUND;
            case ProposePasswordReset _ -> Tool.RESET_PASSWORD;
            case ProposeBugReport _ -> Tool.CREATE_BUG_REPORT;
            case TellOrder _ -> Tool.CHECK_ORDER_STATUS;
            case AskForOrder _, Answer _, Thank _, Ignore _, HandOver _ -> null;
        };
    }

    /** What people read of it in the run's steps. */
    default String inWords() {
        return switch (this) {
            case ProposeRefund refund -> "propose a refund of order " + refund.orderId();
            case AskForOrder _ -> "ask for the order's number";
            case TellOrder tell -> "tell the status of order " + tell.order().orderId();
            case ProposePasswordReset _ -> "propose a password reset";
            case ProposeBugReport _ -> "propose a bug report";
            case Answer answer ->
                "answer from the article \"" + answer.passages().getFirst().title() + "\"";
            case Thank _ -> "return the thanks";
            case Ignore _ -> "say nothing to advertising";
            case HandOver handOver -> "hand over to a person: " + handOver.reason();
        };
    }

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
     * @param verified whether the sender may have money moved and accounts touched at all
     * @param orders orders that the text names
     * @param order what came of looking up the one order that a question for its status names; null if none was looked up
     * @param thresholds below the one no action is proposed and nothing is over, below the other no question answered
     */
    static Plan decide(
            Classification found,
            boolean verified,
            List<String> orders,
            Orders.@Nullable Found order,
            Workflow.Thresholds thresholds,
            Supplier<List<Passage>> search) {
        Intent intent = found.intent();
        double leastConfidence = thresholds.least();
        if (intent == Intent.REFUND_REQUEST) {
            return refund(found, verified, orders, leastConfidence);
        }
        if (intent == Intent.PASSWORD_RESET) {
            return passwordReset(found, verified, leastConfidence);
        }
        if (intent == Intent.BUG_REPORT && isSure(found, leastConfidence)) {
            return new ProposeBugReport();
        }
        if (intent == Intent.ORDER_STATUS) {
            // It is over with that, so one has to be sure that nothing else is wanted.
            return isSure(found, Math.max(leastConfidence, thresholds.leastToAnswer()))
                    ? orderStatus(verified, orders, order)
                    : new HandOver("an order's status may be asked for, but the classifier is not sure enough");
        }
        if (QUESTIONS.contains(intent)) {
            if (thresholds.leastToAnswer() > 0 && !isSure(found, thresholds.leastToAnswer())) {
                return new HandOver("a question may be asked, but the classifier is not sure enough of what");
            }
            List<Passage> passages = search.get();
            return passages.isEmpty()
                    ? new HandOver("no passage of the knowledge base answers this")
                    : new Answer(passages);
        }
        if (found.outOfScope()) {
            return new HandOver("the text lies outside what the classifier knows");
        }
        // A complaint that is taken for one of these would be over without a word, and nobody would see it.
        if (intent == Intent.PRAISE) {
            return isSure(found, leastConfidence)
                    ? new Thank()
                    : new HandOver("it may be praise, but the classifier is not sure enough");
        }
        if (intent == Intent.SPAM) {
            return isSure(found, leastConfidence)
                    ? new Ignore()
                    : new HandOver("it may be advertising, but the classifier is not sure enough");
        }
        return new HandOver("a person handles " + intent.code());
    }

    private static boolean isSure(Classification found, double leastConfidence) {
        return !found.outOfScope() && found.confidence() >= leastConfidence;
    }

    private static Plan passwordReset(Classification found, boolean verified, double leastConfidence) {
        if (!verified) {
            return new HandOver("a password reset is asked for, but the sender is not verified");
        }
        return isSure(found, leastConfidence)
                ? new ProposePasswordReset()
                : new HandOver("a password reset may be asked for, but the classifier is not sure enough");
    }

    private static Plan orderStatus(boolean verified, List<String> orders, Orders.@Nullable Found order) {
        if (!verified) {
            return new HandOver("an order's status is asked for, but the sender is not verified");
        }
        if (orders.isEmpty()) {
            return new AskForOrder("an order's status is asked for, and no order is named");
        }
        return switch (order) {
            case null ->
                new HandOver("an order's status is asked for, and none was looked up: " + String.join(", ", orders));
            case Orders.Found.Theirs(Order theirs) -> new TellOrder(theirs);
            case Orders.Found.None() ->
                new AskForOrder("an order's status is asked for, and this customer has no order " + orders.getFirst());
            case Orders.Found.Unavailable(String reason) ->
                new HandOver("an order's status is asked for, and orders cannot be looked up now: " + reason);
        };
    }

    private static Plan refund(Classification found, boolean verified, List<String> orders, double leastConfidence) {
        if (!verified) {
            return new HandOver("a refund is asked for, but the sender is not verified");
        }
        if (!isSure(found, leastConfidence)) {
            return new HandOver("a refund may be asked for, but the classifier is not sure enough");
        }
        return switch (orders.size()) {
            case 0 -> new AskForOrder("a refund is asked for, and no order is named");
            case 1 -> new ProposeRefund(orders.getFirst());
            default ->
                new HandOver("a refund is asked for, and several orders are named: " + String.join(", ", orders));
        };
    }
}
