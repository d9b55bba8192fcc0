package io.opsrelay.action.refund;

import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a refund is asked for with. Amount and currency are absent in a proposal: a model does not say how much.
 *
 * @param customerEmail whose order it must be
 * @param namedByPerson whether a person named that address, on no ticket: it then stands among the arguments, so that it is
 *     approved with them and holds for edits
 * @param amount in major units, as a decimal text
 * @param reason in the words of who asked
 */
record RefundArguments(
        String orderId,
        String customerEmail,
        boolean namedByPerson,
        @Nullable String amount,
        @Nullable String currency,
        @Nullable String reason) {

    static final int LONGEST_EMAIL = 254;

    private static final String CUSTOMER_EMAIL = "customer_email";

    static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,4})?");

    RefundArguments {
        if (amount != null && !AMOUNT.matcher(amount).matches()) {
            throw new IllegalArgumentException("amount must be a positive decimal such as 12.50");
        }
    }

    /**
     * Reads it. On a ticket the address is its customer's, whatever else is said; a person without one names it.
     *
     * @throws IllegalArgumentException with a reason for a person
     */
    static RefundArguments from(Map<String, Object> arguments, @Nullable Customer customer) {
        String orderId = text(arguments, "order_id");
        if (orderId == null) {
            throw new IllegalArgumentException("order_id is missing");
        }
        String email = customer == null
                ? text(arguments, CUSTOMER_EMAIL)
                : customer.email().strip();
        if (email == null) {
            throw new IllegalArgumentException(CUSTOMER_EMAIL + " is missing: the address to which it was charged");
        }
        return new RefundArguments(
                orderId,
                email,
                customer == null,
                text(arguments, "amount"),
                text(arguments, "currency"),
                text(arguments, "reason"));
    }

    private static @Nullable String text(Map<String, Object> arguments, String name) {
        return switch (arguments.get(name)) {
            case null -> null;
            case String text when !text.isBlank() -> text.strip();
            default -> throw new IllegalArgumentException(name + " must be a text that is not empty");
        };
    }

    /**
     * The amount asked for, in the charge's currency.
     *
     * @return null where none is asked for
     * @throws IllegalArgumentException with a reason for a person
     */
    @Nullable
    Money amountIn(String chargeCurrency) {
        if (currency != null && !currency.equals(chargeCurrency)) {
            throw new IllegalArgumentException("the charge is in " + chargeCurrency + ", not in " + currency);
        }
        if (amount == null) {
            return null;
        }
        BigDecimal value = new BigDecimal(amount);
        if (value.signum() <= 0) {
            throw new IllegalArgumentException("amount must be more than zero");
        }
        int digits = Math.max(0, Currency.getInstance(chargeCurrency).getDefaultFractionDigits());
        if (value.stripTrailingZeros().scale() > digits) {
            throw new IllegalArgumentException("amount has more decimals than the " + digits + " of " + chargeCurrency);
        }
        return new Money(value, chargeCurrency);
    }

    /** What will be executed, and by whom: an approval holds for the provider that has the charge. */
    Map<String, Object> resolved(String chargedOrder, String chargeId, Money money, String provider) {
        Map<String, Object> arguments = new LinkedHashMap<>();
        arguments.put("order_id", chargedOrder);
        arguments.put("charge_id", chargeId);
        if (namedByPerson) {
            arguments.put(CUSTOMER_EMAIL, customerEmail);
        }
        arguments.put("amount", money.amount().toPlainString());
        arguments.put("currency", money.currency());
        arguments.put("provider", provider);
        if (reason != null) {
            arguments.put("reason", reason);
        }
        return arguments;
    }
}
