package io.opsrelay.action.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PaymentsTest {

    private static final RefundOrder ORDER = new RefundOrder("key", "ch_1", new Money(BigDecimal.ONE, "EUR"));

    @Test
    void aCallThatBreaksOffHasLostItsAnswerAndTellsNoInsides() {
        try (Payments payments = payments(() -> {
            throw new IllegalStateException("password=secret");
        })) {
            assertThatThrownBy(() -> payments.refund("acme", ORDER))
                    .isInstanceOfSatisfying(AnswerLostException.class, lost -> assertThat(lost.reason())
                            .contains("IllegalStateException")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void aCallThatTakesTooLongHasLostItsAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        try (Payments payments = payments(() -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new RefundAnswer.Refused("late", "late");
        })) {
            assertThatThrownBy(() -> payments.refund("acme", ORDER))
                    .isInstanceOfSatisfying(AnswerLostException.class, lost -> assertThat(lost.reason())
                            .contains("did not answer within 50 ms"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aProviderThatKeepsFailingIsLeftAloneForAWhile() {
        boolean[] healthy = {false};
        try (Payments payments = payments(() -> {
            if (!healthy[0]) {
                throw new IllegalStateException("down");
            }
            return new RefundAnswer.Refused("no", "no");
        })) {
            // when
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> payments.refund("acme", ORDER)).isInstanceOf(AnswerLostException.class);
            }

            // then
            assertThat(payments.accepting()).isFalse();
            assertThatThrownBy(() -> payments.refund("acme", ORDER)).hasMessageContaining("left alone");

            // when
            healthy[0] = true;

            // then
            await().atMost(Duration.ofSeconds(5)).until(payments::accepting);
            assertThat(payments.refund("acme", ORDER)).isEqualTo(new RefundAnswer.Refused("no", "no"));
        }
    }

    private static Payments payments(Supplier<RefundAnswer> refund) {
        PaymentProvider provider = new PaymentProvider() {
            @Override
            public String name() {
                return "stub";
            }

            @Override
            public Optional<Charge> findCharge(String clientId, String orderId) {
                return Optional.empty();
            }

            @Override
            public RefundAnswer refund(String clientId, RefundOrder order) {
                return refund.get();
            }

            @Override
            public Optional<Refund> findRefund(String clientId, String idempotencyKey) {
                return Optional.empty();
            }
        };
        return new Payments(
                provider,
                new PaymentProperties(Duration.ofMillis(50), 50, 4, Duration.ofMillis(100)),
                new SimpleMeterRegistry());
    }
}
