package io.opsrelay.agent.draft;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Text with {placeholders}, taken apart once, so that a value is never searched for placeholders of its own. */
final class Template {
    /** Text at even places, names of placeholders at odd ones. */
    private final List<String> parts;

    private Template(List<String> parts) {
        this.parts = List.copyOf(parts);
    }

    /**
     * Takes a template apart.
     *
     * @throws IllegalStateException if a brace has no partner
     */
    static Template parse(String text) {
        var parts = new ArrayList<String>();
        var from = 0;
        for (var open = text.indexOf('{'); open >= 0; open = text.indexOf('{', from)) {
            var close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalStateException("a brace is not closed in: " + text);
            }
            parts.add(text.substring(from, open));
            parts.add(text.substring(open + 1, close));
            from = close + 1;
        }
        parts.add(text.substring(from));
        return new Template(parts);
    }

    Set<String> placeholders() {
        var names = new LinkedHashSet<String>();
        for (var i = 1; i < parts.size(); i += 2) {
            names.add(parts.get(i));
        }
        return names;
    }

    /**
     * Puts values in place of the placeholders.
     *
     * @throws IllegalArgumentException if a value is missing
     */
    String fill(Map<String, String> values) {
        var out = new StringBuilder();
        for (var i = 0; i < parts.size(); i++) {
            var part = parts.get(i);
            if (i % 2 == 0) {
                out.append(part);
                continue;
            }
            var value = values.get(part);
            if (value == null) {
                throw new IllegalArgumentException("no value for {" + part + "}");
            }
            out.append(value);
        }
        return out.toString();
    }
}
