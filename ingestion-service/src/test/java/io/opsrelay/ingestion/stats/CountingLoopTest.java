package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** Whose turn it is to be counted. */
class CountingLoopTest {

    private static final StatsProperties PROPERTIES = new StatsProperties(
            Duration.ofMillis(10),
            5,
            Duration.ZERO,
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofDays(8),
            Duration.ofDays(100));

    private final Map<String, Integer> turns = new ConcurrentHashMap<>();

    @Test
    void aClientWhoseStepsNeverEndHoldsNoOtherBack() {
        CountingLoop loop = loop(client -> client.equals("endless") ? 5 : 1);
        try {
            loop.start();

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(turns.getOrDefault("small", 0))
                    .isGreaterThan(2));
            assertThat(turns.get("endless")).isGreaterThan(1);
        } finally {
            loop.stop();
        }
    }

    @Test
    void norDoesOneOfWhichTheCountingFails() {
        CountingLoop loop = loop(client -> {
            if (client.equals("endless")) {
                throw new IllegalStateException("a fault");
            }
            return 1;
        });
        try {
            loop.start();

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> assertThat(turns.getOrDefault("small", 0))
                    .isGreaterThan(1));
        } finally {
            loop.stop();
        }
    }

    /** Over two clients; the endless one is always first. */
    private CountingLoop loop(java.util.function.ToIntFunction<String> counted) {
        Counting counting = new Counting(null, null, null, null, PROPERTIES, Clock.systemUTC()) {
            @Override
            List<String> clientsWithWork() {
                return List.of("endless", "small");
            }

            @Override
            int countSome(String clientId) {
                turns.merge(clientId, 1, Integer::sum);
                return counted.applyAsInt(clientId);
            }
        };
        StepStore steps = new StepStore(null) {
            @Override
            double waitingSeconds() {
                return 0;
            }
        };
        return new CountingLoop(counting, steps, PROPERTIES, new SimpleMeterRegistry());
    }
}
