package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff();

    @Test
    void pausesDoubleFromHalfASecondToHalfAMinute() {
        assertThat(Stream.generate(() -> backoff.after(Duration.ZERO)).limit(9).map(Duration::toMillis))
                .containsExactly(500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
    }

    @Test
    void whatServedTenSecondsIsStartedAgainAtOnce() {
        // given
        backoff.after(Duration.ZERO);
        backoff.after(Duration.ofSeconds(9));

        // then
        assertThat(backoff.after(Duration.ofSeconds(10))).isZero();
        assertThat(backoff.after(Duration.ofSeconds(1))).isEqualTo(Backoff.SHORTEST);
        assertThat(backoff.after(Duration.ofSeconds(1))).isEqualTo(Duration.ofSeconds(1));
    }
}
