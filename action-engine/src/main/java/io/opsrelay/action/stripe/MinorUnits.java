package io.opsrelay.action.stripe;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Amounts as Stripe writes them: whole numbers of a currency's smallest unit, by Stripe's own table of decimals, which is
 * not always that of ISO 4217. Pure. Source: https://docs.stripe.com/currencies
 */
final class MinorUnits {

    private static final Set<String> WITHOUT_DECIMALS = Set.of(
            "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF");

    /** Without decimals by ISO 4217 and in fact, but written with two, which are always zero. */
    private static final Set<String> WITH_TWO_ZEROS = Set.of("ISK", "UGX");

    /** The last of three decimals must be zero: card networks do not carry it. */
    private static final Set<String> WITH_THREE = Set.of("BHD", "JOD", "KWD", "OMR", "TND");

    private static final int HUNDRED = 100;
    private static final int TEN = 10;

    private MinorUnits() {}

    /**
     * The amount as Stripe writes it.
     *
     * @throws IllegalArgumentException if Stripe cannot move exactly that amount, with the reason for a person
     */
    static long of(Money money) {
        Optional<String> objection = objection(money);
        if (objection.isPresent()) {
            throw new IllegalArgumentException(objection.get());
        }
        return money.amount().movePointRight(decimals(money.currency())).longValueExact();
    }

    /** Why Stripe cannot move exactly that amount, if it cannot. */
    static Optional<String> objection(Money money) {
        int decimals = decimals(money.currency());
        BigDecimal minor = money.amount().movePointRight(decimals);
        if (minor.stripTrailingZeros().scale() > 0) {
            return Optional.of("Stripe moves " + money.currency() + " with " + decimals + " decimals only, and "
                    + money.amount().toPlainString() + " has more");
        }
        if (minor.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Optional.of(
                    money.amount().toPlainString() + " " + money.currency() + " is more than Stripe can move");
        }
        long units = minor.longValueExact();
        if (WITH_THREE.contains(money.currency()) && units % TEN != 0) {
            return Optional.of("the last decimal of an amount in " + money.currency() + " must be 0 at Stripe, as in "
                    + BigDecimal.valueOf(units / TEN * TEN, decimals).toPlainString());
        }
        if (WITH_TWO_ZEROS.contains(money.currency()) && units % HUNDRED != 0) {
            return Optional.of(money.currency() + " has no decimals");
        }
        return Optional.empty();
    }

    /**
     * What Stripe's amount is.
     *
     * @param currency in lower case, as Stripe writes it
     * @throws IllegalArgumentException if the currency is not known, or has fewer decimals here
     */
    static Money toMoney(long amount, String currency) {
        String code = currency.toUpperCase(Locale.ROOT);
        return new Money(BigDecimal.valueOf(amount, decimals(code)), code);
    }

    private static int decimals(String currency) {
        // An unknown code is refused here, before it stands for two decimals.
        Currency known = Currency.getInstance(currency);
        if (WITHOUT_DECIMALS.contains(currency)) {
            return 0;
        }
        return WITH_THREE.contains(known.getCurrencyCode()) ? 3 : 2;
    }
}
