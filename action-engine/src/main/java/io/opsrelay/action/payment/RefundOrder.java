package io.opsrelay.action.payment;

import io.opsrelay.contracts.Money;

/**
 * Money that shall go back.
 *
 * @param idempotencyKey the same for every attempt at the same refund
 */
public record RefundOrder(String idempotencyKey, String chargeId, Money amount) {

    public RefundOrder {
        if (idempotencyKey.isBlank() || chargeId.isBlank()) {
            throw new IllegalArgumentException("a refund order needs a key and a charge");
        }
        if (amount.amount().signum() <= 0) {
            throw new IllegalArgumentException("a refund is more than zero");
        }
    }
}
