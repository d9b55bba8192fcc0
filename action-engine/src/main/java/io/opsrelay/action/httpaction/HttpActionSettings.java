package io.opsrelay.action.httpaction;

import static io.opsrelay.action.remote.Settings.unless;

import io.opsrelay.action.remote.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Currency;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An HTTP request that does something.
 *
 * @param description one sentence for people
 * @param category what policies and roles go by
 * @param reversible whether a person can undo it
 * @param url with {@code {name}} for fields and fixed values; what has no place in it goes into the JSON of the body, and of
 *     a DELETE into the query
 * @param headers beside the usual ones
 * @param secretHeaders files with whole values of headers, by header
 * @param secretFile signs requests as Standard Webhooks do, if there is one
 * @param fields that who asks fills
 * @param fixed that are filled from what is known: client-id, customer-id, customer-email
 * @param money which fields say what moves, where money does: it counts for policies and guardrails
 * @param target the field that names what is touched: one action at a time on each value
 * @param findUrl asked by GET what became of a call, with {@code {key}}: 200 done, 202 under way, 404 nothing, 422 failed
 * @param dryRunUrl asked by POST what it would do
 * @param onConflict what 409 means; unless it is said, that is asked where there is a {@code findUrl}, and refused elsewhere
 * @param settle how long after a call that broke off its {@code findUrl} may still not know of it
 * @param result JSON pointers of what is kept of the answer, by the name it is kept under
 */
