package io.opsrelay.action.httpaction;

import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.httpaction.HttpActionSettings.FieldSettings;
import io.opsrelay.action.remote.OutsideText;
import io.opsrelay.contracts.Money;
import io.opsrelay.contracts.TicketEvent.Customer;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What an action of a client's is asked for with, read by its settings. Pure. */
final class HttpArguments {

    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,4})?");

    private HttpArguments() {}

    /** JSON Schema of what who asks fills. */
    static Map<String, Object> schema(HttpActionSettings settings) {
        Map<String, Object> properties = new LinkedHashMap<>();
        settings.fields().forEach((name, field) -> properties.put(name, schema(field)));
        return Map.of(
                "type",
                "object",
                "properties",
                properties,
                "required",
                settings.fields().entrySet().stream()
                        .filter(field -> field.getValue().required())
                        .map(Map.Entry::getKey)
                        .toList(),
                "additionalProperties",
                false);
    }

    private static Map<String, Object> schema(FieldSettings field) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("description", field.description());
        switch (field.type()) {
            case TEXT -> {
                schema.put("type", "string");
                schema.put("maxLength", field.maxLength());
            }
            case INTEGER -> {
                schema.put("type", "integer");
                schema.put("minimum", Objects.requireNonNull(field.least()));
                schema.put("maximum", Objects.requireNonNull(field.most()));
            }
            case CHOICE -> {
                schema.put("type", "string");
                schema.put("enum", field.values());
            }
            case FLAG -> schema.put("type", "boolean");
            case AMOUNT -> {
                schema.put("type", "string");
                schema.put("pattern", "^" + AMOUNT + "$");
            }
        }
        return schema;
    }

    /**
     * What will be sent.
     *
     * @throws IllegalArgumentException with a reason for a person
     */
    static Map<String, Object> read(HttpActionSettings settings, Proposal proposal) {
        Map<String, Object> sent = proposal.arguments();
        for (String name : sent.keySet()) {
            if (!settings.fields().containsKey(name)
                    && !settings.fixed().containsKey(name)
                    && !name.equals(HttpRequestShown.BINDING)) {
                throw new IllegalArgumentException(
                        OutsideText.line(name, 60) + " is no argument of this action; there are "
                                + List.copyOf(settings.fields().keySet()));
            }
        }
        Map<String, Object> read = new LinkedHashMap<>();
        settings.fields().forEach((name, field) -> {
            Object value = sent.get(name);
            if (value != null) {
                read.put(name, read(name, field, value));
            } else if (field.required()) {
                throw new IllegalArgumentException(name + " is missing: " + field.description());
            }
        });
        settings.fixed().forEach((name, known) -> read.put(name, valueOf(known, proposal)));
        return read;
    }

    private static Object read(String name, FieldSettings field, Object value) {
        return switch (field.type()) {
            case TEXT -> {
                if (value instanceof String text && text.length() <= field.maxLength()) {
                    String shown = OutsideText.clean(text).strip();
                    if (!shown.isBlank()) {
                        yield shown;
                    }
                }
                throw new IllegalArgumentException(
                        name + " must be a text of 1 to " + field.maxLength() + " characters");
            }
            case INTEGER -> {
                long least = Objects.requireNonNull(field.least());
                long most = Objects.requireNonNull(field.most());
                if ((value instanceof Integer || value instanceof Long)
                        && ((Number) value).longValue() >= least
                        && ((Number) value).longValue() <= most) {
                    yield value;
                }
                throw new IllegalArgumentException(name + " must be a whole number from " + least + " to " + most);
            }
            case CHOICE -> {
                if (value instanceof String text && field.values().contains(text)) {
                    yield text;
                }
                throw new IllegalArgumentException(name + " must be one of " + field.values());
            }
            case AMOUNT -> amount(name, field, value);
            case FLAG -> {
                if (value instanceof Boolean) {
                    yield value;
                }
                throw new IllegalArgumentException(name + " must be true or false");
            }
        };
    }

    private static String amount(String name, FieldSettings field, Object value) {
        Long most = field.most();
        if (value instanceof String text && AMOUNT.matcher(text).matches()) {
            BigDecimal amount = new BigDecimal(text);
            if (amount.signum() > 0 && (most == null || amount.compareTo(BigDecimal.valueOf(most)) <= 0)) {
                return text;
            }
        }
        throw new IllegalArgumentException(name + " must be an amount such as \"12.50\", as a text, more than zero"
                + (most == null ? "" : " and at most " + most));
    }

    /**
     * What moves.
     *
     * @param arguments as read
     * @return null where no money does
     * @throws IllegalArgumentException with a reason for a person
     */
    static @Nullable Money money(HttpActionSettings settings, Map<String, Object> arguments) {
        HttpActionSettings.MoneySettings money = settings.money();
        if (money == null) {
            return null;
        }
        String currency = money.currencyField() == null
                ? Objects.requireNonNull(money.currency())
                : String.valueOf(arguments.get(money.currencyField()));
        BigDecimal amount = new BigDecimal(String.valueOf(arguments.get(money.amount())));
        int digits = Math.max(0, Currency.getInstance(currency).getDefaultFractionDigits());
        if (money.minorUnits()) {
            amount = amount.movePointLeft(digits);
        }
        if (amount.stripTrailingZeros().scale() > digits) {
            throw new IllegalArgumentException(
                    money.amount() + " has more decimals than the " + digits + " of " + currency);
        }
        return new Money(amount, currency);
    }

    /** Whether it is told whose ticket it is, and so is for verified customers only. */
    static boolean needsCustomer(HttpActionSettings settings) {
        return settings.fixed().values().stream().anyMatch(known -> known != HttpActionSettings.Known.CLIENT_ID);
    }

    private static Object valueOf(HttpActionSettings.Known known, Proposal proposal) {
        @Nullable Customer customer = proposal.customer();
        return switch (known) {
            case CLIENT_ID -> proposal.clientId();
            case CUSTOMER_ID -> Objects.requireNonNull(customer).customerId().toString();
            case CUSTOMER_EMAIL -> Objects.requireNonNull(customer).email();
        };
    }
}
