package io.opsrelay.agent.learning;

/**
 * An example: a text and the label that it should get.
 *
 * @param text 1 to {@link #LONGEST_TEXT} characters, not only space
 * @param label 1 to {@link #LONGEST_LABEL} visible characters and single spaces between them
 */
public record LabelledText(String text, String label) {
    /** The longest text that is taken, in characters. */
    public static final int LONGEST_TEXT = 10_000;

    /** The longest name of a label, in characters. */
    public static final int LONGEST_LABEL = 100;

    /** @throws IllegalArgumentException with a message for the person who wrote it */
    public LabelledText {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the text is empty");
        }
        if (text.length() > LONGEST_TEXT) {
            throw new IllegalArgumentException("the text is longer than " + LONGEST_TEXT + " characters");
        }
        if (text.indexOf(0) >= 0) {
            throw new IllegalArgumentException("the text holds a character that cannot be stored (NUL)");
        }
        if (label.isBlank()) {
            throw new IllegalArgumentException("the label is empty");
        }
        if (label.length() > LONGEST_LABEL) {
            throw new IllegalArgumentException("the label is longer than " + LONGEST_LABEL + " characters");
        }
        if (!isName(label)) {
            throw new IllegalArgumentException(
                    "the label must be made of visible characters and single spaces between them");
        }
    }

    private static boolean isName(String label) {
        var spaces = 1;
        for (var i = 0; i < label.length(); i++) {
            var c = label.charAt(i);
            spaces = c == ' ' ? spaces + 1 : 0;
            var hidden = c != ' '
                    && (Character.isISOControl(c)
                            || Character.isSpaceChar(c)
                            || Character.getType(c) == Character.FORMAT);
            if (hidden || spaces > 1) {
                return false;
            }
        }
        return spaces == 0;
    }
}
