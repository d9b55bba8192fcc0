package io.opsrelay.action.payment;

/** What a provider says to a {@link RefundOrder}. Both are final. */
public sealed interface RefundAnswer {

    /** It was carried out, now or by an earlier attempt. */
    record Refunded(Refund refund) implements RefundAnswer {}

    /**
     * It was not carried out and will not be.
     *
     * @param code for machines: charge_not_found, amount_too_large, currency_mismatch, idempotency_conflict
     */
    record Refused(String code, String reason) implements RefundAnswer {}
}
