package io.opsrelay.ingestion.upstream;

/** A record that cannot become a ticket; the message is for the person who will look at it. */
final class UnusableException extends RuntimeException {

    private static final int LONGEST_QUOTE = 80;

    UnusableException(String reason) {
        super(reason, null, false, false);
    }

    /** What a reason quotes of the record. */
    static String clip(String value) {
        return value.length() <= LONGEST_QUOTE ? value : value.substring(0, LONGEST_QUOTE) + "...";
    }
}
