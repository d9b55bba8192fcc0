package io.opsrelay.ingestion.processed;

import io.opsrelay.ingestion.ticket.ImportedTicket;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.security.web.ProblemException;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A result as older processors send it. Forgiving: what it does not know is skipped, and a value that cannot be read
 * ({@code "confidence":"N/A"}) is unknown. Only a result that says neither which ticket it is nor what was asked is
 * refused.
 */
final class ProcessedResult {

    /** Who wrote is not said: all such tickets have this customer, an address that can belong to nobody (RFC 2606). */
    static final String UNKNOWN_CUSTOMER = "unknown@customer.invalid";

    private static final String CHANNEL = "api";
    private static final String SOURCE = "processed";
    private static final int MAX_ID = 200;
    private static final int MAX_WORD = 200;
    private static final int MAX_TEXT = 100_000;
    private static final int MAX_SUBJECT = 100;
    private static final int MAX_KINDS = 50;
    private static final double PERCENT = 100;
    private static final double MILLIS = 1_000;

    private final JsonNode fields;

    ProcessedResult(JsonNode fields) {
        this.fields = fields;
    }

    /** @throws ProblemException 422 if it has neither an id nor a description, or an id that is too long */
    ImportedTicket toImported(String actor) {
        String id = text("id", Integer.MAX_VALUE);
        String description = text("description", MAX_TEXT);
        if (id == null && description == null) {
            throw ProblemException.unprocessable("id", "is required where there is no description");
        }
        if (id != null && id.length() > MAX_ID) {
            throw ProblemException.unprocessable("id", "must have at most " + MAX_ID + " characters");
        }
        String body = description == null ? "Ticket " + id : description;
        String industry = text("industry", MAX_WORD);
        String region = text("region", MAX_WORD);
        String method = text("classification_method", MAX_WORD);
        Double seconds = number("processing_time");
        String draft = fields.path("reply_draft").isBoolean() ? null : text("reply_draft", MAX_TEXT);
        return new ImportedTicket(
                new NewTicket(
                        CHANNEL,
                        SOURCE,
                        subjectOf(body),
                        body,
                        customer(),
                        false,
                        null,
                        id,
                        metadata("industry", "region", "classification_method"),
                        actor),
                category(),
                fraction("confidence"),
                fraction("accuracy"),
                industry,
                region,
                method,
                seconds == null || seconds < 0 ? null : seconds * MILLIS,
                flag("pii_protected"),
                redactions(),
                draft != null || fields.path("reply_draft").asBoolean(false),
                draft);
    }

    private Map<String, String> metadata(String... names) {
        Map<String, String> metadata = new TreeMap<>();
        for (String name : names) {
            String value = text(name, MAX_WORD);
            if (value != null) {
                metadata.put(name, value);
            }
        }
        return metadata;
    }

    private @Nullable String category() {
        String category = text("category", MAX_WORD);
        return category != null ? category : text("root_cause", MAX_WORD);
    }

    private String customer() {
        String email = text("customer_email", MAX_WORD);
        return email == null || !email.matches("[^@\\s]+@[^@\\s]+\\.[^@\\s]+") ? UNKNOWN_CUSTOMER : email;
    }

    private static String subjectOf(String body) {
        String line = body.strip()
                .lines()
                .findFirst()
                .orElse("")
                .codePoints()
                .filter(c -> !Character.isISOControl(c))
                .limit(MAX_SUBJECT)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return line.isBlank() ? "Processed ticket" : line;
    }

    /** Texts, and numbers as they are written; cut where they are too long. What says nothing is absent. */
    private @Nullable String text(String name, int max) {
        JsonNode value = fields.path(name);
        if (!value.isString() && !value.isNumber()) {
            return null;
        }
        String text = storable(value.asString()).strip();
        if (text.isEmpty() || text.equalsIgnoreCase("N/A") || text.equalsIgnoreCase("null")) {
            return null;
        }
        return text.codePointCount(0, text.length()) <= max ? text : text.substring(0, text.offsetByCodePoints(0, max));
    }

    /** Without what PostgreSQL cannot store: NUL, and halves of surrogate pairs. */
    private static String storable(String text) {
        return text.codePoints()
                .filter(c -> c != 0 && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private @Nullable Double number(String name) {
        JsonNode value = fields.path(name);
        try {
            double number = value.isNumber()
                    ? value.asDouble()
                    : Double.parseDouble(
                            value.isString() ? value.asString().strip().replaceAll("[%s]$", "") : "");
            return Double.isFinite(number) ? number : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** Older systems send 0.97 or 97: whatever is over one is percent. */
    private @Nullable Double fraction(String name) {
        Double number = number(name);
        if (number == null || number < 0 || number > PERCENT) {
            return null;
        }
        return number > 1 ? number / PERCENT : number;
    }

    private @Nullable Boolean flag(String name) {
        JsonNode value = fields.path(name);
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        return switch (value.isString() ? value.asString().toLowerCase(Locale.ROOT) : "") {
            case "true", "yes" -> true;
            case "false", "no" -> false;
            default -> null;
        };
    }

    /** By kind; a lone number is of no kind that is known. */
    private @Nullable Map<String, Integer> redactions() {
        JsonNode value = fields.path("redactions");
        if (value.isIntegralNumber() && value.canConvertToInt() && value.asInt() >= 0) {
            return Map.of("unknown", value.asInt());
        }
        if (!value.isObject()) {
            return null;
        }
        Map<String, Integer> redactions = new TreeMap<>();
        for (Map.Entry<String, JsonNode> kind : value.properties()) {
            JsonNode count = kind.getValue();
            String name = storable(kind.getKey());
            if (redactions.size() < MAX_KINDS
                    && !name.isBlank()
                    && name.length() <= MAX_WORD
                    && count.isIntegralNumber()
                    && count.canConvertToInt()
                    && count.asInt() >= 0) {
                redactions.put(name, count.asInt());
            }
        }
        return redactions;
    }
}
