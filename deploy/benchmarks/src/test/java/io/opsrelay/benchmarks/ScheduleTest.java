package io.opsrelay.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {

    private final Schedule schedule = new Schedule(30, Duration.ofSeconds(10), Duration.ofSeconds(60));

    @Test
    void requestsAreEvenlySpacedAndRoundingDoesNotAddUp() {
        assertThat(schedule.dueNanos(0)).isZero();
        assertThat(schedule.dueNanos(1)).isEqualTo(33_333_333);
        assertThat(schedule.dueNanos(30)).isEqualTo(Duration.ofSeconds(1).toNanos());
        assertThat(schedule.dueNanos(30 * 3600)).isEqualTo(Duration.ofHours(1).toNanos());
    }

    @Test
    void theWarmUpIsSentButNotMeasured() {
        assertThat(schedule.size()).isEqualTo(2100);
        assertThat(schedule.isMeasured(299)).isFalse();
        assertThat(schedule.isMeasured(300)).isTrue();
    }

    @Test
    void aRateOfNothingIsRefused() {
        assertThatThrownBy(() -> new Schedule(0, Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rate");
    }
}
