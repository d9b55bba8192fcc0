package io.opsrelay.action.payment;

import io.opsrelay.contracts.Money;
import java.util.Optional;

/**
 * Who holds the money. Calls may block, and may throw anything: a call that threw may have been carried out all the
 * same, and {@link #findRefund} tells. An {@link AnswerLostException} is told to people as it stands, of any other
 * exception only the class.
 */
public interface PaymentProvider {

    /** Its name as people see it, e.g. {@code sandbox}. */
    String name();

    /** Whether it is set up for that client. */
    boolean serves(String clientId);

    /** Why it cannot move exactly that amount, whatever the charge is; empty where it can. Calls nobody. */
    Optional<String> objection(Money amount);

    /** The charge of an order, if there is one. */
    Optional<Charge> findCharge(String clientId, String orderId);

    /**
     * Gives money back. The same order with the same key is carried out once, however often it is sent, and answered
     * alike; another order with a used key is refused.
     */
    RefundAnswer refund(String clientId, RefundOrder order);

    /**
     * What became of that order; empty if nothing did and it may be sent (again) with its key.
     *
     * @throws AnswerLostException if nobody can tell yet, and it must not be sent
     */
    Optional<RefundAnswer> findRefund(String clientId, RefundOrder order);
}
