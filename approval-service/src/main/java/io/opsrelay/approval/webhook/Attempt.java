package io.opsrelay.approval.webhook;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to deliver something.
 *
 * @param status the answer's; null if there was none
 * @param error what went wrong, in words; null if nothing did
 * @param answer how the answer's body begins
 * @param retryAfter how long it asks to be left alone
 */
record Attempt(
        Instant at,
        @Nullable Integer status,
        @Nullable String error,
        Duration took,
        @Nullable String answer,
        @Nullable Duration retryAfter) {

    /** Most bytes of an answer's body that are kept. */
    static final int MOST_KEPT = 500;

    private static final int MAX_SECONDS_DIGITS = 9;

    /** One that was answered. */
    static Attempt answered(Instant at, int status, Duration took, byte[] answer, @Nullable Duration retryAfter) {
        return new Attempt(at, status, errorOf(status), took, text(answer), retryAfter);
    }

    /** One that was not answered. */
    static Attempt unanswered(Instant at, String error, Duration took) {
        return new Attempt(at, null, error, took, null, null);
    }

    private static @Nullable String errorOf(int status) {
        if (status >= 200 && status <= 299) {
            return null;
        }
        return status >= 300 && status <= 399
                ? "answered " + status + ", and redirects are not followed"
                : "answered " + status;
    }

    /** Shown to people and kept by PostgreSQL, which takes no NUL. */
    private static @Nullable String text(byte[] answer) {
        String text = new String(answer, StandardCharsets.UTF_8)
                .codePoints()
                .map(c -> Character.isISOControl(c) && c != '\n' && c != '\t' ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        return text.isBlank() ? null : text.strip();
    }

    /** What a {@code Retry-After} says: seconds or a date. Null if it says nothing that can be understood. */
    static @Nullable Duration retryAfter(@Nullable String header, Instant now) {
        if (header == null) {
            return null;
        }
        String value = header.strip();
        if (!value.isEmpty()
                && value.length() <= MAX_SECONDS_DIGITS
                && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        try {
            Duration left = Duration.between(now, Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
            return left.isNegative() ? Duration.ZERO : left;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
