package io.opsrelay.agent.privacy;

import io.opsrelay.agent.privacy.Redacted.Redaction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;

/**
 * Puts tokens in place of what names or reaches a person. Immutable and safe for use by many threads. Every finder looks
 * at each character a bounded number of times.
 */
public final class Redactor {

    /** So much of a text is examined; what is behind it is left out, since nothing unexamined may go on. */
    public static final int LONGEST_TEXT = 100_000;

    /** A value is not cut in two if it can be helped. */
    private static final int CUT_WITHIN = 400;

    private static final int SHORTEST_REPEATED = 4;
    private static final int LONGEST_REPEATED = 100;
    private static final int MOST_LENGTHS = 64;
    private static final int MOST_REPEATED = 1_000;

    private Redactor() {}

    /** Returns the redactor. */
    public static Redactor shipped() {
        return new Redactor();
    }

    /** Redacts a text of which nothing is known beforehand. */
    public Redacted redact(String text) {
        return redact(text, Mapping.none(), List.of());
    }

    /**
     * Redacts a text. The same text, mapping and names always give the same result.
     *
     * @param before the ticket's mapping so far: a value that has a token keeps it
     * @param names that are known to be people's, in any writing
     */
    public Redacted redact(String text, Mapping before, Collection<String> names) {
        List<Redaction> found =
                redactions(text.substring(0, Math.min(text.length(), LONGEST_TEXT + CUT_WITHIN)), names);
        String examined = text.substring(0, text.length() > LONGEST_TEXT ? cut(text, found) : text.length());
        List<Redaction> redactions = found.stream()
                .filter(redaction -> redaction.end() <= examined.length())
                .toList();
        Tokens tokens = new Tokens(before);
        StringBuilder out = new StringBuilder(examined.length());
        int from = 0;
        for (Redaction redaction : redactions) {
            out.append(examined, from, redaction.start());
            out.append(tokens.of(redaction.kind(), examined.substring(redaction.start(), redaction.end())));
            from = redaction.end();
        }
        out.append(examined, from, examined.length());
        int unexamined = text.length() - examined.length();
        if (unexamined > 0) {
            out.append("\n[... ").append(unexamined).append(" more characters were left out]");
        }
        return new Redacted(out.toString(), redactions, tokens.mapping(), unexamined);
    }

    /** Between words, and before a value that begins there: half of one would be left of it. */
    private static int cut(String text, List<Redaction> found) {
        int cut = LONGEST_TEXT;
        while (cut > LONGEST_TEXT - CUT_WITHIN && !Character.isWhitespace(text.charAt(cut))) {
            cut--;
        }
        if (!Character.isWhitespace(text.charAt(cut))) {
            cut = Character.isLowSurrogate(text.charAt(LONGEST_TEXT)) ? LONGEST_TEXT - 1 : LONGEST_TEXT;
        }
        for (Redaction redaction : found.reversed()) {
            if (redaction.start() < cut && redaction.end() > cut) {
                return redaction.start();
            }
        }
        return cut;
    }

    private static List<Redaction> redactions(String text, Collection<String> names) {
        FoldedText folded = FoldedText.of(text);
        Words words = Words.of(folded);
        List<Finding> found = new ArrayList<>();
        Contacts.find(folded, found);
        Numbers.find(folded, found);
        Phones.find(folded, found);
        Addresses.find(words, found);
        Names.find(words, names, found);
        List<Finding> merged = merge(found);
        int distinct = merged.size();
        merged = new ArrayList<>(merged);
        repeat(words, merged);
        List<Redaction> redactions = new ArrayList<>();
        for (Finding finding : merged.size() == distinct ? merged : merge(merged)) {
            redactions.add(new Redaction(
                    finding.kind(), folded.originalStart(finding.start()), folded.originalEnd(finding.end() - 1)));
        }
        return withLiterals(text, redactions);
    }

