package io.opsrelay.action.refund;

import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.catalogue.Preparation.Refused;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.contracts.Effect;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Whether and how much can be refunded. Pure. */
final class RefundRules {

    private RefundRules() {}

    /** What cannot be refunded whatever the charge is. Where a person asks on no ticket, there is no sender to be doubted. */
    static @Nullable Refused refusalBefore(@Nullable Customer customer) {
        return customer == null || customer.verified()
                ? null
                : new Refused(
                        "customer_not_verified",
                        "the sender's address is not verified, and money moves for verified customers only");
    }

    /**
     * The refund of {@code charge} as far as it may be, or why not.
     *
     * @param objections of the provider to amounts that it cannot move
     */
    static Preparation prepare(
            RefundArguments wanted,
            Optional<Charge> charge,
            String provider,
            Function<Money, Optional<String>> objections) {
        // Another customer's order is answered like one that does not exist: nobody learns of it from here.
        return charge.filter(found -> belongsTo(found, wanted.customerEmail()))
                .map(found -> prepare(wanted, found, provider, objections))
                .orElseGet(() -> new Refused("order_not_found", "this customer has no order " + wanted.orderId()));
    }

    private static boolean belongsTo(Charge charge, String email) {
        return charge.customerEmail().strip().equalsIgnoreCase(email);
    }

    private static Preparation prepare(
            RefundArguments wanted, Charge charge, String provider, Function<Money, Optional<String>> objections) {
        Money left = charge.left();
        if (left.amount().signum() <= 0) {
            return new Refused(
                    "nothing_left_to_refund", "order " + charge.orderId() + " has been refunded in full already");
        }
        Money asked;
        try {
            asked = wanted.amountIn(left.currency());
        } catch (IllegalArgumentException e) {
            return new Refused("arguments_invalid", String.valueOf(e.getMessage()));
        }
        Money amount = asked == null ? left : asked;
        if (!charge.covers(amount.amount())) {
            return new Refused(
                    "amount_too_large",
                    "of order " + charge.orderId() + " only " + words(left) + " can still be refunded");
        }
        Optional<String> objection = objections.apply(amount);
        if (objection.isPresent()) {
            return new Refused("amount_invalid", objection.get());
        }
        return new Preparation.Ready(
                provider,
                wanted.resolved(charge.orderId(), charge.chargeId(), amount, provider),
                effectOf(charge, amount, provider),
                "order/" + charge.orderId(),
                null);
    }

    private static Effect effectOf(Charge charge, Money amount, String provider) {
        Money left = charge.left();
        Money after = new Money(left.amount().subtract(amount.amount()), amount.currency());
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("order_id", charge.orderId());
        details.put("charge_id", charge.chargeId());
        details.put("charged", charge.amount().amount().toPlainString());
        details.put("already_refunded", charge.refunded().amount().toPlainString());
        details.put("refundable_now", left.amount().toPlainString());
        details.put("remaining_after", after.amount().toPlainString());
        details.put("currency", amount.currency());
        details.put("provider", provider);
        return new Effect(
                "Refund " + words(amount) + " of order " + charge.orderId() + " (" + words(charge.amount())
                        + " charged, " + words(charge.refunded()) + " refunded before)",
                amount,
                details);
    }

    private static String words(Money money) {
        return money.amount().toPlainString() + " " + money.currency();
    }
}
