package io.opsrelay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.exception.RateLimitException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 | PT0S",
                "7 | PT7S",
                " 120  | PT2M",
                "Fri, 20 Nov 2026 12:00:30 GMT | PT30S",
                // What is over by now.
                "Fri, 20 Nov 2026 11:59:00 GMT | PT0S",
            })
    void secondsAndDatesAreRead(String value, Duration pause) {
        assertThat(pause(value, null)).isEqualTo(pause);
    }

    @Test
    void aDateCountsFromTheServersOwnClock() {
        assertThat(pause("Fri, 20 Nov 2026 12:30:10 GMT", "Fri, 20 Nov 2026 12:30:00 GMT"))
                .isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "Fri, 20 Nov 2026"})
    void whatIsNeitherTellsNothing(String value) {
        assertThat(pause(value, null)).isNull();
    }

    @Test
    void anAnswerWithoutItTellsNothing() {
        assertThat(RetryAfter.in(RetryAfter.of(429, headers(Map.of()), "later", NOON)))
                .isNull();
        assertThat(RetryAfter.in(new IllegalStateException("x"))).isNull();
    }

    private static @Nullable Duration pause(String value, @Nullable String date) {
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("retry-after", List.of(value));
        if (date != null) {
            headers.put("date", List.of(date));
        }
        // As the client of the protocol wraps it.
        return RetryAfter.in(new RateLimitException(RetryAfter.of(429, headers(headers), "later", NOON)));
    }

    private static HttpHeaders headers(Map<String, List<String>> headers) {
        return HttpHeaders.of(headers, (name, value) -> true);
    }
}
