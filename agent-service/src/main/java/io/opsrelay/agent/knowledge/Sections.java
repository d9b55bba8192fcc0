package io.opsrelay.agent.knowledge;

import io.opsrelay.agent.knowledge.Article.Section;
import io.opsrelay.agent.knowledge.ArticleText.Block;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * Cuts text into passages that are long enough to be understood and short enough to be quoted: neighbours under the same
 * heading are joined up to {@link #ENOUGH} words, and what has more than {@link #MOST} is cut between lines, else between
 * sentences, and only where one sentence is longer than that, inside it.
 */
final class Sections {

    static final int ENOUGH = 80;
    static final int MOST = 250;

    /** Scripts without blanks between words are measured by characters. */
    private static final int CHARACTERS_A_WORD = 8;

    private Sections() {}

    static List<Section> of(List<Block> blocks, Locale language) {
        List<Section> sections = new ArrayList<>();
        String heading = "";
        Growing open = new Growing();
        for (Block block : blocks) {
            for (String piece : pieces(block.text(), language)) {
                boolean full = open.size() >= ENOUGH || open.sizeWith(piece) > MOST;
                if (!open.isEmpty() && (full || !heading.equals(block.heading()))) {
                    sections.add(new Section(heading, open.take()));
                }
                heading = block.heading();
                open.add("\n\n", piece);
            }
        }
        if (!open.isEmpty()) {
            sections.add(new Section(heading, open.take()));
        }
        return List.copyOf(sections);
    }

    private static List<String> pieces(String text, Locale language) {
        if (sizeOf(text) <= MOST) {
            return List.of(text);
        }
        List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
        if (lines.size() > 1) {
            return packed(lines, "\n", language);
        }
        List<String> sentences = sentences(text, language);
        return sentences.size() > 1 ? packed(sentences, " ", language) : chopped(text);
    }

    private static List<String> packed(List<String> parts, String between, Locale language) {
        List<String> pieces = new ArrayList<>();
        Growing open = new Growing();
        for (String part : parts) {
            if (!open.isEmpty() && open.sizeWith(part) > MOST) {
                pieces.add(open.take());
            }
            if (sizeOf(part) > MOST) {
                pieces.addAll(pieces(part, language));
            } else {
                open.add(between, part);
            }
        }
        if (!open.isEmpty()) {
            pieces.add(open.take());
        }
        return pieces;
    }

    private static List<String> sentences(String text, Locale language) {
        BreakIterator borders = BreakIterator.getSentenceInstance(language);
        borders.setText(text);
        List<String> sentences = new ArrayList<>();
        int from = borders.first();
        for (int to = borders.next(); to != BreakIterator.DONE; from = to, to = borders.next()) {
            String sentence = text.substring(from, to).strip();
            if (!sentence.isEmpty()) {
                sentences.add(sentence);
            }
        }
        return sentences;
    }

    /** One endless sentence: cut between words, a word without end between characters. */
    private static List<String> chopped(String text) {
        List<String> pieces = new ArrayList<>();
        Growing open = new Growing();
        StringTokenizer words = new StringTokenizer(text);
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            while (sizeOf(word) > MOST) {
                int longest = MOST * CHARACTERS_A_WORD;
                int cut = Character.isHighSurrogate(word.charAt(longest - 1)) ? longest - 1 : longest;
                if (!open.isEmpty()) {
                    pieces.add(open.take());
                }
                pieces.add(word.substring(0, cut));
                word = word.substring(cut);
            }
            if (!open.isEmpty() && open.sizeWith(word) > MOST) {
                pieces.add(open.take());
            }
            open.add(" ", word);
        }
        if (!open.isEmpty()) {
            pieces.add(open.take());
        }
        return pieces;
    }

    /** In words. */
    static int sizeOf(String text) {
        return size(new StringTokenizer(text).countTokens(), text.length());
    }

    private static int size(int words, int characters) {
        return Math.max(words, (characters + CHARACTERS_A_WORD - 1) / CHARACTERS_A_WORD);
    }

    /** A passage that grows. */
    private static final class Growing {

        private static final int LONGEST_BORDER = 2;

        private final StringBuilder text = new StringBuilder();
        private int words;

        boolean isEmpty() {
            return text.isEmpty();
        }

        int size() {
            return Sections.size(words, text.length());
        }

        int sizeWith(String more) {
            return Sections.size(
                    words + new StringTokenizer(more).countTokens(), text.length() + LONGEST_BORDER + more.length());
        }

        void add(String border, String more) {
            text.append(text.isEmpty() ? "" : border).append(more);
            words += new StringTokenizer(more).countTokens();
        }

        String take() {
            String taken = text.toString();
            text.setLength(0);
            words = 0;
            return taken;
        }
    }
}
