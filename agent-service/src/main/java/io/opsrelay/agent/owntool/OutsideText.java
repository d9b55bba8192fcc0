package io.opsrelay.agent.owntool;

/** Text from outside as it may be kept and shown. */
final class OutsideText {

    private OutsideText() {}

    /** Without characters that hide or reorder others, or that are none; lines and tabulators stay. */
    static String clean(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            int type = Character.getType(c);
            if (c == '\n' || c == '\t') {
                out.append((char) c);
            } else if (type == Character.CONTROL || type == Character.SURROGATE || type == Character.UNASSIGNED) {
                out.append(c == '\r' ? "" : " ");
            } else if (type != Character.FORMAT) {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    /** On one line, and not longer than that. */
    static String line(String text, int longest) {
        String line = clean(text).replaceAll("\\s+", " ").strip();
        return clip(line, longest);
    }

    static String clip(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return text.substring(0, end) + "...";
    }
}
