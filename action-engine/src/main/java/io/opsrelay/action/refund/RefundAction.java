package io.opsrelay.action.refund;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.payment.Payments;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Gives a customer's money back through the payment provider. */
@Component
class RefundAction implements ActionKind {

    private final Payments payments;

    RefundAction(Payments payments) {
        this.payments = payments;
    }

    @Override
    public String type() {
        return "refund";
    }

    @Override
    public boolean accepting() {
        return payments.accepting();
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        Customer customer = proposal.customer();
        Preparation.Refused refusal = RefundRules.refusalBefore(customer);
        if (refusal != null || customer == null) {
            return Objects.requireNonNull(refusal);
        }
        RefundArguments wanted;
        try {
            wanted = RefundArguments.from(proposal.arguments());
        } catch (IllegalArgumentException e) {
            return new Preparation.Refused("arguments_invalid", String.valueOf(e.getMessage()));
        }
        return RefundRules.prepare(
                wanted, payments.findCharge(proposal.clientId(), wanted.orderId()), customer, payments.provider());
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        RefundOrder order = new RefundOrder(
                idempotencyKey,
                text(arguments, "charge_id"),
                new Money(new BigDecimal(text(arguments, "amount")), text(arguments, "currency")));
        try {
            return switch (payments.refund(clientId, order)) {
                case RefundAnswer.Refunded refunded -> done(refunded.refund(), arguments);
                case RefundAnswer.Refused refused -> new Answer.Refused(refused.code(), refused.reason());
            };
        } catch (AnswerLostException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
    }

    @Override
    public Optional<Answer.Done> find(String clientId, String idempotencyKey, Map<String, Object> arguments) {
        try {
            return payments.findRefund(clientId, idempotencyKey).map(refund -> done(refund, arguments));
        } catch (AnswerLostException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
    }

    private static Answer.Done done(Refund refund, Map<String, Object> arguments) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("refund_id", refund.refundId());
        result.put("charge_id", refund.chargeId());
        result.put("order_id", text(arguments, "order_id"));
        result.put("amount", refund.amount().amount().toPlainString());
        result.put("currency", refund.amount().currency());
        result.put("refunded_at", refund.createdAt().toString());
        return new Answer.Done(result);
    }

    private static String text(Map<String, Object> arguments, String name) {
        if (arguments.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("a prepared refund has a " + name);
    }
}
