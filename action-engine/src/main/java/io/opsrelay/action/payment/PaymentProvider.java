package io.opsrelay.action.payment;

import java.util.Optional;

/**
 * Who holds the money. Calls may block, and may throw anything: a call that threw may have been carried out all the
 * same, and {@link #findRefund} tells.
 */
public interface PaymentProvider {

    /** Its name as people see it, e.g. {@code sandbox}. */
    String name();

    /** The charge of an order, if there is one. */
    Optional<Charge> findCharge(String clientId, String orderId);

    /**
     * Gives money back. The same order with the same key is carried out once, however often it is sent, and answered
     * alike; another order with a used key is refused.
     */
    RefundAnswer refund(String clientId, RefundOrder order);

    /** The refund that was carried out with that key, if one was. */
    Optional<Refund> findRefund(String clientId, String idempotencyKey);
}
