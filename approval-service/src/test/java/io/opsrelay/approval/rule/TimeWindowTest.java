package io.opsrelay.approval.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeWindowTest {

    /** 2026-11-23 is a Monday; Berlin's clocks are one hour ahead of UTC then, and two from 2026-03-29 on. */
    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
        mon tue, 08:00, 18:00, Europe/Berlin, 2026-11-23T07:00:00Z, true
        mon tue, 08:00, 18:00, Europe/Berlin, 2026-11-23T06:59:59Z, false
        mon tue, 08:00, 18:00, Europe/Berlin, 2026-11-23T16:59:59Z, true
        mon tue, 08:00, 18:00, Europe/Berlin, 2026-11-23T17:00:00Z, false
        mon tue, 08:00, 18:00, Europe/Berlin, 2026-11-25T12:00:00Z, false
        fri,     22:00, 06:00, UTC,           2026-11-27T23:00:00Z, true
        fri,     22:00, 06:00, UTC,           2026-11-28T05:59:59Z, true
        fri,     22:00, 06:00, UTC,           2026-11-28T06:00:00Z, false
        fri,     22:00, 06:00, UTC,           2026-11-27T05:00:00Z, false
        sun,     22:00, 06:00, UTC,           2026-11-23T05:00:00Z, true
        -,       22:00, 06:00, UTC,           2026-11-25T01:00:00Z, true
        sat sun, -,     -,     Asia/Tokyo,    2026-11-27T15:00:00Z, true
        sat sun, -,     -,     Asia/Tokyo,    2026-11-27T14:59:59Z, false
        -,       18:00, -,     UTC,           2026-11-25T23:59:59Z, true
        -,       18:00, 00:00, UTC,           2026-11-25T23:59:59Z, true
        -,       -,     06:00, UTC,           2026-11-25T00:00:00Z, true
        -,       08:00, 09:00, Europe/Berlin, 2026-03-29T06:30:00Z, true
        -,       08:00, 09:00, Europe/Berlin, 2026-03-28T06:30:00Z, false
        """)
    void itIsOpenOrNot(String days, String from, String to, String zone, Instant at, boolean open) {
        TimeWindow window = new TimeWindow(days == null ? null : List.of(days.split(" ")), from, to, zone);

        assertThat(window.holds(at)).isEqualTo(open);
    }

    @Test
    void aWindowThatIsNoneIsRefused() {
        refused("days", List.of(), null, null, "UTC");
        refused("days", List.of("monday"), null, null, "UTC");
        refused("days", null, null, null, "UTC");
        refused("from", null, "24:00", null, "UTC");
        refused("to", null, "08:00", "8", "UTC");
        refused("to", null, "08:00", "08:00", "UTC");
        refused("zone", List.of("mon"), null, null, "Mars/Olympus");
        refused("zone", List.of("mon"), null, null, null);
    }

    private static void refused(String field, List<String> days, String from, String to, String zone) {
        assertThatThrownBy(() -> new TimeWindow(days, from, to, zone))
                .isInstanceOfSatisfying(
                        InvalidPolicyException.class, e -> assertThat(e.field()).isEqualTo(field));
    }
}
