package io.opsrelay.ingestion.mime.text;

/** Makes texts fit to be stored and shown: one kind of line end, no control characters, no halves of characters. */
public final class Clean {

    private static final int EMPTY_LINES = 2;

    private Clean() {}

    /** A text of several lines. */
    public static String text(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r') {
                if (i + 1 >= text.length() || text.charAt(i + 1) != '\n') {
                    clean.append('\n');
                }
            } else if (c == '\u2028' || c == '\u2029' || c == '\u0085') {
                clean.append('\n');
            } else if (Character.isHighSurrogate(c)) {
                if (i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                    clean.append(c).append(text.charAt(++i));
                } else {
                    clean.append('\ufffd');
                }
            } else if (Character.isLowSurrogate(c)) {
                clean.append('\ufffd');
            } else if (c == '\t' || c == '\n' || !(Character.isISOControl(c) || c == '\ufeff')) {
                clean.append(c);
            }
        }
        return clean.toString();
    }

    /** A text to be read: without white space around it and without long runs of empty lines. */
    public static String body(String text) {
        StringBuilder body = new StringBuilder(text.length());
        int empty = 0;
        for (String line : (Iterable<String>) text(text).lines()::iterator) {
            empty = line.isBlank() ? empty + 1 : 0;
            if (empty == 0 || (empty <= EMPTY_LINES && !body.isEmpty())) {
                body.append(line.isBlank() ? "" : line).append('\n');
            }
        }
        return body.toString().strip();
    }

    /** A text of one line, at most {@code max} characters. */
    public static String line(String text, int max) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), max));
        boolean space = false;
        String clean = text(text);
        for (int i = 0; i < clean.length() && line.length() < max; i++) {
            char c = clean.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\u00a0') {
                space = true;
            } else if (!isDirectionMark(c)) {
                if (space && !line.isEmpty()) {
                    line.append(' ');
                }
                space = false;
                line.append(c);
            }
        }
        return cut(line.toString(), max);
    }

    /** The beginning of a text, never ending in half a character. */
    public static String cut(String text, int max) {
        if (text.length() <= max) {
            return text;
        }
        int end = max > 0 && Character.isHighSurrogate(text.charAt(max - 1)) ? max - 1 : max;
        return text.substring(0, end);
    }

    /** Marks that turn the direction of writing: they make {@code exe.fdp} look like {@code pdf.exe}. */
    private static boolean isDirectionMark(char c) {
        return (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') || c == '\u200e' || c == '\u200f';
    }
}
