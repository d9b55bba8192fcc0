package io.opsrelay.contracts;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Checks arguments against the part of JSON Schema that the catalogue's schemas are written in: properties, required,
 * additionalProperties, type, enum, pattern, minimum and maximum. What goes deeper is checked when the action is
 * prepared. Pure.
 */
public final class SchemaCheck {

    private SchemaCheck() {}

    /** What is wrong, by field ({@code arguments.<name>}); empty if nothing is. */
    public static Map<String, String> refusals(Map<String, Object> schema, Map<String, Object> arguments) {
        Map<String, String> refusals = new LinkedHashMap<>();
        checkObject("arguments", schema, arguments, refusals);
        return refusals;
    }

    private static void checkObject(String path, Map<?, ?> schema, Map<?, ?> given, Map<String, String> refusals) {
        Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> known ? known : Map.of();
        Object others = schema.get("additionalProperties");
        if (schema.get("required") instanceof Collection<?> required) {
            required.stream()
                    .filter(name -> given.get(name) == null)
                    .forEach(name -> refusals.put(path + "." + name, "is required"));
        }
        given.forEach((name, value) -> {
            String below = path + "." + name;
            if (properties.get(name) instanceof Map<?, ?> property) {
                check(below, property, value, refusals);
            } else if (Boolean.FALSE.equals(others)) {
                refusals.put(below, "is not an argument of this action");
            } else if (others instanceof Map<?, ?> property) {
                check(below, property, value, refusals);
            }
        });
    }

    private static void check(String path, Map<?, ?> schema, @Nullable Object value, Map<String, String> refusals) {
        if (value == null) {
            return; // as if it were not there
        }
        String reason = against(schema, value);
        if (reason != null) {
            refusals.put(path, reason);
        } else if (value instanceof Map<?, ?> object) {
            checkObject(path, schema, object, refusals);
        } else if (value instanceof Collection<?> elements && schema.get("items") instanceof Map<?, ?> items) {
            int at = 0;
            for (Object element : elements) {
                check(path + "[" + at++ + "]", items, element, refusals);
            }
        }
    }

    private static @Nullable String against(Map<?, ?> property, Object value) {
        List<?> types = property.get("type") instanceof List<?> several
                ? several
                : property.get("type") == null ? List.of() : List.of(property.get("type"));
        if (!types.isEmpty() && types.stream().noneMatch(type -> isOf(String.valueOf(type), value))) {
            return "must be of the type "
                    + String.join(" or ", types.stream().map(String::valueOf).toList());
        }
        if (property.get("const") != null && !property.get("const").equals(value)) {
            return "must be " + property.get("const");
        }
        if (property.get("enum") instanceof Collection<?> allowed && !allowed.contains(value)) {
            return "must be one of "
                    + String.join(", ", allowed.stream().map(String::valueOf).toList());
        }
        return switch (value) {
            case String text -> againstText(property, text);
            case Number number -> againstNumber(property, new BigDecimal(number.toString()));
            case Collection<?> elements -> againstSize(property, elements.size());
            default -> null;
        };
    }

    private static @Nullable String againstText(Map<?, ?> property, String text) {
        int length = text.codePointCount(0, text.length());
        if (property.get("minLength") instanceof Number least && length < least.intValue()) {
            return "must have at least " + least + " characters";
        }
        if (property.get("maxLength") instanceof Number most && length > most.intValue()) {
            return "must have at most " + most + " characters";
        }
        if (property.get("pattern") instanceof String pattern && !matches(pattern, text)) {
            return "must have the form " + pattern;
        }
        return null;
    }

    private static @Nullable String againstNumber(Map<?, ?> property, BigDecimal given) {
        if (property.get("minimum") instanceof Number least && given.compareTo(new BigDecimal(least.toString())) < 0) {
            return "must be at least " + least;
        }
        if (property.get("maximum") instanceof Number most && given.compareTo(new BigDecimal(most.toString())) > 0) {
            return "must be at most " + most;
        }
        return null;
    }

    private static @Nullable String againstSize(Map<?, ?> property, int size) {
        if (property.get("minItems") instanceof Number least && size < least.intValue()) {
            return "must have at least " + least + " elements";
        }
        if (property.get("maxItems") instanceof Number most && size > most.intValue()) {
            return "must have at most " + most + " elements";
        }
        return null;
    }

    private static boolean isOf(String type, Object value) {
        return switch (type) {
            case "string" -> value instanceof String;
            case "integer" ->
                value instanceof Integer || value instanceof Long || value instanceof java.math.BigInteger;
            case "number" -> value instanceof Number;
            case "boolean" -> value instanceof Boolean;
            case "object" -> value instanceof Map;
            case "array" -> value instanceof Collection;
            default -> true;
        };
    }

    private static boolean matches(String pattern, String text) {
        try {
            // As JSON Schema says: anywhere in the text, unless the pattern anchors itself. A $ at its end is the end
            // of the text there, and Java's would let a line break stand behind it.
            boolean toTheEnd = pattern.endsWith("$") && !pattern.endsWith("\\$");
            String java = toTheEnd ? pattern.substring(0, pattern.length() - 1) + "\\z" : pattern;
            return Pattern.compile(java).matcher(text).find();
        } catch (PatternSyntaxException e) {
            return true; // an ECMAScript pattern that Java does not know
        }
    }
}
