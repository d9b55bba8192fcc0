package io.opsrelay.agent.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words of a folded text, numbers included, and what stands between them. */
final class Words {

    private static final int LONGEST_GAP = 4;

    private final FoldedText text;
    private final List<Word> words;

    private Words(FoldedText text, List<Word> words) {
        this.text = text;
        this.words = words;
    }

    /**
     * A word; an apostrophe or a hyphen between letters belongs to it.
     *
     * @param lower in lower case
     */
    record Word(int start, int end, String lower, boolean capital) {

        boolean isNumber() {
            return Character.isDigit(lower.charAt(0));
        }

        int length() {
            return end - start;
        }
    }

    static Words of(FoldedText text) {
        List<Word> words = new ArrayList<>();
        int i = 0;
        while (i < text.length()) {
            if (!text.isWord(i)) {
                i++;
                continue;
            }
            int start = i;
            while (i < text.length() && (text.isWord(i) || joins(text, i))) {
                i++;
            }
            words.add(new Word(
                    start,
                    i,
                    text.text().substring(start, i).toLowerCase(Locale.ROOT),
                    Character.isUpperCase(text.at(start))));
        }
        return new Words(text, words);
    }

    private static boolean joins(FoldedText text, int i) {
        char c = text.at(i);
        return (c == '\'' || c == '-')
                && Character.isLetter(text.around(i - 1))
                && Character.isLetter(text.around(i + 1));
    }

    int size() {
        return words.size();
    }

    Word get(int i) {
        return words.get(i);
    }

    FoldedText text() {
        return text;
    }

    /** The word there in lower case, or an empty text beyond the last one. */
    String lower(int i) {
        return i >= 0 && i < words.size() ? words.get(i).lower() : "";
    }

    boolean isCapital(int i) {
        return i >= 0 && i < words.size() && words.get(i).capital();
    }

    boolean isNumber(int i) {
        return i >= 0 && i < words.size() && words.get(i).isNumber();
    }

    /** Whether nothing but a few of these characters stands between the word and the next one. */
    boolean follows(int i, String allowed) {
        if (i < 0 || i + 1 >= words.size()) {
            return false;
        }
        int from = words.get(i).end();
        int to = words.get(i + 1).start();
        if (to - from > LONGEST_GAP) {
            return false;
        }
        for (int at = from; at < to; at++) {
            if (allowed.indexOf(text.at(at)) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Whether these words stand here one after the other, with blanks between them. */
    boolean startsWith(int i, String... expected) {
        for (int n = 0; n < expected.length; n++) {
            if (!lower(i + n).equals(expected[n]) || (n > 0 && !follows(i + n - 1, " \t"))) {
                return false;
            }
        }
        return true;
    }
}
