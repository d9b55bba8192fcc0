package io.opsrelay.approval.edit;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.security.web.ProblemException;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an approver may change about a refund, as far as its form tells. Whether the order exists and so much is left of
 * its charge is for action-engine to say.
 */
final class RefundEdit {

    private static final Set<String> FIELDS = Set.of("order_id", "amount", "currency", "reason");
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,4})?");
    private static final int MAX_ORDER_ID = 64;
    private static final int MAX_REASON = 500;

    private RefundEdit() {}

    /** @throws ProblemException 422 that names the field at fault */
    static void check(Map<String, Object> current, Map<String, Object> edited) {
        if (edited.isEmpty()) {
            throw ProblemException.unprocessable("arguments", "must change something: " + String.join(", ", FIELDS));
        }
        edited.forEach((field, value) -> {
            if (!FIELDS.contains(field)) {
                throw refused(field, "is not an argument that can be edited");
            }
            if (!(value instanceof String text) || text.isBlank()) {
                throw refused(field, "must be a text that is not empty");
            }
        });
        length(edited, "order_id", MAX_ORDER_ID);
        length(edited, "reason", MAX_REASON);
        Currency currency = currencyOf(current, edited);
        String amount = (String) edited.get("amount");
        if (amount != null) {
            checkAmount(amount, currency);
        }
    }

    private static Currency currencyOf(Map<String, Object> current, Map<String, Object> edited) {
        Object wanted = edited.get("currency");
        Object now = current.get("currency");
        if (wanted != null && !edited.containsKey("order_id") && !wanted.equals(now)) {
            throw refused("currency", "must be the charge's own, " + now);
        }
        try {
            return Currency.getInstance(String.valueOf(wanted == null ? now : wanted));
        } catch (IllegalArgumentException e) {
            throw refused("currency", "must be an ISO 4217 code");
        }
    }

    /** What the effect says already need not be found out by a preparation that fails, and the request with it. */
    static void checkLeft(ActionPrepared action, Map<String, Object> edited) {
        boolean sameOrder = !edited.containsKey("order_id")
                || edited.get("order_id").equals(action.arguments().get("order_id"));
        if (sameOrder
                && edited.get("amount") instanceof String amount
                && action.effect().details().get("refundable_now") instanceof String left
                && new BigDecimal(amount).compareTo(new BigDecimal(left)) > 0) {
            throw refused("amount", "is more than the " + left + " that can still be refunded");
        }
    }

    private static void checkAmount(String amount, Currency currency) {
        if (!AMOUNT.matcher(amount).matches()) {
            throw refused("amount", "must be a positive decimal such as 12.50");
        }
        BigDecimal value = new BigDecimal(amount);
        if (value.signum() == 0) {
            throw refused("amount", "must be more than zero");
        }
        int digits = Math.max(0, currency.getDefaultFractionDigits());
        if (value.stripTrailingZeros().scale() > digits) {
            throw refused("amount", "has more decimals than the " + digits + " of " + currency);
        }
    }

    /**
     * Whether a preparation moves no more than the one before: then its editor may approve it as anybody else.
     */
    static boolean narrows(Map<String, Object> before, Map<String, Object> after) {
        BigDecimal was = amountOf(before);
        BigDecimal is = amountOf(after);
        return was != null
                && is != null
                && is.compareTo(was) <= 0
                && Objects.equals(before.get("order_id"), after.get("order_id"))
                && Objects.equals(before.get("currency"), after.get("currency"));
    }

    private static @Nullable BigDecimal amountOf(Map<String, Object> arguments) {
        return arguments.get("amount") instanceof String text
                        && AMOUNT.matcher(text).matches()
                ? new BigDecimal(text)
                : null;
    }

    private static void length(Map<String, Object> edited, String field, int most) {
        if (edited.get(field) instanceof String text && text.length() > most) {
            throw refused(field, "is longer than " + most + " characters");
        }
    }

    private static ProblemException refused(String field, String reason) {
        return ProblemException.unprocessable("arguments." + field, reason);
    }
}
