package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.benchmarks.faults.FaultRun;
import io.opsrelay.benchmarks.faults.Verdict;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.messaging.Failpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
    void everyFailpointFiresOnceUnderLoadAndNoPromiseIsBroken() throws InterruptedException {
        Path markers = opsRelay.home().resolve("run/failpoints");
        opsRelay.restartWith(Map.of(
                "OPSRELAY_FAILPOINTS",
                Arrays.stream(Failpoint.values())
                        .map(point -> point.wireName() + "=" + passageOf(point))
                        .collect(Collectors.joining(",")),
                "OPSRELAY_FAILPOINT_MARKERS",
                markers.toString()));

        // What was halted starts again before it counts on, which takes long on a slow machine.
        Verdict verdict = run(12).undisturbed(
                        Duration.ofSeconds(25), Duration.ofMinutes(3), () -> Arrays.stream(Failpoint.values())
                                .allMatch(point -> Files.exists(markers.resolve(point.wireName()))));

        verdict.figures().forEach(System.out::println);
        assertThat(verdict.violations()).isEmpty();
        assertThat(Failpoint.values()).allSatisfy(point -> assertThat(markers.resolve(point.wireName()))
                .isRegularFile());
    }

    /**
     * Late enough that work is under way, and early enough for a process that was halted at another point and counts anew;
     * the provider is called seldom.
     */
    private static int passageOf(Failpoint point) {
        return switch (point) {
            case BEFORE_COMMIT -> 25;
            case AFTER_COMMIT -> 30;
            case AFTER_SEND_BEFORE_MARK -> 30;
            case BEFORE_OFFSET_COMMIT -> 20;
            case BEFORE_PROVIDER_CALL -> 3;
            case AFTER_PROVIDER_CALL, BEFORE_INTENT -> 2;
            case AFTER_RECORD -> 1;
        };
    }

    private FaultRun run(long seed) {
        return new FaultRun(opsRelay.base(), opsRelay.home(), seed, RATE, DRAIN, System.out);
    }
}
