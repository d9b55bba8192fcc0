package io.opsrelay.ingestion.canned;

import io.opsrelay.security.web.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A canned reply as people send it.
 *
 * @param name one line; spaces around it do not count
 * @param text may have placeholders: {@code {customer_name}}, {@code {customer_email}}, {@code {ticket_id}}, {@code
 *     {ticket_subject}}
 * @param category as the classifier's labels are; absent for tickets of any
 * @param language ISO 639-1; absent if it does not matter
 */
record CannedReplyBody(
        @Nullable String name,
        @Nullable String text,
        @Nullable String category,
        @Nullable String language) {

    static final int MAX_NAME = 100;
    static final int MAX_TEXT = 5_000;
    private static final int MAX_CATEGORY = 100;

    /** What whoever uses a text knows to fill in. Anything else in braces would reach a customer as it stands. */
    private static final List<String> PLACEHOLDERS =
            List.of("customer_name", "customer_email", "ticket_id", "ticket_subject");

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z][a-z0-9_]*)}");
    private static final Pattern CATEGORY = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Z}]+(?: [^\\p{Cc}\\p{Cf}\\p{Z}]+)*");
    private static final Set<String> LANGUAGES = Set.of(Locale.getISOLanguages());

    /** @throws ProblemException 422 if something about it is wrong; it names every field at fault */
    CannedReplyBody checked() {
        Map<String, String> refusals = new LinkedHashMap<>();
        put(refusals, "name", nameRefusal(name));
        put(refusals, "text", textRefusal(text));
        put(refusals, "category", categoryRefusal(category));
        if (language != null && !LANGUAGES.contains(language)) {
            refusals.put("language", "must be the two small letters that ISO 639-1 has for it, e.g. en");
        }
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        return this;
    }

    String toName() {
        return Objects.requireNonNull(name).strip();
    }

    String toText() {
        return Objects.requireNonNull(text);
    }

    @Nullable
    String toCategory() {
        return category;
    }

    @Nullable
    String toLanguage() {
        return language;
    }

    Map<String, Object> facts() {
        return CannedReply.facts(toName(), toText(), category, language);
    }

    private static void put(Map<String, String> refusals, String field, @Nullable String reason) {
        if (reason != null) {
            refusals.put(field, reason);
        }
    }

    private static @Nullable String nameRefusal(@Nullable String name) {
        String refusal = refusal(name, MAX_NAME);
        if (refusal != null || name == null) {
            return refusal;
        }
        return name.strip().codePoints().anyMatch(Character::isISOControl)
                ? "must not contain line breaks or other control characters"
                : null;
    }

    private static @Nullable String textRefusal(@Nullable String text) {
        String refusal = refusal(text, MAX_TEXT);
        if (refusal != null || text == null) {
            return refusal;
        }
        Matcher named = PLACEHOLDER.matcher(text);
        while (named.find()) {
            if (!PLACEHOLDERS.contains(named.group(1))) {
                return "has the placeholder " + named.group() + ", which nobody fills in; known are {"
                        + String.join("}, {", PLACEHOLDERS) + "}";
            }
        }
        return null;
    }

    private static @Nullable String categoryRefusal(@Nullable String category) {
        if (category == null) {
            return null;
        }
        return category.length() > MAX_CATEGORY
                        || !isStorable(category)
                        || !CATEGORY.matcher(category).matches()
                ? "must be 1 to " + MAX_CATEGORY
                        + " visible characters with single spaces between them, like the labels" + " of the classifier"
                : null;
    }

    private static @Nullable String refusal(@Nullable String value, int max) {
        if (value == null) {
            return "is required";
        }
        if (value.isBlank()) {
            return "must not be blank";
        }
        if (value.codePointCount(0, value.length()) > max) {
            return "must have at most " + max + " characters";
        }
        return isStorable(value) ? null : "must not contain NUL characters or halves of surrogate pairs";
    }

    private static boolean isStorable(String value) {
        return value.codePoints().noneMatch(c -> c == 0 || Character.getType(c) == Character.SURROGATE);
    }
}
