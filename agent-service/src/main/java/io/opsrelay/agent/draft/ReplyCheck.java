package io.opsrelay.agent.draft;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a reply that a model wrote may go to a customer. It may not bring facts of its own: every number, address and
 * link must stand in what the run knows, and that something was done may be claimed only if it was.
 */
public final class ReplyCheck {

    private static final int LONGEST = 4_000;

    /** Links without slashes behind them. */
    private static final Pattern SCHEME =
            Pattern.compile("(?:mailto|javascript|data|vbscript|file|tel|sms):\\S", Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_HOST = Pattern.compile("[^\\p{L}\\p{N}.-]+");

    private ReplyCheck() {}

    /**
     * Looks for a reason against it.
     *
     * @param text the reply
     * @param known everything that it may draw on: the ticket, passages, results of tools
     * @param done types of the actions of this run that were carried out
     * @return why it may not be sent, or nothing
     */
    public static Optional<String> objection(String text, List<String> known, Set<String> done) {
        return objection(text, List.of(), List.of(), known, done);
    }

    /**
     * Like {@link #objection(String, List, Set)}.
     *
     * @param said by others: facts of it may be repeated, but no link, which would lead wherever they want
     * @param lookedUp what other systems say, which may tell of an order that was cancelled, say
     */
    public static Optional<String> objection(
            String text, List<String> said, List<String> lookedUp, List<String> known, Set<String> done) {
        if (text.isBlank()) {
            return Optional.of("the reply is empty");
        }
        if (text.length() > LONGEST) {
            return Optional.of("the reply is longer than " + LONGEST + " characters");
        }
        if (hasMarkup(text)) {
            return Optional.of("the reply holds markup");
        }
        Set<String> facts = new HashSet<>();
        said.forEach(source ->
                factsOf(source).stream().filter(fact -> !looksLikeLink(fact)).forEach(facts::add));
        lookedUp.forEach(source -> facts.addAll(factsOf(source)));
        known.forEach(source -> facts.addAll(factsOf(source)));
        Optional<String> invented =
                factsOf(text).stream().filter(fact -> !facts.contains(fact)).findFirst();
        if (invented.isPresent()) {
            return Optional.of("the reply states " + invented.get() + ", which nothing that the run knows contains");
        }
        return Claim.unfounded(text, done, lookedUp)
                .map(claim -> "the reply says that something was done (" + claim + "), and that was not");
    }

    /**
     * What a tool said, without links that lead where others want: a tool that repeats what it was asked must not make a
     * link known that the ticket or a model brought.
     *
     * @param said by others, the tool's arguments among it
     */
    public static String withoutLinksOf(List<String> said, String text) {
        String others = String.join("\n", said).toLowerCase(Locale.ROOT);
        StringBuilder own = new StringBuilder(text.length());
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || separates(text.charAt(i))) {
                String word = trimmed(text.substring(from, i));
                boolean theirs = looksLikeLink(word)
                        && targetsOf(word.toLowerCase(Locale.ROOT)).stream().anyMatch(others::contains);
                own.append(text, theirs ? i : from, Math.min(i + 1, text.length()));
                from = i + 1;
            }
        }
        return own.toString();
    }

    /** Where a link may lead: one that only looks different from another leads there, too. */
    private static Set<String> targetsOf(String link) {
        Set<String> targets = new HashSet<>();
        NO_HOST.splitAsStream(link)
                .filter(part -> looksLikeHost(part, false))
                .map(ReplyCheck::withoutWww)
                .forEach(targets::add);
        int scheme = link.indexOf(':');
        if (targets.isEmpty() || link.contains("://")) {
            String rest = trimmed(link.substring(link.contains("://") ? link.indexOf("://") + 3 : scheme + 1));
            String host = rest.split("[/?#]", 2)[0].replaceFirst(":\\d*$", "");
            targets.add(host.isEmpty() ? link : withoutWww(host.substring(host.lastIndexOf('@') + 1)));
        }
        return targets;
    }

    private static String withoutWww(String host) {
        return host.startsWith("www.") ? host.substring(4) : host;
    }

    /** A tag, a link or picture of Markdown, or characters that reorder or hide what stands around them. */
    private static boolean hasMarkup(String text) {
        if (text.contains("](") || text.contains("![")) {
            return true;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '<'
                    && i + 1 < text.length()
                    && (Character.isLetter(text.charAt(i + 1)) || "/!?".indexOf(text.charAt(i + 1)) >= 0)) {
                return true;
            }
            int type = Character.getType(c);
            if ((type == Character.CONTROL && c != '\n' && c != '\r' && c != '\t') || type == Character.FORMAT) {
                return true;
            }
        }
        return false;
    }

    /** Words that bear facts: those with a digit, an at sign, or the look of a link; lower-case, without what surrounds them. */
    private static List<String> factsOf(String text) {
        List<String> facts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || separates(text.charAt(i))) {
                if (i > from) {
                    String word = trimmed(text.substring(from, i));
                    if (bearsFact(word)) {
                        facts.add(word.toLowerCase(Locale.ROOT));
                    }
                }
                from = i + 1;
            }
        }
        return facts;
    }

    private static boolean separates(char c) {
        return Character.isWhitespace(c) || "()[]{}\"|".indexOf(c) >= 0;
    }

    private static String trimmed(String word) {
        int from = 0;
        int to = word.length();
        while (from < to && !isPart(word.charAt(from))) {
            from++;
        }
        while (to > from && !isPart(word.charAt(to - 1))) {
            to--;
        }
        return word.substring(from, to);
    }

    private static boolean isPart(char c) {
        return Character.isLetterOrDigit(c);
    }

    private static boolean bearsFact(String word) {
        boolean listItem = word.length() == 1 && Character.isDigit(word.charAt(0));
        return !listItem
                && (word.chars().anyMatch(Character::isDigit) || word.indexOf('@') >= 0 || looksLikeLink(word));
    }

    private static boolean looksLikeLink(String word) {
        if (word.contains("://")
                || word.regionMatches(true, 0, "www.", 0, 4)
                || SCHEME.matcher(word).lookingAt()) {
            return true;
        }
        return NO_HOST.splitAsStream(word).anyMatch(part -> looksLikeHost(part, part.length() == word.length()));
    }

    /** example.com, or t.co within more; but neither "e.g" nor a sentence that ends without a space after it. */
    private static boolean looksLikeHost(String part, boolean alone) {
        int dot = part.lastIndexOf('.');
        String last = part.substring(dot + 1);
        return dot > (alone ? 2 : 0)
                && last.length() > 1
                && last.length() < 24
                && last.chars().allMatch(Character::isLetter)
                && (last.equals(last.toLowerCase(Locale.ROOT)) || last.equals(last.toUpperCase(Locale.ROOT)));
    }
}
