package io.opsrelay.action.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every payment provider must do. One subclass per provider. */
public abstract class PaymentProviderKit {

    /** The provider under test. */
    protected abstract PaymentProvider provider();

    /** The client whose books are used. */
    protected abstract String client();

    /** A new charge of 25.00 EUR. */
    protected abstract Charge newCharge();

    @Test
    void aChargeIsFoundByItsOrder() {
        Charge charge = newCharge();

        assertThat(provider().findCharge(client(), charge.orderId())).contains(charge);
        assertThat(provider().findCharge(client(), "no-such-order")).isEmpty();
    }

    @Test
    void partsAreRefundedUntilNothingIsLeft() {
        Charge charge = newCharge();

        refunded(order(charge, "10.00"));
        refunded(order(charge, "14.99"));

        assertThat(left(charge)).isEqualTo(eur("0.01"));
        assertThat(code(order(charge, "0.02"))).isEqualTo("amount_too_large");
        refunded(order(charge, "0.01"));
        assertThat(left(charge)).isEqualTo(eur("0.00"));
    }

    @Test
    void theSameKeyIsCarriedOutOnceAndAnsweredAlike() {
        Charge charge = newCharge();
        RefundOrder order = order(charge, "25.00");

        Refund first = refunded(order);
        Refund second = refunded(order);

        assertThat(second).isEqualTo(first);
        assertThat(provider().findRefund(client(), order.idempotencyKey())).contains(first);
        assertThat(left(charge)).isEqualTo(eur("0.00"));
    }

    @Test
    void aKeyIsGoodForOneRefundOnly() {
        Charge charge = newCharge();
        RefundOrder order = order(charge, "5.00");
        refunded(order);

        assertThat(code(new RefundOrder(order.idempotencyKey(), charge.chargeId(), eur("6.00"))))
                .isEqualTo("idempotency_conflict");
        assertThat(left(charge)).isEqualTo(eur("20.00"));
    }

    @Test
    void whatWasRefusedWasNotDone() {
        Charge charge = newCharge();
        RefundOrder tooMuch = order(charge, "25.01");

        assertThat(code(tooMuch)).isEqualTo("amount_too_large");
        assertThat(code(new RefundOrder(key(), "no-such-charge", eur("1.00")))).isEqualTo("charge_not_found");
        assertThat(code(new RefundOrder(key(), charge.chargeId(), new Money(new BigDecimal("1.00"), "USD"))))
                .isEqualTo("currency_mismatch");
        assertThat(provider().findRefund(client(), tooMuch.idempotencyKey())).isEmpty();
        assertThat(left(charge)).isEqualTo(eur("25.00"));
    }

    @Test
    void manyAtOnceNeverRefundMoreThanWasCharged() throws Exception {
        Charge charge = newCharge();

        List<RefundAnswer> answers = atOnce(20, () -> provider().refund(client(), order(charge, "2.00")));

        assertThat(answers).filteredOn(RefundAnswer.Refunded.class::isInstance).hasSize(12);
        assertThat(left(charge)).isEqualTo(eur("1.00"));
    }

    @Test
    void manyWithOneKeyAtOnceAreOneRefund() throws Exception {
        Charge charge = newCharge();
        RefundOrder order = order(charge, "2.00");

        List<RefundAnswer> answers = atOnce(10, () -> provider().refund(client(), order));

        assertThat(answers).hasSize(10).containsOnly(answers.getFirst());
        assertThat(left(charge)).isEqualTo(eur("23.00"));
    }

    private static List<RefundAnswer> atOnce(int times, Callable<RefundAnswer> call) throws Exception {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<RefundAnswer>> futures = callers.invokeAll(
                    IntStream.range(0, times).mapToObj(i -> call).toList());
            return futures.stream().map(Future::resultNow).toList();
        }
    }

    private Refund refunded(RefundOrder order) {
        return ((RefundAnswer.Refunded) provider().refund(client(), order)).refund();
    }

    private String code(RefundOrder order) {
        return ((RefundAnswer.Refused) provider().refund(client(), order)).code();
    }

    private Money left(Charge charge) {
        return provider().findCharge(client(), charge.orderId()).orElseThrow().left();
    }

    private static RefundOrder order(Charge charge, String amount) {
        return new RefundOrder(key(), charge.chargeId(), eur(amount));
    }

    private static String key() {
        return "opsrelay-" + UUID.randomUUID();
    }

    private static Money eur(String amount) {
        return new Money(new BigDecimal(amount), "EUR");
    }
}
