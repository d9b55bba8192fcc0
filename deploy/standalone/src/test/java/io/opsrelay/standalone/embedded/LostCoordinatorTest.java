package io.opsrelay.standalone.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LostCoordinatorTest {

    private static final String FAILED =
            "[GroupCoordinator id=1] Failed to load metadata from {} with epoch {} due to {}.";

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger ended = new AtomicInteger();
    private final Logger kafka =
            LoggerFactory.getLogger("org.apache.kafka.coordinator.common.runtime.CoordinatorRuntime");

    @Test
    void theBrokerEndsWhenItHasGivenUpOnItsConsumerGroups() {
        watch(false);

        kafka.error(FAILED, "__consumer_offsets-0", 2, "IllegalStateException");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ended).hasValue(1));
    }

    @Test
    void aLoadThatFailedButWasFollowedByOneThatDidNotDoesNotEndIt() {
        watch(true);

        kafka.error(FAILED, "__consumer_offsets-0", 2, "NotLeaderOrFollowerException");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(asked).hasValue(1));
        assertThat(ended).hasValue(0);
    }

    @Test
    void whatElseGoesWrongThereIsNotEvenAskedAbout() {
        watch(false);

        kafka.error("[GroupCoordinator id=1] Writing records to {} failed due to: {}.", "__consumer_offsets-0", "x");
        kafka.error(FAILED, "__consumer_offsets-0", 2, "IllegalStateException");

        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ended).hasValue(1));
        assertThat(asked).hasValue(1);
    }

    private void watch(boolean answers) {
        LostCoordinator.watch(
                () -> {
                    asked.incrementAndGet();
                    return answers;
                },
                ended::incrementAndGet);
    }
}
