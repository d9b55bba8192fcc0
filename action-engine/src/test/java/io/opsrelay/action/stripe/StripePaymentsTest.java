package io.opsrelay.action.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.ActionEngineTest;
import io.opsrelay.action.payment.AnswerLostException;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.action.payment.PaymentProvider;
import io.opsrelay.action.payment.PaymentProviderKit;
import io.opsrelay.action.payment.RefundAnswer;
import io.opsrelay.action.payment.RefundOrder;
import io.opsrelay.action.payment.UndecidedException;
import io.opsrelay.action.stripe.FakeStripe.Fault;
import io.opsrelay.contracts.Money;
import io.opsrelay.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The real client library against a Stripe that keeps its protocol. */
@ActionEngineTest
class StripePaymentsTest extends PaymentProviderKit implements WithStripe {

    private static final Money TWENTY_FIVE = new Money(new BigDecimal("25.00"), "EUR");

    @Autowired
    @Qualifier("stripePayments")
    private PaymentProvider stripe;

    @Autowired
    private TestDatabase database;

    private final String orderId = "T-" + UUID.randomUUID();

    @Override
    protected PaymentProvider provider() {
        return stripe;
    }

    @Override
    protected String client() {
        return SHOP;
    }

    @Override
    protected Charge newCharge(Money amount) {
        String order = "T-" + UUID.randomUUID();
        String id = WithStripe.charge(order, amount);
        Instant created = stripe.findCharge(SHOP, order).orElseThrow().createdAt();
        return new Charge(
                id, order, amount, new Money(BigDecimal.ZERO, amount.currency()), "mary.major@example.org", created);
    }

    @Override
    protected void loseAnswer(String idempotencyKey, boolean done) {
        STRIPE.next(idempotencyKey, done ? Fault.DO_AND_CLOSE : Fault.CLOSE_BEFORE);
    }

    @Override
    protected Optional<Endings> endings() {
        return Optional.of(new Endings() {
            @Override
            public void hold(Charge charge) {
                STRIPE.beginWith(charge.chargeId(), "pending");
            }

            @Override
            public void end(String refundId, boolean succeeds) {
                STRIPE.end(refundId, succeeds ? "succeeded" : "failed");
            }
        });
    }

    @Test
    void aChargeThatTheSearchDoesNotKnowYetIsFoundAmongTheNewest() {
        STRIPE.notSearchableYet(WithStripe.charge(orderId, TWENTY_FIVE));

        assertThat(stripe.findCharge(SHOP, orderId)).isPresent();
    }

    @Test
    void aChargeIsFoundByWhatStandsOnItsIntent() {
        String id = STRIPE.charge(SHOP, 2500, "eur", "mary.major@example.org", Map.of());
        STRIPE.intent(SHOP, id, Map.of("order_id", orderId));

        assertThat(stripe.findCharge(SHOP, orderId))
                .hasValueSatisfying(charge -> assertThat(charge.chargeId()).isEqualTo(id));
    }

    @ParameterizedTest
    @CsvSource({"A\"-1", "A\\-1", "A-1\" OR status:\"succeeded", "metadata[\"x\"]:\"y\"", "Ä-1&limit=5"})
    void anOrdersNumberIsNothingButAValue(String number) {
        String odd = orderId + number;
        String id = WithStripe.charge(odd, TWENTY_FIVE);

        assertThat(stripe.findCharge(SHOP, odd))
                .hasValueSatisfying(charge -> assertThat(charge.chargeId()).isEqualTo(id));
        // The search does not tell upper from lower case; an order's number does.
        assertThat(stripe.findCharge(SHOP, odd.toLowerCase(java.util.Locale.ROOT)))
                .isEmpty();
    }

    @Test
    void ofSeveralChargesTheOneCountsOfWhichSomethingIsLeft() {
        // given
        String failed = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.set(failed, "status", "failed");
        String authorised = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.set(authorised, "captured", false);
        String used = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.set(used, "amount_refunded", 2500);
        assertThat(stripe.findCharge(SHOP, orderId))
                .hasValueSatisfying(charge -> assertThat(charge.chargeId()).isEqualTo(used));

        // when
        String good = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.set(good, "amount_captured", 1000);
        STRIPE.set(good, "created", 1_700_000_000L);

        // then
        assertThat(stripe.findCharge(SHOP, orderId)).hasValueSatisfying(charge -> {
            assertThat(charge.chargeId()).isEqualTo(good);
            assertThat(charge.left()).isEqualTo(eur("10.00"));
        });
    }

    @Test
    void theShopsRecordOfTheCustomerCountsBeforeWhatWasTypedIn() {
        String id = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.set(id, "customer", Map.of("id", "cus_1", "object", "customer", "email", "known@example.org"));
        assertThat(email()).isEqualTo("known@example.org");

        STRIPE.set(id, "customer", "cus_1");
        assertThat(email()).isEqualTo("mary.major@example.org");

        STRIPE.set(id, "billing_details", Map.of());
        assertThat(email()).isEmpty();

        STRIPE.set(id, "receipt_email", "receipt@example.org");
        assertThat(email()).isEqualTo("receipt@example.org");
    }

