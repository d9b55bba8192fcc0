package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.messaging.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code ./opsrelay bench faults --actions}: the engine is halted at named points, with stores of its
 * own: once at each point, and then on, as often as two minutes allow and at most thirty times.
 */
@Order(0)
class ActionFaultsIT {

    @Test
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void whateverTheEngineIsDoingWhenItDiesEachApprovedActionIsDoneOnce() throws IOException, InterruptedException {
        Path checkout = Path.of(System.getProperty("opsrelay.checkout", "../.."))
                .toAbsolutePath()
                .normalize();
        Path programs = checkout.resolve("deploy/benchmarks/target");
        Path output = Files.createTempFile("action-faults", ".txt");
        Process faults = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        programs.resolve("benchmarks-1.0.0-SNAPSHOT.jar") + ":" + programs.resolve("lib") + "/*",
                        "-Dopsrelay.checkout=" + checkout,
                        "io.opsrelay.benchmarks.Main",
                        "faults",
                        "--actions",
                        "--kills",
                        "30",
                        "--seconds",
                        "120",
                        "--drain",
                        "180",
                        "--seed",
                        "21")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            int exit = faults.waitFor();
            List<String> lines = Files.readAllLines(output);

            assertThat(exit).as(String.join("\n", lines)).isZero();
            assertThat(lines).contains("no violations");
            assertThat(Failpoint.values()).allSatisfy(point -> assertThat(lines)
                    .as("a kill at %s", point.wireName())
                    .anyMatch(line -> line.contains(" " + point.wireName() + "=") && line.contains("killed after")));
        } finally {
            faults.descendants().forEach(ProcessHandle::destroyForcibly);
            faults.destroyForcibly();
            Files.delete(output);
        }
    }
}
