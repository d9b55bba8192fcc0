package io.opsrelay.contracts;

import com.fasterxml.jackson.annotation.JsonFormat;
import java.math.BigDecimal;
import java.util.Currency;

/**
 * An amount in a currency.
 *
 * @param amount in major units, at the currency's own scale (25.00 EUR, 500 JPY); a decimal string in JSON
 * @param currency ISO 4217 code
 */
public record Money(
        @JsonFormat(shape = JsonFormat.Shape.STRING) BigDecimal amount, String currency) {

    /** @throws IllegalArgumentException for an unknown currency or more decimals than it has */
    public Money {
        Require.present(amount, "amount");
        int digits = Math.max(
                0, Currency.getInstance(Require.text(currency, "currency")).getDefaultFractionDigits());
        if (amount.stripTrailingZeros().scale() > digits) {
            throw new IllegalArgumentException(currency + " has " + digits + " decimals: " + amount.toPlainString());
        }
        amount = amount.setScale(digits);
    }
}
