package io.opsrelay.action.stripe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MinorUnitsTest {

    @ParameterizedTest
    @CsvSource({
        "25.00, EUR, 2500",
        "0.01, USD, 1",
        "500, JPY, 500",
        "12, KRW, 12",
        "5, ISK, 500",
        "5, UGX, 500",
        "5.00, MGA, 5",
        "5.120, KWD, 5120",
        "0.010, TND, 10",
        "80.50, HUF, 8050",
        "999999999999.99, EUR, 99999999999999",
    })
    void anAmountIsWrittenByStripesTableAndReadBack(String amount, String currency, long minor) {
        Money money = new Money(new BigDecimal(amount), currency);

        assertThat(MinorUnits.of(money)).isEqualTo(minor);
        assertThat(MinorUnits.toMoney(minor, currency.toLowerCase(java.util.Locale.ROOT)))
                .isEqualTo(money);
    }

    @ParameterizedTest
    @CsvSource({
        "5.124, KWD, must be 0",
        "0.001, BHD, must be 0",
        "5.50, MGA, has more",
        "1.005, LYD, has more",
        "999999999999999999999, EUR, more than Stripe can move",
    })
    void whatStripeCannotMoveIsObjectedTo(String amount, String currency, String why) {
        Money money = new Money(new BigDecimal(amount), currency);

        assertThat(MinorUnits.objection(money))
                .hasValueSatisfying(objection -> assertThat(objection).contains(why));
        assertThatThrownBy(() -> MinorUnits.of(money))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void anUnknownCurrencyStandsForNothing() {
        assertThatThrownBy(() -> MinorUnits.toMoney(100, "xyz1")).isInstanceOf(IllegalArgumentException.class);
    }
}
