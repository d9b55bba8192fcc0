package io.opsrelay.action.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class PaymentsTest {

    /** Never over: what answers at all answers long before. */
    private static final Duration PATIENT = Duration.ofMinutes(1);

    private static final Duration HASTY = Duration.ofMillis(50);
    private static final RefundOrder ORDER = new RefundOrder("key", "ch_1", new Money(BigDecimal.ONE, "EUR"));

    @Test
    void aCallThatBreaksOffHasLostItsAnswerAndTellsNoInsides() {
        try (Payments payments = payments(() -> {
            throw new IllegalStateException("password=secret");
        })) {
            assertThatThrownBy(() -> payments.refund("acme", "stub", ORDER))
                    .isInstanceOfSatisfying(AnswerLostException.class, lost -> assertThat(lost.reason())
                            .contains("IllegalStateException")
                            .doesNotContain("secret"));
        }
    }

    @Test
    void aCallThatTakesTooLongHasLostItsAnswer() {
        CountDownLatch never = new CountDownLatch(1);
        try (Payments payments = payments(HASTY, Duration.ofHours(1), () -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return new RefundAnswer.Refused("late", "late");
        })) {
            assertThatThrownBy(() -> payments.refund("acme", "stub", ORDER))
                    .isInstanceOfSatisfying(AnswerLostException.class, lost -> assertThat(lost.reason())
                            .contains("did not answer within 50 ms"));
        } finally {
            never.countDown();
        }
    }

    @Test
    void aProviderThatKeepsFailingIsLeftAloneForAWhile() {
        AtomicBoolean healthy = new AtomicBoolean();
        // Left alone for longer than a machine halts.
        try (Payments payments = payments(PATIENT, Duration.ofSeconds(7), () -> {
            if (!healthy.get()) {
                throw new IllegalStateException("down");
            }
            return new RefundAnswer.Refused("no", "no");
        })) {
            // when
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> payments.refund("acme", "stub", ORDER))
                        .isInstanceOf(AnswerLostException.class);
            }

            // then
            assertThat(payments.accepting("acme")).isFalse();
            assertThatThrownBy(() -> payments.refund("acme", "stub", ORDER)).hasMessageContaining("left alone");

            // when
            healthy.set(true);

            // then
            await().atMost(Duration.ofSeconds(60)).until(() -> payments.accepting("acme"));
            assertThat(payments.refund("acme", "stub", ORDER)).isEqualTo(new RefundAnswer.Refused("no", "no"));
        }
    }

    @Test
    void oneClientsTroubleStopsNobodyElse() {
        // given
        PaymentProvider one = provider("one", client -> {
            if (client.equals("acme")) {
                throw new AnswerLostException("the key of acme is refused");
            }
            return new RefundAnswer.Refused("no", "no");
        });
        try (Payments payments = payments(Map.of("acme", "one", "globex", "one"), one)) {
            // when
            for (int i = 0; i < 4; i++) {
                assertThatThrownBy(() -> payments.refund("acme", "one", ORDER))
                        .hasMessage("the key of acme is refused");
            }

            // then
            assertThat(payments.accepting("acme")).isFalse();
            assertThat(payments.accepting("globex")).isTrue();
            assertThat(payments.refund("globex", "one", ORDER)).isInstanceOf(RefundAnswer.Refused.class);
        }
    }

    @Test
    void anAnswerThatDecidesNothingIsNoSignOfTrouble() {
        try (Payments payments = payments(Map.of(), provider("stub", client -> {
            throw new UndecidedException("not yet");
        }))) {
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> payments.refund("acme", "stub", ORDER)).hasMessage("not yet");
            }
            assertThat(payments.accepting("acme")).isTrue();
        }
    }

    @Test
    void aClientWithoutAProviderOfItsOwnHasTheCommonOne() {
        try (Payments payments =
                payments(Map.of("globex", "one"), provider("one", client -> new RefundAnswer.Refused("one", "one")))) {
            assertThat(payments.providerOf("globex")).isEqualTo("one");
            assertThat(payments.providerOf("acme")).isEqualTo("stub");
            assertThat(payments.providers()).containsExactly("one", "stub");
        }
    }

    @Test
    void aProviderThatIsNotThereStopsTheStart() {
        assertThatThrownBy(() -> payments(Map.of("acme", "paypal")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("opsrelay.payment.providers.acme is paypal")
                .hasMessageContaining("stub");
        assertThatThrownBy(() -> payments(Map.of("nobody", "stub")))
                .hasMessageContaining("opsrelay.payment.providers.nobody is stub, and stub is not set up for nobody");
        assertThatThrownBy(() -> new PaymentProperties(
                        "stub", Map.of("Not A Client", "stub"), Duration.ofMillis(50), 50, 4, Duration.ofMillis(100)))
                .hasMessageContaining("not a client id");
    }

    @Test
    void whatHasAProviderNoLongerIsAskedForWhenItIsBack() {
        try (Payments payments = payments(Map.of())) {
            assertThatThrownBy(() -> payments.findRefund("acme", "gone", ORDER))
                    .isInstanceOf(AnswerLostException.class)
                    .hasMessageContaining("gone is no longer set up for acme");
        }
    }

    private static Payments payments(Supplier<RefundAnswer> refund) {
        return payments(PATIENT, Duration.ofHours(1), refund);
    }

    private static Payments payments(Duration timeLimit, Duration openFor, Supplier<RefundAnswer> refund) {
        return payments(timeLimit, openFor, Map.of(), provider("stub", client -> refund.get()));
    }

    private static Payments payments(Map<String, String> providers, PaymentProvider... others) {
        return payments(PATIENT, Duration.ofHours(1), providers, others);
    }

    private static Payments payments(
            Duration timeLimit, Duration openFor, Map<String, String> providers, PaymentProvider... others) {
        List<PaymentProvider> all = new ArrayList<>(List.of(others));
        if (all.stream().noneMatch(one -> one.name().equals("stub"))) {
            all.add(provider("stub", client -> new RefundAnswer.Refused("stub", "stub")));
        }
        return new Payments(
                all, new PaymentProperties("stub", providers, timeLimit, 50, 4, openFor), new SimpleMeterRegistry());
    }

    private static PaymentProvider provider(String name, Function<String, RefundAnswer> refund) {
        return new PaymentProvider() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public boolean serves(String clientId) {
                return !clientId.equals("nobody");
            }

            @Override
            public Optional<String> objection(Money amount) {
                return Optional.empty();
            }

            @Override
            public Optional<Charge> findCharge(String clientId, String orderId) {
                return Optional.empty();
            }

            @Override
            public RefundAnswer refund(String clientId, RefundOrder order) {
                return refund.apply(clientId);
            }

            @Override
            public Optional<RefundAnswer> findRefund(String clientId, RefundOrder order) {
                return Optional.empty();
            }
        };
    }
}
