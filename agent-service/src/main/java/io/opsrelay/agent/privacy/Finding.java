package io.opsrelay.agent.privacy;

/**
 * Something found in a folded text.
 *
 * @param start offset of its first character
 * @param end offset behind its last character
 */
record Finding(Kind kind, int start, int end) {

    Finding {
        if (start < 0 || end <= start) {
            throw new IllegalArgumentException("not a stretch of text: " + start + " to " + end);
        }
    }

    int length() {
        return end - start;
    }
}
