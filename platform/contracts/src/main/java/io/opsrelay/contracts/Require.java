package io.opsrelay.contracts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Guards of the records' constructors: JSON hydration goes around nullness checks, so truth starts here. */
final class Require {

    private Require() {}

    static <T> T present(@Nullable T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    static String text(@Nullable String value, String name) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + " is missing or blank");
        }
        return value;
    }

    /** An unmodifiable copy in the same order. */
    static <V> Map<String, V> map(@Nullable Map<String, V> value, String name) {
        Map<String, V> copy = new LinkedHashMap<>(present(value, name));
        copy.forEach((key, element) -> present(element, name + "." + key));
        return Collections.unmodifiableMap(copy);
    }

    static double fraction(double value, String name) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(name + " must lie between 0 and 1, not " + value);
        }
        return value;
    }
}
