package io.opsrelay.ingestion.email;

/** Texts of mails as tables and tickets take them. */
final class Texts {

    private Texts() {}

    /** At most that many characters, without half of one at the end. */
    static String cut(String text, int most) {
        if (text.length() <= most) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
        return text.substring(0, end);
    }

    /** On one line, and never empty. */
    static String line(String text, int most, String otherwise) {
        String line = text.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        return line.isEmpty() ? otherwise : cut(line, most);
    }

    /** Without what PostgreSQL cannot store: NUL and halves of surrogate pairs. */
    static String storable(String text) {
        StringBuilder kept = new StringBuilder(text.length());
        text.codePoints()
                .filter(c -> c != 0 && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE))
                .forEach(kept::appendCodePoint);
        return kept.toString();
    }
}
