package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.faults.Points.Fired;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PointsTest {

    @TempDir
    private Path markers;

    @Test
    void everyServiceHasTheGeneralOnesAndActionEngineThoseAroundACall() {
        Points points = Points.ofEveryService(markers);

        assertThat(points.names())
                .hasSize(20)
                .doesNotHaveDuplicates()
                .contains("approval-service/before-offset-commit", "action-engine/before-intent")
                .doesNotContain("agent-service/before-intent");
        assertThat(Points.of(points.environment())).contains(points);
    }

    @Test
    void whatHasFiredAndByWhomIsReadOffTheMarkers() throws IOException {
        Points points = new Points("agent-service/before-commit=3, after-commit=4", markers);
        assertThat(points.fired()).isEmpty();
        assertThat(points.missing()).containsExactly("agent-service/before-commit", "after-commit");

        Files.writeString(
                Files.createDirectory(markers.resolve("agent-service")).resolve("before-commit"), "agent-service 42\n");

        assertThat(points.fired()).containsExactly(new Fired("agent-service/before-commit", "agent-service", 42));
        assertThat(points.missing()).containsExactly("after-commit");
    }

    @Test
    void whatWaitsForAnOrderIsNotWaitedFor() {
        Map<String, String> gathering =
                Map.of("OPSRELAY_FAILPOINTS", "before-commit=gather", "OPSRELAY_FAILPOINT_MARKERS", "markers");

        assertThat(Points.of(gathering)).isEmpty();
        assertThat(Points.of(Map.of())).isEmpty();
    }
}
