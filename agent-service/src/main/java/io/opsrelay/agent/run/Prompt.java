package io.opsrelay.agent.run;

import io.opsrelay.agent.draft.Form;
import io.opsrelay.agent.draft.Voice;
import io.opsrelay.agent.knowledge.Passage;
import io.opsrelay.messaging.Ids;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What a model is told at the beginning. */
final class Prompt {

    private static final int LONGEST_TICKET = 20_000;
    /** The sign that begins a mark, and what readers take for it. */
    private static final String SIGN =
            "(?:[<\uFF1C\uFE64\u2039\u3008]|&lt;|&#0{0,7}60;|&#x0{0,7}3c;|%3c|\\\\u003c|\\\\x3c)";

    private static final Pattern FORGED = Pattern.compile(
            SIGN + "([\\s/\uFF0F\\p{Cf}]{0,20}(?:" + loosely("ticket") + "|" + loosely("result") + "))",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}]+");
    /** So many words in a row are no chance. */
    private static final int STRETCH = 6;

    private static final String RULES = shipped("/prompts/system.txt");
    private static final String CLASSIFICATION = shipped("/prompts/classify.txt");
    private static final Set<String> STRETCHES = stretches(RULES).collect(Collectors.toUnmodifiableSet());

    private Prompt() {}

    /** Of a run's own: whoever writes a ticket cannot know it, and so cannot end the frame that the text stands in. */
    static String mark(Ids ids) {
        return Long.toHexString(ids.next().getLeastSignificantBits());
    }

    /** The rules, which no ticket changes. */
    static String system(Voice voice, String mark) {
        return RULES.replace("{language}", voice.language().code())
                .replace("{tone}", voice.tone().code())
                .replace("{form}", inWords(voice.form()))
                .replace("{mark}", mark);
    }

    private static String inWords(Form form) {
        return switch (form) {
            case LETTER -> "as a letter with a salutation and a closing";
            case CHAT -> "as in a chat: a few short sentences, no salutation, no closing";
        };
    }

    /**
     * How a ticket is to be classified.
     *
     * @param fields of the answer with their values, a line each
     */
    static String classification(String fields, String mark) {
        return CLASSIFICATION.replace("{fields}", fields).replace("{mark}", mark);
    }

    /** The ticket in its frame. What looks like a frame's mark without being one is defaced all the same. */
    static String ticket(String redacted, String mark) {
        String clipped =
                redacted.length() > LONGEST_TICKET ? redacted.substring(0, LONGEST_TICKET) + "\n[cut off]" : redacted;
        return "<ticket " + mark + ">\n" + defaced(clipped.replace(mark, "")) + "\n</ticket " + mark + ">";
    }

    /** The ticket with the passages that the reply is to be written from, by their ids. */
    static String toBeWorded(String redacted, Map<String, Passage> passages, String mark) {
        StringBuilder text = new StringBuilder(ticket(redacted, mark)).append("\n\nThe knowledge base says:");
        passages.forEach(
                (id, passage) -> text.append('\n').append(quoted(id, passage)).append('\n'));
        return text.append("\nWrite the reply from it, or hand over if it does not answer the ticket.")
                .toString();
    }

    /** Whether a text repeats a stretch of the rules, in whatever case and punctuation: those are nobody's to read. */
    static boolean isRepeatedBy(String text) {
        return stretches(text).anyMatch(STRETCHES::contains);
    }

    private static Stream<String> stretches(String text) {
        List<String> words = NO_LETTERS
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
        return IntStream.rangeClosed(0, words.size() - STRETCH)
                .mapToObj(from -> String.join(" ", words.subList(from, from + STRETCH)));
    }

    static String quoted(String id, Passage passage) {
        return "[" + id + "] " + passage.title() + "\n" + passage.text();
    }

    /** What a tool of somebody else's says, in its frame; what looks like a mark is defaced here, too. */
    static String result(String text) {
        return "<result>\n" + defaced(text) + "\n</result>";
    }

    private static String defaced(String text) {
        return FORGED.matcher(text).replaceAll("‹$1");
    }

    /** A word with anything invisible between its letters. */
    private static String loosely(String word) {
        return String.join("\\p{Cf}{0,20}", word.split(""));
    }

    private static String shipped(String name) {
        try (InputStream in = Prompt.class.getResourceAsStream(name)) {
            return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
