package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.RunningSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Services start from the caches that were made for them, and all together stay small. */
@RunningSystem
@Order(0)
class StartIT {

    /** More than a system needs that has just started, less than one whose limits are gone; MB. */
    private static final int MOST_MEMORY = 3_500;

    private final OpsRelay opsRelay;

    StartIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @Test
    void aCacheIsMadeForEachService() {
        assertThat(opsRelay.console()).contains("OpsRelay is ready").doesNotContain("no cache for");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ingestion-service", "agent-service", "approval-service", "action-engine", "realtime-gateway"})
    void aServiceRunsFromItsCacheAndTheJvmHasAcceptedIt(String service) throws IOException {
        runsFromItsCache(service);
    }

    @Test
    void kafkaDoesFromItsSecondStartOn() throws IOException {
        long first = opsRelay.kill("kafka");
        opsRelay.awaitRestarted("kafka", first);

        await().untilAsserted(() -> runsFromItsCache("kafka"));
    }

    private void runsFromItsCache(String service) throws IOException {
        Path process = Path.of("/proc", Long.toString(opsRelay.pidOf(service)));
        assumeTrue(Files.exists(process), "only Linux tells what a process has mapped");

        assertThat(Files.readString(process.resolve("cmdline"))).contains("-XX:AOTCache=");
        // A JVM that finds its cache to be of other classes, flags or of another JDK closes it and starts without a
        // word.
        assertThat(Files.readAllLines(process.resolve("maps")).stream()
                        .filter(mapping -> mapping.endsWith("/classes.aot")))
                .as("memory mapped from the cache of " + service)
                .isNotEmpty();
    }

    @Test
    void allProcessesTogetherStaySmall() {
        String status = opsRelay.command("status");

        Matcher together = Pattern.compile("(?m)^together +(\\d+) MB$").matcher(status);
        assertThat(together.find()).as(status).isTrue();
        assertThat(Integer.parseInt(together.group(1))).as(status).isBetween(1, MOST_MEMORY);
    }
}
