package io.opsrelay.agent.privacy;

import java.text.Normalizer;
import java.util.Arrays;

/**
 * A text as the finders read it: compatibility forms unfolded, every digit an ASCII one, every dash a hyphen, every
 * space a blank, accents and invisible characters gone. Each character knows where it stands in the original.
 */
final class FoldedText {

    /** A ligature may stand for a whole sentence; this much of it is enough to tell what it is. */
    private static final int LONGEST_UNFOLDING = 4;

    private final String text;
    private final int[] starts;
    private final int[] ends;

    private FoldedText(String text, int[] starts, int[] ends) {
        this.text = text;
        this.starts = starts;
        this.ends = ends;
    }

    static FoldedText of(String original) {
        Builder builder = new Builder(original.length());
        for (int i = 0; i < original.length(); ) {
            int codePoint = original.codePointAt(i);
            int next = i + Character.charCount(codePoint);
            builder.add(codePoint, i, next);
            i = next;
        }
        return builder.build();
    }

    String text() {
        return text;
    }

    int length() {
        return text.length();
    }

    char at(int i) {
        return text.charAt(i);
    }

    /** The character there, or a line break beyond either end. */
    char around(int i) {
        return i < 0 || i >= text.length() ? '\n' : text.charAt(i);
    }

    boolean isDigit(int i) {
        char c = around(i);
        return c >= '0' && c <= '9';
    }

    boolean isWord(int i) {
        return Character.isLetterOrDigit(around(i));
    }

    /** Where the folded character begins in the original. */
    int originalStart(int i) {
        return starts[i];
    }

    /** Where the folded character ends in the original, with the invisible ones that follow it. */
    int originalEnd(int i) {
        return ends[i];
    }

    private static final class Builder {
        private char[] chars;
        private int[] starts;
        private int[] ends;
        private int length;

        Builder(int capacity) {
            chars = new char[capacity + LONGEST_UNFOLDING];
            starts = new int[capacity + LONGEST_UNFOLDING];
            ends = new int[capacity + LONGEST_UNFOLDING];
        }

        void add(int codePoint, int start, int end) {
            if (codePoint >= ' ' && codePoint < 0x7F) {
                put((char) codePoint, start, end);
            } else if (isInvisible(codePoint)) {
                // What is invisible goes with the character before it, or a value would leave it behind.
                if (length > 0) {
                    ends[length - 1] = end;
                }
            } else {
                unfold(codePoint, start, end);
            }
        }

        private void unfold(int codePoint, int start, int end) {
            char plain = plain(codePoint);
            if (plain != 0) {
                put(plain, start, end);
                return;
            }
            String unfolded = Normalizer.normalize(Character.toString(codePoint), Normalizer.Form.NFKD);
            int put = 0;
            for (int i = 0; i < unfolded.length() && put < LONGEST_UNFOLDING; ) {
                int part = unfolded.codePointAt(i);
                i += Character.charCount(part);
                if (!isInvisible(part)) {
                    char partPlain = plain(part);
                    put(partPlain != 0 ? partPlain : single(part), start, end);
                    put++;
                }
            }
        }

        /** The one ASCII character that a character stands for, or 0. */
        private static char plain(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.DECIMAL_DIGIT_NUMBER -> (char) ('0' + Character.digit(codePoint, 10));
                case Character.DASH_PUNCTUATION -> '-';
                case Character.SPACE_SEPARATOR -> ' ';
                case Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> '\n';
                default ->
                    switch (codePoint) {
                        case '\n', '\t', '\r' -> (char) codePoint;
                        case 0x85, 0x0B, 0x0C -> '\n';
                        case 0x2212 -> '-';
                        // Dots of domain names, see RFC 3490.
                        case 0x3002, 0xFF0E, 0xFF61 -> '.';
                        case 0x2018, 0x2019, 0x02BC -> '\'';
                        default -> 0;
                    };
            };
        }

        private static char single(int codePoint) {
            if (Character.isBmpCodePoint(codePoint) && !Character.isSurrogate((char) codePoint)) {
                return (char) codePoint;
            }
            // Only what it is counts, not which one it is: the folded text is never shown.
            return Character.isLetter(codePoint) ? 'x' : '\uFFFD';
        }

        private static boolean isInvisible(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.FORMAT, Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> true;
                case Character.CONTROL ->
                    codePoint != '\n'
                            && codePoint != '\r'
                            && codePoint != '\t'
                            && codePoint != 0x85
                            && codePoint != 0x0B
                            && codePoint != 0x0C;
                // Fillers that are letters by name only.
                default -> codePoint == 0x115F || codePoint == 0x1160 || codePoint == 0x3164 || codePoint == 0xFFA0;
            };
        }

        private void put(char c, int start, int end) {
            if (length == chars.length) {
                int larger = length + (length >> 1);
                chars = Arrays.copyOf(chars, larger);
                starts = Arrays.copyOf(starts, larger);
                ends = Arrays.copyOf(ends, larger);
            }
            chars[length] = c;
            starts[length] = start;
            ends[length] = end;
            length++;
        }

        FoldedText build() {
            return new FoldedText(new String(chars, 0, length), starts, ends);
        }
    }
}
