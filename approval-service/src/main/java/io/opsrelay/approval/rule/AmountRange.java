package io.opsrelay.approval.rule;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Amounts of one currency.
 *
 * @param over more than this, as a decimal text; absent for no lower bound
 * @param upTo this at most; absent for no upper bound
 * @param currency ISO 4217 code
 */
public record AmountRange(@Nullable String over, @Nullable String upTo, String currency) {

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,4})?");

    public AmountRange {
        int digits = digitsOf(currency);
        check("over", over, digits);
        check("up_to", upTo, digits);
        if (over == null && upTo == null) {
            throw new InvalidPolicyException("up_to", "must be given, or over");
        }
        if (upTo != null && new BigDecimal(upTo).signum() == 0) {
            throw new InvalidPolicyException("up_to", "must be more than zero");
        }
        if (over != null && upTo != null && new BigDecimal(over).compareTo(new BigDecimal(upTo)) >= 0) {
            throw new InvalidPolicyException("up_to", "must be more than over, which is " + over);
        }
    }

    private static int digitsOf(@Nullable String currency) {
        try {
            return Math.max(0, Currency.getInstance(String.valueOf(currency)).getDefaultFractionDigits());
        } catch (IllegalArgumentException e) {
            throw new InvalidPolicyException("currency", "must be an ISO 4217 code such as EUR");
        }
    }

    private static void check(String field, @Nullable String amount, int digits) {
        if (amount == null) {
            return;
        }
        if (!DECIMAL.matcher(amount).matches()) {
            throw new InvalidPolicyException(field, "must be a decimal text of at most 12 digits such as \"500.00\"");
        }
        if (new BigDecimal(amount).stripTrailingZeros().scale() > digits) {
            throw new InvalidPolicyException(field, "has more decimals than the " + digits + " of its currency");
        }
    }

    boolean holds(Money money) {
        return money.currency().equals(currency)
                && (over == null || money.amount().compareTo(new BigDecimal(over)) > 0)
                && (upTo == null || money.amount().compareTo(new BigDecimal(upTo)) <= 0);
    }

    String inWords() {
        String from = over == null ? "" : "over " + over;
        String to = upTo == null ? "" : "up to " + upTo;
        return (from + (over != null && upTo != null ? " " : "") + to) + " " + currency;
    }
}
