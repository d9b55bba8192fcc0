package io.opsrelay.action.payment;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Instant;

/**
 * Money taken from a customer for an order.
 *
 * @param refunded what went back already, in the currency of {@code amount}
 */
public record Charge(
        String chargeId, String orderId, Money amount, Money refunded, String customerEmail, Instant createdAt) {

    public Charge {
        if (!amount.currency().equals(refunded.currency())) {
            throw new IllegalArgumentException("a charge is refunded in its own currency");
        }
    }

    /** What can still go back. */
    public Money left() {
        return new Money(amount.amount().subtract(refunded.amount()), amount.currency());
    }

    /** Whether so much is left of it. */
    public boolean covers(BigDecimal wanted) {
        return wanted.compareTo(left().amount()) <= 0;
    }
}
