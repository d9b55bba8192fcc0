package io.opsrelay.action.execution;

import java.time.Duration;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How actions are worked.
 *
 * @param concurrency actions that this instance works at once
 * @param longConcurrency operations on deployments that this instance carries out at once; they may last minutes
 * @param lease how long the work of an instance that vanished waits for another one
 * @param reconcileFirst pause before a provider is asked about a lost answer; doubles each time
 * @param reconcileLongest the longest such pause
 * @param settleFirst pause before a provider is asked about what it took and has not ended; grows with the time waited
 * @param settleLongest the longest such pause
 */
@ConfigurationProperties("opsrelay.execution")
record ExecutionProperties(
        @DefaultValue("48") int concurrency,
        @DefaultValue("64") int longConcurrency,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("500ms") Duration reconcileFirst,
        @DefaultValue("30s") Duration reconcileLongest,
        @DefaultValue("5s") Duration settleFirst,
        @DefaultValue("1h") Duration settleLongest) {

    private static final Duration WAIT = Duration.ofMillis(100);
    private static final int MOST_WAITS = 20;

    ExecutionProperties {
        if (concurrency < 1 || longConcurrency < 1) {
            throw new IllegalArgumentException(
                    "opsrelay.execution: concurrency and long-concurrency must be at least 1");
        }
        if (Stream.of(lease, reconcileFirst, reconcileLongest, settleFirst, settleLongest)
                .anyMatch(duration -> !duration.isPositive())) {
            throw new IllegalArgumentException("opsrelay.execution: durations must be positive");
        }
    }

    /** The pause before the next question about an answer that has been missed for so long. */
    Duration reconcilePause(Duration since) {
        Duration pause = since.compareTo(reconcileFirst) < 0 ? reconcileFirst : since;
        return pause.compareTo(reconcileLongest) < 0 ? pause : reconcileLongest;
    }

    /** How soon an action looks again whether its target is free, with so many before it. */
    Duration waitPause(int ahead) {
        return WAIT.multipliedBy(Math.clamp(ahead, 1, MOST_WAITS));
    }

    /** The pause after having waited that long. */
    Duration settlePause(Duration waited) {
        if (waited.compareTo(settleFirst) < 0) {
            return settleFirst;
        }
        return waited.compareTo(settleLongest) < 0 ? waited : settleLongest;
    }
}
