package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Points;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.standalone.process.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The short form of {@code ./opsrelay bench faults}: under load every part dies once, and every promise holds. */
@RunningSystem
@Order(110)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FaultsIT {

    private static final double RATE = 5;
    private static final Duration DRAIN = Duration.ofMinutes(3);

    private final OpsRelay opsRelay;

    FaultsIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    @Test
    @Order(1)
    void everyPartIsKilledUnderLoadAndNoPromiseIsBroken() throws InterruptedException {
        Verdict verdict = run(11).once(Duration.ofSeconds(5));

        verdict.figures().forEach(System.out::println);
        assertThat(verdict.violations()).isEmpty();
    }

    @Test
    @Order(2)
    void everyServiceDiesAtEachOfItsFailpointsUnderLoadAndNoPromiseIsBroken() throws InterruptedException, IOException {
        Path markers = opsRelay.home().resolve("run/failpoints");
        FileTree.delete(markers); // of an earlier run: whoever finds one does not halt
        Points points = Points.ofEveryService(markers);
        opsRelay.restartWith(points.environment());

        // What was halted starts again before it counts on, which takes long on a slow machine.
        Verdict verdict = run(12).undisturbed(Duration.ofSeconds(25), Duration.ofMinutes(8), () -> points.missing()
                .isEmpty());

        verdict.figures().forEach(System.out::println);
        points.fired().forEach(System.out::println);
        assertThat(verdict.violations()).isEmpty();
        assertThat(points.missing()).as("failpoints at which nobody ended").isEmpty();
        // Four services at the general four, and action-engine at four around the call of a provider.
        assertThat(points.fired())
                .extracting(fired -> fired.process() + " " + fired.pid())
                .as("each another death")
                .hasSize(20)
                .doesNotHaveDuplicates();
        assertThat(points.fired()).allSatisfy(fired -> {
            assertThat(fired.name()).startsWith(fired.process() + "/");
            assertThat(logOf(fired.process())).contains("failpoint " + fired.name() + ": this process halts here");
        });
    }

    /** Its log and what was moved out of it; who is halted in the middle of a character leaves no sound text. */
    private String logOf(String process) {
        StringBuilder text = new StringBuilder();
        try (DirectoryStream<Path> logs =
                Files.newDirectoryStream(opsRelay.home().resolve("logs"), process + ".log*")) {
            for (Path log : logs) {
                text.append(Files.readString(log, StandardCharsets.ISO_8859_1));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private FaultRun run(long seed) {
        return new FaultRun(opsRelay.base(), opsRelay.home(), seed, RATE, DRAIN, System.out);
    }
}
