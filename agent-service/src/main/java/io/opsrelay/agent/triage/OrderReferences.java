package io.opsrelay.agent.triage;

import java.text.Normalizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Finds what looks like an order number in a text. What is found is a candidate and no more: action-engine checks it
 * against the orders of the ticket's customer.
 */
public final class OrderReferences {
    /** Most candidates that one text can yield; a real ticket names one or two. */
    public static final int MAX_CANDIDATES = 10;

    private static final int MAX_CHARS = 20_000;

    /**
     * Letters with digits (A-1001, #A1001, ORD-1234), or digits alone behind a # or of at least five places. Every
     * repetition is bounded and nothing is nested, so that the time is linear in the text whatever it holds.
     */
    private static final Pattern CANDIDATE = Pattern.compile("(?<![\\p{L}\\p{N}_@./+-])"
            + "(?:#?([A-Za-z]{1,4})[-\\u2010-\\u2015\\u2212]?(\\d{3,10})|#(\\d{3,12})|(\\d{5,12}))"
            + "(?![\\p{L}\\p{N}_@/-]|[.,:]\\d)");

    private OrderReferences() {}

    /**
     * Returns the candidates in the order in which they first occur, each once, at most {@link #MAX_CANDIDATES}. Letters
     * are upper-case and joined to the digits by one hyphen: "order no. a1001" yields {@code A-1001}. Only the first
     * 20,000 characters are searched.
     */
    public static List<String> in(String text) {
        var head = text.length() > MAX_CHARS ? text.substring(0, MAX_CHARS) : text;
        var matcher = CANDIDATE.matcher(Normalizer.normalize(head, Normalizer.Form.NFKC));
        var found = new LinkedHashSet<String>();
        while (found.size() < MAX_CANDIDATES && matcher.find()) {
            var letters = matcher.group(1);
            if (letters != null) {
                found.add(letters.toUpperCase(Locale.ROOT) + "-" + matcher.group(2));
            } else {
                var behindHash = matcher.group(3);
                found.add(behindHash != null ? behindHash : matcher.group(4));
            }
        }
        return List.copyOf(found);
    }
}