record HttpActionSettings(
        String description,
        @DefaultValue("technical") Category category,
        @DefaultValue("high") Risk risk,
        @DefaultValue("false") boolean reversible,
        @DefaultValue("POST") Method method,
        String url,
        @DefaultValue Map<String, String> headers,
        @DefaultValue Map<String, Path> secretHeaders,
        @Nullable Path secretFile,
        @DefaultValue Map<String, FieldSettings> fields,
        @DefaultValue Map<String, Known> fixed,
        @Nullable MoneySettings money,
        @Nullable String target,
        @Nullable String findUrl,
        @Nullable String dryRunUrl,
        @Nullable Conflict onConflict,
        @DefaultValue("30s") Duration settle,
        @DefaultValue Map<String, String> result,
        @DefaultValue("10s") Duration timeout,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("false") boolean allowHttp) {

    private static final int LONGEST_DESCRIPTION = 300;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");

    HttpActionSettings {
        headers = Map.copyOf(headers);
        secretHeaders = Map.copyOf(secretHeaders);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
        result = Collections.unmodifiableMap(new LinkedHashMap<>(result));
    }

    void check(String property) {
        unless(
                description != null && !description.isBlank() && description.length() <= LONGEST_DESCRIPTION,
                property + ".description",
                "must say in 1 to " + LONGEST_DESCRIPTION + " characters what it does");
        Set<String> places = new HashSet<>(fields.keySet());
        places.addAll(fixed.keySet());
        Settings.unlessUrl(url, allowHttp, places, property + ".url");
        unlessPlacesAreRequired(property + ".url");
        Settings.unlessHeaders(headers, property + ".headers");
        secretHeaders.forEach((header, file) -> {
            Settings.unlessHeader(header, property + ".secret-headers." + header);
            Settings.unlessSecret(file, property + ".secret-headers." + header);
        });
        if (secretFile != null) {
            Settings.unlessSecret(secretFile, property + ".secret-file");
        }
        fields.forEach((name, field) -> {
            unless(
                    NAME.matcher(name).matches(),
                    property + ".fields." + name,
                    "must be letters, digits and underscores");
            field.check(property + ".fields." + name);
        });
        fixed.keySet().forEach(name -> {
            unless(
                    NAME.matcher(name).matches(),
                    property + ".fixed." + name,
                    "must be letters, digits and underscores");
            unless(!fields.containsKey(name), property + ".fixed." + name, "is a field already, which who asks fills");
        });
        if (money != null) {
            money.check(this, property + ".money");
        }
        unless(
                target == null
                        || (fields.containsKey(target) && fields.get(target).required()),
                property + ".target",
                "must be one of the fields that are required");
        if (findUrl != null) {
            Settings.unlessUrl(findUrl, allowHttp, Set.of("key"), property + ".find-url");
            unless(findUrl.contains("{key}"), property + ".find-url", "must have {key}");
        }
        if (dryRunUrl != null) {
            Settings.unlessUrl(dryRunUrl, allowHttp, Set.of(), property + ".dry-run-url");
        }
        unless(
                onConflict != Conflict.ASK || findUrl != null,
                property + ".on-conflict",
                "can be ask only where there is a find-url");
        unless(!settle.isNegative(), property + ".settle", "must not be negative");
        result.forEach((name, pointer) -> Settings.unlessPointer(pointer, property + ".result." + name));
        Settings.unlessTimeout(timeout, property + ".timeout");
    }

    private void unlessPlacesAreRequired(String property) {
        Matcher place = Settings.PLACEHOLDER.matcher(url);
        while (place.find()) {
            FieldSettings field = fields.get(place.group(1));
            unless(
                    field == null || field.required(),
                    property,
                    "has {" + place.group(1) + "}, which then must be required");
        }
    }

    /** What 409 means. */
    Conflict conflict() {
        return onConflict != null ? onConflict : findUrl == null ? Conflict.REFUSED : Conflict.ASK;
    }

    /**
     * Which fields say what moves.
     *
     * @param amount the field with the amount: of the type amount, or an integer
     * @param currency ISO 4217 code; exclusive with {@code currencyField}
     * @param currencyField the field with the currency, a choice of ISO 4217 codes
     * @param minorUnits whether an integer counts cents and the like, and not whole units
     */
    record MoneySettings(
            String amount,
            @Nullable String currency,
            @Nullable String currencyField,
            @DefaultValue("false") boolean minorUnits) {

        private void check(HttpActionSettings action, String property) {
            unless(
                    action.category == Category.FINANCIAL,
                    property,
                    "moves money, so the action's category must be financial");
            FieldSettings field = amount == null ? null : action.fields.get(amount);
            if (field == null || !field.required()) {
                throw new IllegalArgumentException(property + ".amount: must be one of the fields that are required");
            }
            unless(
                    field.type() == FieldSettings.Type.AMOUNT
                            || (field.type() == FieldSettings.Type.INTEGER
                                    && field.least() != null
                                    && field.least() >= 1),
                    property + ".amount",
                    "must be of the type amount, or an integer of least 1 or more");
            unless(
                    !minorUnits || field.type() == FieldSettings.Type.INTEGER,
                    property + ".minor-units",
                    "is for integers");
            unless(
                    (currency == null) != (currencyField == null),
                    property,
                    "needs currency or currency-field, and not both");
            FieldSettings chosen = currencyField == null ? null : action.fields.get(currencyField);
            unless(
                    currencyField == null
                            || (chosen != null
                                    && chosen.required()
                                    && chosen.type() == FieldSettings.Type.CHOICE
                                    && chosen.values().stream().allMatch(MoneySettings::isCurrency)),
                    property + ".currency-field",
                    "must be a field that is required, a choice of currencies such as EUR");
            unless(currency == null || isCurrency(currency), property + ".currency", "must be a currency such as EUR");
        }

        private static boolean isCurrency(String code) {
            try {
                Currency.getInstance(code);
                return true;
            } catch (IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** What policies and roles go by. */
    enum Category {
        ACCOUNT,
        FINANCIAL,
        TECHNICAL,
        OPERATIONS;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How much harm it may do. */
    enum Risk {
        LOW,
        MEDIUM,
        HIGH;

        String code() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How it is asked. */
    enum Method {
        POST,
        PUT,
        PATCH,
        DELETE
    }

    /** What an answer of 409 says. */
    enum Conflict {
        /** It was done before. */
        DONE,
        /** It cannot be done. */
        REFUSED,
        /** Its find-url knows. */
        ASK
    }

    /** What is filled without being asked for. */
    enum Known {
        CLIENT_ID,
        CUSTOMER_ID,
        CUSTOMER_EMAIL
    }

    /**
     * A field that who asks fills.
     *
     * @param maxLength characters of a text
     * @param least smallest integer
     * @param most largest integer; of an amount, in whole units
     * @param values of a choice
     */
    record FieldSettings(
            @DefaultValue("text") Type type,
            String description,
            @DefaultValue("200") int maxLength,
            @Nullable Long least,
            @Nullable Long most,
            @DefaultValue List<String> values,
            @DefaultValue("true") boolean required) {

        private static final int LONGEST_TEXT = 4_000;

        FieldSettings {
            values = List.copyOf(values);
        }

        private void check(String property) {
            unless(
                    description != null && !description.isBlank() && description.length() <= LONGEST_DESCRIPTION,
                    property + ".description",
                    "must say in 1 to " + LONGEST_DESCRIPTION + " characters what it is");
            switch (type) {
                case TEXT ->
                    unless(
                            maxLength >= 1 && maxLength <= LONGEST_TEXT,
                            property + ".max-length",
                            "must lie between 1 and " + LONGEST_TEXT);
                case INTEGER ->
                    unless(
                            least != null && most != null && least <= most,
                            property,
                            "an integer needs least and most, in this order");
                case CHOICE ->
                    unless(
                            !values.isEmpty() && values.stream().noneMatch(String::isBlank),
                            property + ".values",
                            "must name what may be chosen");
                case AMOUNT -> unless(most == null || most > 0, property + ".most", "must be more than zero");
                case FLAG -> {}
            }
        }

        /** What it holds. */
        enum Type {
            TEXT,
            INTEGER,
            CHOICE,
            FLAG,
            /** A positive decimal as a text, such as 12.50. */
            AMOUNT
        }
    }
}
