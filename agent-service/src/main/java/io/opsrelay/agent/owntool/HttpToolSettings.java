package io.opsrelay.agent.owntool;

import io.opsrelay.agent.tool.Field;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * An HTTP endpoint that looks something up.
 *
 * @param description for models: what it tells, and when to ask
 * @param url with {@code {name}} for fields and fixed values in its path or query; what has no place in it goes into the
 *     query of a GET and into the JSON of a POST
 * @param headers beside the usual ones
 * @param authorization value of the Authorization header, if it wants one
 * @param fields that a model fills
 * @param fixed that are filled from the ticket and that no model sees
 * @param tell JSON pointers of what a model is told, by the name it is told under; all of the answer if there are none
 * @param timeout for the whole answer
 * @param allowPrivate whether it may lie in our own network
 * @param allowHttp whether it may be asked without TLS
 */
record HttpToolSettings(
        String description,
        @DefaultValue("GET") Method method,
        String url,
        @DefaultValue Map<String, String> headers,
        @Nullable String authorization,
        @DefaultValue Map<String, FieldSettings> fields,
        @DefaultValue Map<String, String> fixed,
        @DefaultValue Map<String, String> tell,
        @DefaultValue("3s") Duration timeout,
        @DefaultValue("false") boolean allowPrivate,
        @DefaultValue("false") boolean allowHttp) {

    /** A field or a fixed value in the address. */
    static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");

    private static final int LONGEST_DESCRIPTION = 1_000;
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");

    HttpToolSettings {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        fixed = Collections.unmodifiableMap(new LinkedHashMap<>(fixed));
        tell = Collections.unmodifiableMap(new LinkedHashMap<>(tell));
    }

    void check(String property) {
        Wrong.unless(
                description != null && !description.isBlank() && description.length() <= LONGEST_DESCRIPTION,
                property + ".description",
                "must say in 1 to " + LONGEST_DESCRIPTION + " characters what it tells");
        Wrong.unless(url != null, property + ".url", "is missing");
        Wrong.unlessUrl(PLACEHOLDER.matcher(url).replaceAll("x"), allowHttp, property);
        Wrong.unlessTimeout(timeout, property);
        Wrong.unlessHeaders(headers, authorization, property);
        fields.forEach((name, field) -> {
            String where = property + ".fields." + name;
            Wrong.unless(NAME.matcher(name).matches(), where, "a field's name is letters, digits and underscores");
            field.check(where);
        });
        fixed.forEach((name, value) -> {
            String where = property + ".fixed." + name;
            Wrong.unless(NAME.matcher(name).matches(), where, "a value's name is letters, digits and underscores");
            Wrong.unless(!fields.containsKey(name), where, "is a field already, which a model fills");
            Wrong.unlessTicketValue(value, where);
        });
        checkPlaceholders(property + ".url");
        tell.forEach((name, pointer) -> Wrong.unlessPointer(pointer, property + ".tell." + name));
    }

    private void checkPlaceholders(String where) {
        int path = url.indexOf('/', url.indexOf("://") + 3);
        Matcher found = PLACEHOLDER.matcher(url);
        while (found.find()) {
            String name = found.group(1);
            FieldSettings field = fields.get(name);
            Wrong.unless(path >= 0 && found.start() > path, where, "must name its host without {}");
            Wrong.unless(field != null || fixed.containsKey(name), where, "has {" + name + "}, which is not declared");
            Wrong.unless(field == null || field.required(), where, "has {" + name + "}, which then must be required");
        }
    }

    /** What is filled from the ticket, by name. */
    Map<String, TicketValue> filled() {
        return TicketValue.named(fixed);
    }

    List<Field> toFields() {
        return fields.entrySet().stream()
                .map(field -> field.getValue().toField(field.getKey()))
                .toList();
    }

    /** A key does not belong into a log. */
    @Override
    public String toString() {
        return method + " " + url;
    }

    /** How it is asked. */
    enum Method {
        GET,
        POST
    }

    /**
     * A field that a model fills.
     *
     * @param description for models
     * @param maxLength characters of a text
     * @param least smallest integer
     * @param most largest integer
     * @param values of a choice
     */
    record FieldSettings(
            @DefaultValue("text") Type type,
            String description,
            @DefaultValue("200") int maxLength,
            @Nullable Integer least,
            @Nullable Integer most,
            @DefaultValue List<String> values,
            @DefaultValue("true") boolean required) {

        private static final int LONGEST_TEXT = 4_000;

        FieldSettings {
            values = List.copyOf(values);
        }

        void check(String property) {
            Wrong.unless(
                    description != null && !description.isBlank() && description.length() <= LONGEST_DESCRIPTION,
                    property + ".description",
                    "must say in 1 to " + LONGEST_DESCRIPTION + " characters what it is");
            switch (type) {
                case TEXT ->
                    Wrong.unless(
                            maxLength >= 1 && maxLength <= LONGEST_TEXT,
                            property + ".max-length",
                            "must lie between 1 and " + LONGEST_TEXT);
                case INTEGER ->
                    Wrong.unless(
                            least != null && most != null && least <= most,
                            property,
                            "an integer needs least and most, in this order");
                case CHOICE ->
                    Wrong.unless(
                            !values.isEmpty() && values.stream().noneMatch(String::isBlank),
                            property + ".values",
                            "must name what may be chosen");
            }
        }

        Field toField(String name) {
            return switch (type) {
                case TEXT -> new Field(name, description, maxLength, List.of(), null, null, required);
                case INTEGER -> new Field(name, description, 0, List.of(), least, most, required);
                case CHOICE -> new Field(name, description, 0, values, null, null, required);
            };
        }

        /** What it holds. */
        enum Type {
            TEXT,
            INTEGER,
            CHOICE
        }
    }
}
