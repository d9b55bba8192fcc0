package io.opsrelay.agent.privacy;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A text without what names or reaches a person.
 *
 * @param text with a token for each value that was taken out
 * @param redactions what was taken out, in the order of the text
 * @param mapping of the ticket, older tokens included
 * @param unexamined how many characters at the end were left out, since nobody looked into them
 */
public record Redacted(String text, List<Redaction> redactions, Mapping mapping, int unexamined) {

    public Redacted {
        redactions = List.copyOf(redactions);
        if (unexamined < 0) {
            throw new IllegalArgumentException("unexamined must not be negative, was " + unexamined);
        }
    }

    /**
     * A stretch that was taken out.
     *
     * @param start offset in the original text, in UTF-16 units
     * @param end offset behind it
     */
    public record Redaction(Kind kind, int start, int end) {
        public Redaction {
            if (start < 0 || end <= start) {
                throw new IllegalArgumentException("not a stretch of text: " + start + " to " + end);
            }
        }
    }

    /** Returns how often each kind was taken out; kinds that were not are absent. */
    public Map<String, Integer> counts() {
        Map<Kind, Integer> counts = new EnumMap<>(Kind.class);
        redactions.stream()
                .filter(redaction -> redaction.kind().personal())
                .forEach(redaction -> counts.merge(redaction.kind(), 1, Integer::sum));
        Map<String, Integer> named = new TreeMap<>();
        counts.forEach((kind, count) -> named.put(kind.code(), count));
        return Collections.unmodifiableMap(named);
    }
}
