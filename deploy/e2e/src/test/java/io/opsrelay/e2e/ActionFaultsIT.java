package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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
 * own, as often as two minutes allow and at most thirty times.
 */
@Order(0)
class ActionFaultsIT {

    /** Far fewer than there is time for: how fast the machine is shall not decide. */
    private static final int FEWEST = 3;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
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
            assertThat(lines.stream().filter(line -> line.contains("killed after")))
                    .as("kills at named points in\n%s", String.join("\n", lines))
                    .hasSizeGreaterThanOrEqualTo(FEWEST);
        } finally {
            faults.descendants().forEach(ProcessHandle::destroyForcibly);
            faults.destroyForcibly();
            Files.delete(output);
        }
    }
}
