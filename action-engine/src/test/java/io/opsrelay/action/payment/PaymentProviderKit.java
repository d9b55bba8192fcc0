package io.opsrelay.action.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every payment provider must do. One subclass per provider. */
public abstract class PaymentProviderKit {

    /** The provider under test. */
    protected abstract PaymentProvider provider();

    /** The client whose books are used. */
    protected abstract String client();

    /** A new charge, the only one of its order. */
    protected abstract Charge newCharge(Money amount);

    /** Has the answer to the next refund with that key lost, and the refund made or not. */
    protected abstract void loseAnswer(String idempotencyKey, boolean done);

    /** Empty where the provider ends every refund at once. */
    protected Optional<Endings> endings() {
        return Optional.empty();
    }

    /** Plays the banks, which take their time. */
    protected interface Endings {

        /** From now on refunds of that charge are taken and not ended. */
        void hold(Charge charge);

        /** Ends one. */
        void end(String refundId, boolean succeeds);
    }

    private Charge newCharge() {
        return newCharge(eur("25.00"));
    }

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
        assertThat(provider().findRefund(client(), order)).contains(new RefundAnswer.Refunded(first));
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
        assertThat(provider().findRefund(client(), tooMuch)).isEmpty();
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

        // A provider may say that it is still at work on that key; then it is asked.
        List<RefundAnswer> answers = atOnce(10, () -> {
            try {
                return provider().refund(client(), order);
            } catch (RuntimeException e) {
                return await().atMost(Duration.ofSeconds(60))
                        .until(() -> provider().findRefund(client(), order), Optional::isPresent)
                        .orElseThrow();
            }
        });

        assertThat(answers).hasSize(10).containsOnly(answers.getFirst());
        assertThat(left(charge)).isEqualTo(eur("23.00"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAnswerThatWasLostIsFoundOutAndNothingIsDoneTwice(boolean done) {
        Charge charge = newCharge();
        RefundOrder order = order(charge, "7.00");
        loseAnswer(order.idempotencyKey(), done);

        assertThatThrownBy(() -> provider().refund(client(), order)).isInstanceOf(RuntimeException.class);

        assertThat(provider().findRefund(client(), order).isPresent()).isEqualTo(done);
        refunded(order);
        assertThat(left(charge)).isEqualTo(eur("18.00"));
        assertThat(provider().findRefund(client(), order)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "500, JPY, 200, 300",
        "10.500, KWD, 0.120, 10.380",
        "900, ISK, 1, 899",
        "30000, UGX, 7, 29993",
        "80.00, HUF, 0.50, 79.50",
        "1000.00, MGA, 5.00, 995.00",
        "99999999.99, USD, 0.01, 99999999.98",
    })
    void anAmountKeepsItsWorthInEveryCurrency(String charged, String currency, String amount, String left) {
        Charge charge = newCharge(new Money(new BigDecimal(charged), currency));
        Money wanted = new Money(new BigDecimal(amount), currency);
        assertThat(provider().findCharge(client(), charge.orderId())).contains(charge);
        assertThat(provider().objection(wanted)).isEmpty();

        Refund refund = refunded(new RefundOrder(key(), charge.chargeId(), wanted));

        assertThat(refund.amount()).isEqualTo(wanted);
        assertThat(left(charge)).isEqualTo(new Money(new BigDecimal(left), currency));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whatIsTakenAndNotEndedIsNeitherDoneNorRefused(boolean succeeds) {
        Endings endings = endings().orElse(null);
        assumeThat(endings).as("ends every refund at once").isNotNull();
        Charge charge = newCharge();
        RefundOrder order = order(charge, "25.00");
        endings.hold(charge);

        RefundAnswer first = provider().refund(client(), order);

        assertThat(first).isInstanceOf(RefundAnswer.Pending.class);
        assertThat(provider().refund(client(), order)).isEqualTo(first);
        assertThat(provider().findRefund(client(), order)).contains(first);
        assertThat(left(charge)).isEqualTo(eur("0.00"));

        // when
        Refund refund = ((RefundAnswer.Pending) first).refund();
        endings.end(refund.refundId(), succeeds);

        // then
        RefundAnswer end = provider().findRefund(client(), order).orElseThrow();
        if (succeeds) {
            assertThat(end).isEqualTo(new RefundAnswer.Refunded(refund));
            assertThat(left(charge)).isEqualTo(eur("0.00"));
        } else {
            assertThat(end).isInstanceOfSatisfying(RefundAnswer.Refused.class, failed -> assertThat(failed.code())
                    .isEqualTo("refund_failed"));
            assertThat(left(charge)).isEqualTo(eur("25.00"));
        }
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
