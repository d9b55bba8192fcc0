package io.opsrelay.action.remote;

import java.util.regex.Pattern;

/** Text from outside as it may be kept, shown and passed on. */
public final class OutsideText {

    static final int LONGEST_VALUE = 500;
    static final int LONGEST_REASON = 300;

    private static final Pattern E_MAIL =
            Pattern.compile("[\\p{L}\\p{N}._%+-]{1,64}@[\\p{L}\\p{N}-]{1,63}(\\.[\\p{L}\\p{N}-]{1,63})+");
    private static final Pattern MENTION = Pattern.compile("@(?=[\\p{L}\\p{N}_])");

    private OutsideText() {}

    /** Without characters that hide or reorder others, or that are none; lines and tabulators stay. */
    public static String clean(String text) {
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
    public static String line(String text, int longest) {
        return clip(clean(text).replaceAll("\\s+", " ").strip(), longest);
    }

    /** Not longer than that, with dots where something was left out. */
    public static String clip(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int end = longest - 3;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "...";
    }

    /** Without e-mail addresses. */
    public static String withoutAddresses(String text) {
        return E_MAIL.matcher(text).replaceAll("[e-mail]");
    }

    /** So that it calls nobody, shows no image and is no HTML wherever Markdown is understood. */
    public static String harmless(String text) {
        return MENTION.matcher(text)
                .replaceAll("@ ")
                .replace('<', '\u2039')
                .replace('>', '\u203a')
                .replace("![", "! [");
    }
}
