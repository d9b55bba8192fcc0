package io.opsrelay.action.refund;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Answer;
import io.opsrelay.action.catalogue.OutcomeUnknownException;
import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Progress;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.payment.Payments;
import io.opsrelay.action.payment.Refund;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Gives a customer's money back through the payment provider. */
@Component
class RefundAction implements ActionKind {

    private static final Traits TRAITS = new Traits(
            "financial",
            Map.of(
                    "type",
                    "object",
                    "properties",
                    Map.of(
                            "order_id", Map.of("type", "string", "minLength", 1, "maxLength", 64),
                            "customer_email",
                                    Map.of(
                                            "type",
                                            "string",
                                            "format",
                                            "email",
                                            "maxLength",
                                            RefundArguments.LONGEST_EMAIL,
                                            "description",
                                            "To whom the order was charged. Required where a person asks on no ticket;"
                                                    + " on a ticket it is its customer's, whatever is said here"),
                            "amount", Map.of("type", "string", "pattern", "^" + RefundArguments.AMOUNT + "$"),
                            "currency", Map.of("type", "string", "pattern", "^[A-Z]{3}$"),
                            "reason", Map.of("type", "string", "minLength", 1, "maxLength", 500)),
                    "required",
                    List.of("order_id"),
                    "additionalProperties",
                    false),
            "high",
            false,
            "Gives a customer's money back, as far as it was charged and not given back before",
            // To whom it goes holds for edits.
            Set.of("order_id", "amount", "currency", "reason"));

    private final Payments payments;

    RefundAction(Payments payments) {
        this.payments = payments;
    }

    @Override
    public String type() {
        return "refund";
    }

    @Override
    public Traits traits() {
        return TRAITS;
    }

    @Override
    public List<String> providers() {
        return payments.providers();
    }

    @Override
    public boolean serves(String clientId) {
        return payments.serves(clientId);
    }

    @Override
    public boolean accepting(String clientId) {
        return payments.accepting(clientId);
    }

    @Override
    public Preparation prepare(Proposal proposal) {
        Customer customer = proposal.customer();
        Preparation.Refused refusal = RefundRules.refusalBefore(customer);
        if (refusal != null) {
            return refusal;
        }
        RefundArguments wanted;
        try {
            wanted = RefundArguments.from(proposal.arguments(), customer);
        } catch (IllegalArgumentException e) {
            return new Preparation.Refused("arguments_invalid", String.valueOf(e.getMessage()));
        }
        String clientId = proposal.clientId();
        return RefundRules.prepare(
                wanted,
                payments.findCharge(clientId, wanted.orderId()),
                payments.providerOf(clientId),
                amount -> payments.objection(clientId, amount));
    }

    @Override
    public Answer execute(String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        try {
            return answer(
                    payments.refund(clientId, providerOf(clientId, arguments), order(idempotencyKey, arguments)),
                    arguments);
        } catch (AnswerLostException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
    }

    @Override
    public Optional<Answer> find(
            String clientId, String idempotencyKey, Map<String, Object> arguments, Progress progress) {
        try {
            return payments.findRefund(clientId, providerOf(clientId, arguments), order(idempotencyKey, arguments))
                    .map(answer -> answer(answer, arguments));
        } catch (AnswerLostException e) {
            throw new OutcomeUnknownException(e.reason(), e);
        }
    }

    private static RefundOrder order(String idempotencyKey, Map<String, Object> arguments) {
        return new RefundOrder(
                idempotencyKey,
                text(arguments, "charge_id"),
                new Money(new BigDecimal(text(arguments, "amount")), text(arguments, "currency")));
    }

    /** What was prepared before arguments named the provider is the client's provider's. */
    private String providerOf(String clientId, Map<String, Object> arguments) {
        return arguments.get("provider") instanceof String provider ? provider : payments.providerOf(clientId);
    }

    private static Answer answer(RefundAnswer answer, Map<String, Object> arguments) {
        return switch (answer) {
            case RefundAnswer.Refunded refunded -> new Answer.Done(result(refunded.refund(), arguments));
            case RefundAnswer.Pending pending -> {
                Map<String, Object> result = result(pending.refund(), arguments);
                result.put("waits_for", pending.why());
                yield new Answer.Accepted(result);
            }
            case RefundAnswer.Refused refused -> new Answer.Refused(refused.code(), refused.reason());
        };
    }

    private static Map<String, Object> result(Refund refund, Map<String, Object> arguments) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("refund_id", refund.refundId());
        result.put("charge_id", refund.chargeId());
        result.put("order_id", text(arguments, "order_id"));
        result.put("amount", refund.amount().amount().toPlainString());
        result.put("currency", refund.amount().currency());
        result.put("refunded_at", refund.createdAt().toString());
        return result;
    }

    private static String text(Map<String, Object> arguments, String name) {
        if (arguments.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalStateException("a prepared refund has a " + name);
    }
}
