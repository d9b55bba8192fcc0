package io.opsrelay.agent.privacy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which token stands for which value, within one ticket. Immutable.
 *
 * @param values by token, in the order in which the tokens were given out
 */
public record Mapping(Map<String, String> values) {

    /** What a token looks like; every repetition is bounded. */
    static final Pattern TOKEN = Pattern.compile("\\[[A-Z]{2,10}(?:_[A-Z]{2,10})?_[0-9]{1,7}]");

    private static final Mapping NONE = new Mapping(Map.of());

    public Mapping {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Of a ticket of which nothing was taken out yet. */
    public static Mapping none() {
        return NONE;
    }

    /**
     * Puts the values in place of their tokens. A token that is none of this ticket's stays as it is, and a value is never
     * searched for tokens itself.
     */
    public String restore(String text) {
        if (values.isEmpty() || text.indexOf('[') < 0) {
            return text;
        }
        return TOKEN.matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(values.getOrDefault(match.group(), match.group())));
    }

    /** The values stay out of logs. */
    @Override
    public String toString() {
        return "Mapping" + values.keySet();
    }
}
