package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The short form of {@code ./opsrelay bench gateways}: two gateways with stores of their own, each fault once, and no
 * client loses anything. First of all, since it needs no system beside it.
 */
@Order(0)
class GatewaysIT {

    private static final long MINUTES = 8;

    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void gatewaysAreKilledStoppedAndDrainedAndNoneOfTheirClientsLosesAnything() throws Exception {
        Path checkout = Path.of(System.getProperty("opsrelay.checkout", "../.."))
                .toAbsolutePath()
                .normalize();
        Path target = checkout.resolve("deploy/benchmarks/target");
        Path told = checkout.resolve("deploy/e2e/target/gateways.txt");

        // Not the script, which would build: a build is what this runs in.
        Process run = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        target.resolve("benchmarks-1.0.0-SNAPSHOT.jar") + ":" + target.resolve("lib") + "/*",
                        "-Dopsrelay.checkout=" + checkout,
                        "io.opsrelay.benchmarks.Main",
                        "gateways",
                        "--seconds=25",
                        "--seed=21",
                        "--dashboards=24",
                        "--rate=100"))
                .redirectErrorStream(true)
                .redirectOutput(told.toFile())
                .start();
        try {
            assertThat(run.waitFor(MINUTES, TimeUnit.MINUTES))
                    .as("it came to its end: " + read(told))
                    .isTrue();
        } finally {
            run.destroy(); // what it started ends with it
        }

        System.out.println(read(told));
        assertThat(run.exitValue()).as(read(told)).isZero();
    }

    private static String read(Path told) throws IOException {
        return Files.readString(told, StandardCharsets.UTF_8);
    }
}