    private String email() {
        return stripe.findCharge(SHOP, orderId).orElseThrow().customerEmail();
    }

    @Test
    void anotherAccountsChargesAreNotSeen() {
        String theirs = STRIPE.charge("acct_franchise", 2500, "eur", "a@example.org", Map.of("shop order", orderId));
        String ours = WithStripe.charge(orderId, TWENTY_FIVE);

        assertThat(stripe.findCharge(FRANCHISE, orderId))
                .hasValueSatisfying(charge -> assertThat(charge.chargeId()).isEqualTo(theirs));
        assertThat(stripe.refund(FRANCHISE, order(ours)))
                .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("charge_not_found"));
        assertThat(stripe.refund(FRANCHISE, order(theirs))).isInstanceOf(RefundAnswer.Refunded.class);
        assertThat(STRIPE.journal())
                .anyMatch(entry -> entry.account().equals("acct_franchise") && entry.done() != null);
    }

    @Test
    void aKeyThatIsRefusedIsToldWithoutItAndANewOneIsTakenAtOnce() {
        // given
        String charge = STRIPE.charge(CARELESS, 2500, "eur", "a@example.org", Map.of("order_id", orderId));
        STRIPE.revokeKeysOf(CARELESS);

        // then
        assertThatThrownBy(() -> stripe.refund(CARELESS, order(charge)))
                .isInstanceOf(AnswerLostException.class)
                .hasMessageContaining("Stripe refuses the key of careless")
                .hasMessageNotContaining("rk_test");

        // when
        STRIPE.keyFile(FOLDER, CARELESS);

        // then
        assertThat(stripe.refund(CARELESS, order(charge))).isInstanceOf(RefundAnswer.Refunded.class);
    }

    @Test
    void aDeclineIsStripesLastWord() {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), Fault.DECLINE);

        assertThat(stripe.refund(SHOP, order)).isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> {
            assertThat(refused.code()).isEqualTo("refused_by_provider");
            assertThat(refused.reason()).contains("card_declined");
        });
        assertThat(STRIPE.refundsWith(order.idempotencyKey())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"SPENT_MEANWHILE", "PARTLY_SPENT_MEANWHILE"})
    void moreThanIsLeftIsRefusedByStripeWhereWeCouldNotKnow(Fault fault) {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), fault);

        assertThat(stripe.refund(SHOP, order))
                .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("amount_too_large"));
        assertThat(STRIPE.journal(order.idempotencyKey())).singleElement().satisfies(entry -> assertThat(entry.status())
                .isEqualTo(400));
    }

    @Test
    void moreThanIsLeftIsRefusedByUsWithoutACall() {
        String charge = WithStripe.charge(orderId, TWENTY_FIVE);
        RefundOrder tooMuch = new RefundOrder("opsrelay-" + UUID.randomUUID(), charge, eur("25.01"));

        assertThat(stripe.refund(SHOP, tooMuch))
                .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.reason())
                        .isEqualTo("only 25.00 EUR of the charge is left"));
        assertThat(STRIPE.journal(tooMuch.idempotencyKey())).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"DOWN", "LIMIT"})
    void whatWasNotTakenInMayBeSentAgain(Fault fault) {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), fault);
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).isInstanceOf(AnswerLostException.class);

        assertThat(stripe.findRefund(SHOP, order)).isEmpty();
        assertThat(stripe.refund(SHOP, order)).isInstanceOf(RefundAnswer.Refunded.class);
        assertThat(STRIPE.refundsWith(order.idempotencyKey())).hasSize(1);
    }

    @Test
    void aRefundBehindASavedErrorIsFoundInTheList() {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), Fault.DO_AND_ERROR);
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).hasMessageContaining("error 500");

        assertThat(stripe.findRefund(SHOP, order).orElseThrow()).isInstanceOf(RefundAnswer.Refunded.class);
        // Also where the caller does not ask first: the charge has nothing left, and the list says why.
        assertThat(stripe.refund(SHOP, order)).isInstanceOf(RefundAnswer.Refunded.class);
        assertThat(STRIPE.journal(order.idempotencyKey())).hasSize(1);
    }

    @Test
    void aSavedErrorWithoutARefundStaysOpenUntilTheKeysTimeIsOver() {
        // given
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), Fault.ERROR);
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).hasMessageContaining("error 500");
        assertThat(stripe.findRefund(SHOP, order))
                .as("perhaps it was not saved")
                .isEmpty();

        // when
        assertThatThrownBy(() -> stripe.refund(SHOP, order))
                .isInstanceOf(UndecidedException.class)
                .hasMessageContaining("nothing is sent any more");

        // then
        assertThatThrownBy(() -> stripe.findRefund(SHOP, order)).isInstanceOf(UndecidedException.class);
        STRIPE.forgetKeys();
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).isInstanceOf(UndecidedException.class);
        assertThat(STRIPE.journal(order.idempotencyKey()))
                .extracting(FakeStripe.Entry::replayed)
                .containsExactly(false, true);

        // when
        firstSent(order, Duration.ofHours(25));

        // then
        List.of(stripe.findRefund(SHOP, order).orElseThrow(), stripe.refund(SHOP, order))
                .forEach(answer -> assertThat(answer)
                        .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                                .isEqualTo("refund_not_made")));
        assertThat(STRIPE.journal(order.idempotencyKey())).hasSize(2);
        assertThat(STRIPE.refundsWith(order.idempotencyKey())).isEmpty();
    }

    @Test
    void nothingIsSentWithAKeyThatStripeMayHaveForgotten() {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), Fault.CLOSE_BEFORE);
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).hasMessageContaining("broke off");

        firstSent(order, Duration.ofHours(23).plusMinutes(30));

        assertThatThrownBy(() -> stripe.findRefund(SHOP, order)).isInstanceOf(UndecidedException.class);
        assertThatThrownBy(() -> stripe.refund(SHOP, order)).isInstanceOf(UndecidedException.class);
        assertThat(STRIPE.refundsWith(order.idempotencyKey())).isEmpty();
    }

    @Test
    void aKeyIsTheSameInEveryAttempt() {
        RefundOrder order = order(WithStripe.charge(orderId, TWENTY_FIVE));
        STRIPE.next(order.idempotencyKey(), Fault.DO_AND_CLOSE);
        int before = STRIPE.journal().size();

        assertThatThrownBy(() -> stripe.refund(SHOP, order)).isInstanceOf(AnswerLostException.class);
        stripe.refund(SHOP, order);

        assertThat(STRIPE.journal().subList(before, STRIPE.journal().size()))
                .filteredOn(entry -> entry.method().equals("POST"))
                .allMatch(entry -> order.idempotencyKey().equals(entry.key()))
                .filteredOn(entry -> entry.done() != null)
                .hasSize(1);
    }

    @Test
    void aKeyThatStripeKnowsForAnotherOrderIsRefusedWhenTheListShowsThatOrder() {
        // given
        String charge = WithStripe.charge(orderId, TWENTY_FIVE);
        RefundOrder order = new RefundOrder("opsrelay-" + UUID.randomUUID(), charge, eur("5.00"));
        stripe.refund(SHOP, order);
        forget(order);

        // when
        RefundAnswer answer = stripe.refund(SHOP, new RefundOrder(order.idempotencyKey(), charge, eur("6.00")));

        // then
        assertThat(STRIPE.journal(order.idempotencyKey()))
                .extracting(FakeStripe.Entry::status)
                .containsExactly(200, 400);
        assertThat(answer).isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                .isEqualTo("idempotency_conflict"));
        assertThat(STRIPE.refundsWith(order.idempotencyKey())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"requires_action, customer", "pending, bank"})
    void whatARefundWaitsForIsTold(String status, String who) {
        String charge = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.beginWith(charge, status);

        assertThat(stripe.refund(SHOP, order(charge)))
                .isInstanceOfSatisfying(RefundAnswer.Pending.class, pending -> assertThat(pending.why())
                        .contains(who));
    }

    @Test
    void aCancelledRefundWasNotMade() {
        String charge = WithStripe.charge(orderId, TWENTY_FIVE);
        STRIPE.beginWith(charge, "requires_action");
        RefundOrder order = order(charge);
        RefundAnswer.Pending pending = (RefundAnswer.Pending) stripe.refund(SHOP, order);

        STRIPE.end(pending.refund().refundId(), "canceled");

        assertThat(stripe.findRefund(SHOP, order).orElseThrow())
                .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("refund_canceled"));
    }

    @Test
    void anAmountThatStripeCannotMoveNeverReachesIt() {
        String charge = WithStripe.charge(orderId, new Money(new BigDecimal("10.000"), "KWD"));
        RefundOrder order =
                new RefundOrder("opsrelay-" + UUID.randomUUID(), charge, new Money(new BigDecimal("0.125"), "KWD"));

        assertThat(stripe.refund(SHOP, order))
                .isInstanceOfSatisfying(RefundAnswer.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo("amount_invalid"));
        assertThat(STRIPE.journal(order.idempotencyKey())).isEmpty();
    }

    private RefundOrder order(String chargeId) {
        return new RefundOrder("opsrelay-" + UUID.randomUUID(), chargeId, TWENTY_FIVE);
    }

    /** So long ago. */
    private void firstSent(RefundOrder order, Duration ago) {
        JdbcClient.create(database.admin())
                .sql("update action.stripe_refund_attempt set first_sent_at = now() - make_interval(secs => :ago)"
                        + " where idempotency_key = :key")
                .param("ago", ago.toSeconds())
                .param("key", order.idempotencyKey())
                .update();
    }

    private void forget(RefundOrder order) {
        JdbcClient.create(database.admin())
                .sql("delete from action.stripe_refund_attempt where idempotency_key = :key")
                .param("key", order.idempotencyKey())
                .update();
    }

    private static Money eur(String amount) {
        return new Money(new BigDecimal(amount), "EUR");
    }
}
