package io.opsrelay.agent.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An order as it is known.
 *
 * @param orderId the client's own id
 * @param customerEmail whose it is; small letters
 * @param status in the client's words, e.g. shipped
 * @param total in units of {@code currency}
 * @param currency ISO 4217
 * @param items what was ordered, in one line
 * @param tracking the carrier's reference
 * @param placedAt when it was placed
 * @param expectedAt when it should arrive
 */
public record Order(
        String orderId,
        String customerEmail,
        String status,
        @Nullable BigDecimal total,
        @Nullable String currency,
        @Nullable String items,
        @Nullable String tracking,
        @Nullable Instant placedAt,
        @Nullable Instant expectedAt) {

    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._/#-]{0,63}");
    private static final Pattern EMAIL = Pattern.compile("[^@\\s]{1,64}@[^@\\s]{1,190}");

    public Order {
        if (orderId == null || !ID.matcher(orderId).matches()) {
            throw new InvalidOrderException("order_id", "must be 1 to 64 letters, digits and . _ / # -");
        }
        if (customerEmail == null || !EMAIL.matcher(customerEmail).matches()) {
            throw new InvalidOrderException("customer_email", "must be an e-mail address");
        }
        customerEmail = customerEmail.toLowerCase(Locale.ROOT);
        status = text("status", status, 100);
        if (status == null) {
            throw new InvalidOrderException("status", "is missing");
        }
        if (total != null && (total.signum() < 0 || total.precision() > 18)) {
            throw new InvalidOrderException("total", "must be an amount of at most 18 digits");
        }
        if (currency != null && !currency.matches("[A-Z]{3}")) {
            throw new InvalidOrderException("currency", "must be an ISO 4217 code such as EUR");
        }
        items = text("items", items, 1000);
        tracking = text("tracking", tracking, 200);
    }

    private static @Nullable String text(String field, @Nullable String value, int longest) {
        if (value == null || value.isBlank()) {
            return null;
        }
        if (value.length() > longest) {
            throw new InvalidOrderException(field, "must have at most " + longest + " characters");
        }
        return value.strip();
    }
}
