package io.opsrelay.ingestion.deadletter;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How dead letters are kept.
 *
 * @param keepSettled how long those are kept that were replayed or discarded
 * @param keepOpen how long those are kept that nobody decides about
 * @param lookEvery how often is counted how many are open
 */
@ConfigurationProperties("opsrelay.dead-letters")
record DeadLetterProperties(
        @DefaultValue("30d") Duration keepSettled,
        @DefaultValue("180d") Duration keepOpen,
        @DefaultValue("15s") Duration lookEvery) {

    DeadLetterProperties {
        if (!keepSettled.isPositive() || !keepOpen.isPositive() || !lookEvery.isPositive()) {
            throw new IllegalArgumentException("opsrelay.dead-letters: durations must be positive");
        }
    }
}