    /** Of findings that overlap, the longest names the kind, and all that any of them covers is taken out. */
    private static List<Finding> merge(List<Finding> found) {
        List<Finding> sorted = new ArrayList<>(found);
        sorted.sort(Comparator.comparingInt(Finding::start));
        List<Finding> merged = new ArrayList<>();
        int i = 0;
        while (i < sorted.size()) {
            Finding best = sorted.get(i);
            int start = best.start();
            int end = best.end();
            for (i++; i < sorted.size() && sorted.get(i).start() < end; i++) {
                Finding next = sorted.get(i);
                end = Math.max(end, next.end());
                best = stronger(best, next);
            }
            merged.add(new Finding(best.kind(), start, end));
        }
        return merged;
    }

    private static Finding stronger(Finding a, Finding b) {
        return a.length() != b.length()
                ? a.length() > b.length() ? a : b
                : a.kind().compareTo(b.kind()) <= 0 ? a : b;
    }

    /** What was found at one place, by the words around it, is taken out wherever else it stands. */
    private static void repeat(Words words, List<Finding> findings) {
        Map<String, Kind> values = new HashMap<>();
        Set<Integer> lengths = new TreeSet<>(Comparator.reverseOrder());
        Set<Character> firsts = new HashSet<>();
        String text = words.text().text();
        for (Finding finding : findings) {
            if (finding.length() >= SHORTEST_REPEATED
                    && finding.length() <= LONGEST_REPEATED
                    && values.size() < MOST_REPEATED) {
                values.putIfAbsent(text.substring(finding.start(), finding.end()), finding.kind());
                lengths.add(finding.length());
            }
        }
        BitSet taken = new BitSet(text.length());
        BitSet starts = new BitSet(text.length());
        for (Finding finding : findings) {
            taken.set(finding.start(), finding.end());
            starts.set(finding.end());
            // A value may begin with a sign: +49, (415).
            firsts.add(text.charAt(finding.start()));
        }
        List<Integer> tried = lengths.stream().limit(MOST_LENGTHS).toList();
        for (int i = 0; i < text.length(); i++) {
            boolean begins = starts.get(i)
                    || (words.text().isWord(i) ? !words.text().isWord(i - 1) : firsts.contains(text.charAt(i)));
            for (int length : begins && !taken.get(i) ? tried : List.<Integer>of()) {
                int end = i + length;
                Kind kind =
                        end <= text.length() && !words.text().isWord(end) ? values.get(text.substring(i, end)) : null;
                if (kind != null) {
                    findings.add(new Finding(kind, i, end));
                    taken.set(i, end);
                    break;
                }
            }
        }
    }

    /** Wording that looks like a token gets a token itself, unless it is taken out anyway. */
    private static List<Redaction> withLiterals(String text, List<Redaction> redactions) {
        List<Redaction> all = new ArrayList<>();
        Matcher literal = Mapping.TOKEN.matcher(text);
        int searched = 0;
        boolean more = literal.find();
        for (Redaction redaction : redactions) {
            while (more && literal.start() < redaction.start()) {
                searched = literal.end();
                if (literal.end() <= redaction.start()) {
                    all.add(new Redaction(Kind.LITERAL, literal.start(), literal.end()));
                }
                more = literal.find(Math.max(searched, 0));
            }
            all.add(redaction);
            if (more && literal.start() < redaction.end()) {
                more = literal.find(redaction.end());
            }
        }
        while (more) {
            all.add(new Redaction(Kind.LITERAL, literal.start(), literal.end()));
            more = literal.find();
        }
        return all;
    }

    /** Gives out tokens: the same one for the same value, and none twice within a ticket. */
    private static final class Tokens {
        private final Map<String, String> values;
        private final Map<String, String> byValue = new HashMap<>();
        private final Map<Kind, Integer> numbers = new EnumMap<>(Kind.class);

        Tokens(Mapping before) {
            values = new LinkedHashMap<>(before.values());
            values.forEach((token, value) -> byValue.put(kindOf(token) + value, token));
        }

        String of(Kind kind, String value) {
            return byValue.computeIfAbsent(kind + value, key -> {
                String token = kind.token(numbers.merge(kind, 1, Integer::sum));
                while (values.containsKey(token)) {
                    token = kind.token(numbers.merge(kind, 1, Integer::sum));
                }
                values.put(token, value);
                return token;
            });
        }

        private static String kindOf(String token) {
            return token.substring(1, token.lastIndexOf('_'));
        }

        Mapping mapping() {
            return new Mapping(values);
        }
    }
}
