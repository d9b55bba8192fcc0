package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WindowTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:17:31Z");

    @ParameterizedTest
    @CsvSource({
        // bucket, zone, begin of the first, end of the last, how many
        "minute, , 2026-11-20T09:17:00Z, 2026-11-20T10:18:00Z, 61",
        "hour, , 2026-11-19T10:00:00Z, 2026-11-20T11:00:00Z, 25",
        "hour, Asia/Kolkata, 2026-11-19T09:30:00Z, 2026-11-20T10:30:00Z, 25",
        "day, , 2026-10-21T00:00:00Z, 2026-11-21T00:00:00Z, 31",
        "day, America/New_York, 2026-10-21T04:00:00Z, 2026-11-21T05:00:00Z, 31",
        ", , 2026-11-19T10:00:00Z, 2026-11-20T11:00:00Z, 25"
    })
    void whatIsNotAskedForIsUsualAndAllIsWholeBuckets(String bucket, String zone, String from, String to, int count) {
        Window window = Window.of(null, null, bucket, zone, NOW);

        assertThat(window.from()).isEqualTo(from);
        assertThat(window.to()).isEqualTo(to);
        assertThat(window.starts()).hasSize(count);
        assertThat(window.starts().first()).isEqualTo(from);
    }

    @Test
    void wholeBucketsAreNotWidened() {
        Window window = Window.of("2026-11-20T08:00:00Z", "2026-11-20T12:00:00+02:00", "hour", null, NOW);

        assertThat(window.from()).isEqualTo("2026-11-20T08:00:00Z");
        assertThat(window.to()).isEqualTo("2026-11-20T10:00:00Z");
        assertThat(window.starts()).hasSize(2);
    }

    @Test
    void daysOnWhichClocksChangeAreLongerOrShorter() {
        assertThat(lengths("2026-03-28T00:00:00+01:00", "2026-03-31T00:00:00+02:00", "Europe/Berlin"))
                .containsExactly(24L, 23L, 24L);
        assertThat(lengths("2026-10-24T00:00:00+02:00", "2026-10-27T00:00:00+01:00", "Europe/Berlin"))
                .containsExactly(24L, 25L, 24L);
    }

    @Test
    void theLastDaysEndWithToday() {
        Window week = Window.lastDays(7, "Pacific/Auckland", NOW);

        assertThat(week.starts()).hasSize(7);
        assertThat(week.starts().last()).isEqualTo("2026-11-19T11:00:00Z");
        assertThat(week.to()).isEqualTo("2026-11-20T11:00:00Z");
    }

    private static List<Long> lengths(String from, String to, String zone) {
        Window window = Window.of(from, to, "day", zone, NOW);
        List<Instant> edges = new ArrayList<>(window.starts());
        edges.add(window.to());
        List<Long> hours = new ArrayList<>();
        for (int i = 1; i < edges.size(); i++) {
            hours.add(Duration.between(edges.get(i - 1), edges.get(i)).toHours());
        }
        return hours;
    }
}
