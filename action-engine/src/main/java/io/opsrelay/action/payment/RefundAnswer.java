package io.opsrelay.action.payment;

/** What a provider says to a {@link RefundOrder}. */
public sealed interface RefundAnswer {

    /** It was carried out, now or by an earlier attempt. Final, as far as the provider knows today. */
    record Refunded(Refund refund) implements RefundAnswer {}

    /**
     * The provider has taken it and has not ended it: it becomes one of the others by itself.
     *
     * @param why what it waits for, for a person
     */
    record Pending(Refund refund, String why) implements RefundAnswer {}

    /**
     * It was not carried out and will not be. Final.
     *
     * @param code for machines: charge_not_found, amount_too_large, amount_invalid, currency_mismatch,
     *     idempotency_conflict, refund_failed, refund_canceled, refund_not_made, refused_by_provider
     */
    record Refused(String code, String reason) implements RefundAnswer {}
}
