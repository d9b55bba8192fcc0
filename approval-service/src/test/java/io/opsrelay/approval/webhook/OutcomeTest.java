package io.opsrelay.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeTest {

    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(5), Duration.ofMinutes(5));

    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 204, 299})
    void anything2xxIsDelivered(int status) {
        assertThat(outcome(status, 1, null, 0)).isEqualTo(new Outcome.Delivered());
        assertThat(outcome(status, 3, null, 0)).isEqualTo(new Outcome.Delivered());
    }

    @Test
    void goneIsGoneAtOnce() {
        assertThat(outcome(410, 1, null, 0)).isEqualTo(new Outcome.Gone());
        assertThat(outcome(410, 3, null, 0)).isEqualTo(new Outcome.Gone());
    }

    @ParameterizedTest
    @CsvSource({
        "500, 1, 5",
        "503, 2, 300",
        "404, 1, 5",
        "400, 2, 300",
        "302, 1, 5",
        "429, 1, 5",
        "100, 1, 5",
        "0, 2, 300"
    })
    void everythingElseIsTriedAgain(int status, int tries, long seconds) {
        assertThat(outcome(status, tries, null, 0)).isEqualTo(new Outcome.Retry(Duration.ofSeconds(seconds)));
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 302, 404, 429, 0})
    void afterTheLastPauseItIsGivenUp(int status) {
        assertThat(outcome(status, 3, null, 0)).isEqualTo(new Outcome.GaveUp());
        assertThat(outcome(status, 3, Duration.ofSeconds(1), 0)).isEqualTo(new Outcome.GaveUp());
    }

    @Test
    void anEndpointMayAskForALongerPauseButNotForAShorterOrAnEndlessOne() {
        assertThat(outcome(429, 1, Duration.ofSeconds(60), 0)).isEqualTo(new Outcome.Retry(Duration.ofSeconds(60)));
        assertThat(outcome(429, 1, Duration.ofSeconds(1), 0)).isEqualTo(new Outcome.Retry(Duration.ofSeconds(5)));
        assertThat(outcome(503, 1, Duration.ofDays(400), 0)).isEqualTo(new Outcome.Retry(Outcome.LONGEST_WISH));
    }

    @Test
    void whatFailedTogetherDoesNotComeBackTogether() {
        assertThat(outcome(500, 1, null, 0.1)).isEqualTo(new Outcome.Retry(Duration.ofMillis(5_500)));
        assertThat(outcome(429, 1, Duration.ofSeconds(60), 0.2)).isEqualTo(new Outcome.Retry(Duration.ofSeconds(72)));
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(Attempt.retryAfter("120", NOW)).isEqualTo(Duration.ofMinutes(2));
        assertThat(Attempt.retryAfter("Thu, 26 Nov 2026 12:00:30 GMT", NOW)).isEqualTo(Duration.ofSeconds(30));
        assertThat(Attempt.retryAfter("Thu, 26 Nov 2026 11:00:00 GMT", NOW)).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "99999999999999999999", "١٢"})
    void aRetryAfterThatSaysNothingIsOverlooked(String header) {
        assertThat(Attempt.retryAfter(header, NOW)).isNull();
    }

    @Test
    void whatAnAnswerSaysIsKeptSoThatItCanBeStoredAndShown() {
        Attempt attempt = Attempt.answered(
                NOW, 500, Duration.ZERO, "a\0b\r\u0007\nc\u00ff".getBytes(StandardCharsets.ISO_8859_1), null);

        assertThat(attempt.answer()).isEqualTo("a b  \nc\ufffd");
        assertThat(attempt.error()).isEqualTo("answered 500");
    }

    private static Outcome outcome(int status, int tries, Duration retryAfter, double stretch) {
        Attempt attempt = status == 0
                ? Attempt.unanswered(NOW, "cannot be reached", Duration.ZERO)
                : Attempt.answered(NOW, status, Duration.ZERO, new byte[0], retryAfter);
        return Outcome.of(attempt, tries, PAUSES, stretch);
    }
}
