package io.opsrelay.agent.model;

import dev.langchain4j.exception.HttpException;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A server's word that it may be asked again after a while: {@code Retry-After} of RFC 9110, in seconds or as a date. */
final class RetryAfter extends HttpException {

    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

    private final Duration pause;

    private RetryAfter(int status, String body, Duration pause) {
        super(status, body);
        this.pause = pause;
    }

    /**
     * What an answer that is none comes to.
     *
     * @param now of this machine; a date counts from the server's own, if it tells it
     */
    static HttpException of(int status, HttpHeaders headers, String body, Instant now) {
        Duration pause = headers.firstValue("Retry-After")
                .map(value -> read(value.strip(), headers.firstValue("Date").orElse(null), now))
                .orElse(null);
        return pause == null ? new HttpException(status, body) : new RetryAfter(status, body, pause);
    }

    /** What a server need not be asked for, since it has told somebody else a moment ago. */
    static HttpException still(Duration pause) {
        return new RetryAfter(429, "the model's server wants to be left alone for " + pause.toMillis() + " ms", pause);
    }

    /** How long to leave the server alone, from when it answered; null if it does not say. */
    static @Nullable Duration in(Throwable trouble) {
        for (Throwable cause = trouble; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetryAfter told) {
                return told.pause;
            }
        }
        return null;
    }

    private static @Nullable Duration read(String value, @Nullable String date, Instant now) {
        if (SECONDS.matcher(value).matches()) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Instant until = instant(value);
        if (until == null) {
            return null;
        }
        Instant told = date == null ? null : instant(date.strip());
        Duration pause = Duration.between(told == null ? now : told, until);
        return pause.isNegative() ? Duration.ZERO : pause;
    }

    private static @Nullable Instant instant(String date) {
        try {
            return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException e) {
            return null;
        }
    }
}
