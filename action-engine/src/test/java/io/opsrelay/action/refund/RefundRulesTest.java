package io.opsrelay.action.refund;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.action.catalogue.Preparation;
import io.opsrelay.action.payment.Charge;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RefundRulesTest {

    private static final Function<Money, Optional<String>> ANY = amount -> Optional.empty();

    private static final Customer MARY = new Customer(UUID.randomUUID(), "mary.major@example.org", true);

    @Test
    void whatIsLeftIsRefundedWhereNobodySaysHowMuch() {
        Preparation.Ready ready = (Preparation.Ready) prepare("25.00", "5.50", "EUR", Map.of());

        assertThat(ready.arguments())
                .containsExactly(
                        Map.entry("order_id", "A-1"),
                        Map.entry("charge_id", "ch_1"),
                        Map.entry("amount", "19.50"),
                        Map.entry("currency", "EUR"),
                        Map.entry("provider", "sandbox"));
        assertThat(ready.target()).isEqualTo("order/A-1");
        assertThat(ready.effect().money()).isEqualTo(new Money(new BigDecimal("19.50"), "EUR"));
        assertThat(ready.effect().details())
                .containsEntry("charged", "25.00")
                .containsEntry("already_refunded", "5.50")
                .containsEntry("refundable_now", "19.50")
                .containsEntry("remaining_after", "0.00");
    }

    @ParameterizedTest
    @CsvSource({
        "25.00, EUR, 25.00, 25.00",
        "25.00, EUR, 0.01, 0.01",
        "25.00, EUR, 7, 7.00",
        "500, JPY, 200, 200",
        "10.500, KWD, 0.125, 0.125",
        "10.500, KWD, 10.5, 10.500",
        "500, JPY, 500.00, 500",
    })
    void anAmountWithinWhatIsLeftIsTakenAtTheCurrencysScale(
            String charged, String currency, String asked, String taken) {
        Preparation.Ready ready = (Preparation.Ready) prepare(charged, "0", currency, Map.of("amount", asked));

        assertThat(ready.arguments()).containsEntry("amount", taken);
    }

    @ParameterizedTest
    @CsvSource({
        "25.00, EUR, 25.01, amount_too_large",
        "25.00, EUR, 999999999999, amount_too_large",
        "25.00, EUR, 0, arguments_invalid",
        "25.00, EUR, 0.00, arguments_invalid",
        "25.00, EUR, 1.005, arguments_invalid",
        "500, JPY, 1.5, arguments_invalid",
        "500, JPY, 0.5, arguments_invalid",
        "500, JPY, 501, amount_too_large",
        "500, JPY, 0, arguments_invalid",
        "10.500, KWD, 0.0005, arguments_invalid",
        "10.500, KWD, 0.000, arguments_invalid",
        "10.500, KWD, 10.501, amount_too_large",
        "10.500, KWD, 999999999999.999, amount_too_large",
    })
    void anAmountThatCannotBeIsRefused(String charged, String currency, String asked, String code) {
        assertThat(prepare(charged, "0", currency, Map.of("amount", asked)))
                .isInstanceOfSatisfying(Preparation.Refused.class, refused -> assertThat(refused.code())
                        .isEqualTo(code));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1e3", "NaN", "1,50", "0x10", "12345678901234", " ", "1.00001"})
    void anAmountOfAnotherFormIsRefused(String amount) {
        assertThatThrownBy(() -> RefundArguments.from(Map.of("order_id", "A-1", "amount", amount), MARY))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anotherCurrencyIsRefused() {
        assertThat(prepare("25.00", "0", "EUR", Map.of("amount", "1.00", "currency", "USD")))
                .isInstanceOfSatisfying(
                        Preparation.Refused.class,
                        refused -> assertThat(refused.reason()).contains("EUR").contains("USD"));
    }

    @Test
    void anothersOrderIsAnsweredLikeOneThatDoesNotExist() {
        Customer john = new Customer(UUID.randomUUID(), "john@example.org", true);
        RefundArguments wanted = RefundArguments.from(Map.of("order_id", "A-1"), john);

        assertThat(RefundRules.prepare(wanted, Optional.of(charge("25.00", "0", "EUR")), "sandbox", ANY))
                .isEqualTo(RefundRules.prepare(wanted, Optional.empty(), "sandbox", ANY));
    }

    @Test
    void anAmountThatTheProviderCannotMoveIsRefusedBeforeAnybodyIsAsked() {
        assertThat(RefundRules.prepare(
                        RefundArguments.from(Map.of("order_id", "A-1", "amount", "0.125"), MARY),
                        Optional.of(charge("10.500", "0", "KWD")),
                        "stripe",
                        amount -> Optional.of("the last decimal must be 0")))
                .isEqualTo(new Preparation.Refused("amount_invalid", "the last decimal must be 0"));
    }

    @Test
    void anUnverifiedCustomerGetsNoMoney() {
        assertThat(RefundRules.refusalBefore(new Customer(UUID.randomUUID(), MARY.email(), false)))
                .isNotNull();
        assertThat(RefundRules.refusalBefore(MARY)).isNull();
    }

    @Test
    void aPersonOnNoTicketNamesTheCustomerAndThatIsApprovedToo() {
        Preparation.Ready ready = (Preparation.Ready) asked(Map.of("customer_email", "MARY.major@example.org "));

        assertThat(ready.arguments()).containsEntry("customer_email", "MARY.major@example.org");
        assertThat(ready.effect().toString()).doesNotContain("@");
        assertThat(asked(Map.of("customer_email", "john@example.org")))
                .isEqualTo(new Preparation.Refused("order_not_found", "this customer has no order A-1"));
        assertThatThrownBy(() -> asked(Map.of())).hasMessageContaining("customer_email is missing");
    }

    @Test
    void onATicketTheCustomerIsTheTicketsWhateverIsSaid() {
        assertThat(RefundArguments.from(Map.of("order_id", "A-1", "customer_email", "john@example.org"), MARY)
                        .customerEmail())
                .isEqualTo(MARY.email());
        assertThat(((Preparation.Ready) prepare("25.00", "0", "EUR", Map.of("customer_email", "john@example.org")))
                        .arguments())
                .doesNotContainKey("customer_email");
    }

    private static Preparation asked(Map<String, Object> extra) {
        Map<String, Object> arguments = new HashMap<>(extra);
        arguments.put("order_id", "A-1");
        return RefundRules.prepare(
                RefundArguments.from(arguments, null), Optional.of(charge("25.00", "0", "EUR")), "sandbox", ANY);
    }

    private static Preparation prepare(String charged, String refunded, String currency, Map<String, Object> extra) {
        Map<String, Object> arguments = new HashMap<>(extra);
        arguments.put("order_id", "A-1");
        return RefundRules.prepare(
                RefundArguments.from(arguments, MARY),
                Optional.of(charge(charged, refunded, currency)),
                "sandbox",
                ANY);
    }

    private static Charge charge(String charged, String refunded, String currency) {
        return new Charge(
                "ch_1",
                "A-1",
                new Money(new BigDecimal(charged), currency),
                new Money(new BigDecimal(refunded), currency),
                "Mary.Major@example.org",
                Instant.EPOCH);
    }
}
