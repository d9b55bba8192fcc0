package io.opsrelay.action.execution;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How actions are worked.
 *
 * @param concurrency actions that this instance works at once
 * @param lease how long the work of an instance that vanished waits for another one
 * @param reconcileFirst pause before a provider is asked about a lost answer; doubles each time
 * @param reconcileLongest the longest such pause
 */
@ConfigurationProperties("opsrelay.execution")
record ExecutionProperties(
        @DefaultValue("16") int concurrency,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("500ms") Duration reconcileFirst,
        @DefaultValue("30s") Duration reconcileLongest) {

    private static final int MOST_DOUBLINGS = 20;

    ExecutionProperties {
        if (concurrency < 1) {
            throw new IllegalArgumentException("opsrelay.execution.concurrency must be at least 1, not " + concurrency);
        }
        if (!lease.isPositive() || !reconcileFirst.isPositive() || !reconcileLongest.isPositive()) {
            throw new IllegalArgumentException("opsrelay.execution: durations must be positive");
        }
    }

    /** The pause after that many tries, counted from 1. */
    Duration reconcilePause(int tries) {
        Duration pause = reconcileFirst.multipliedBy(1L << Math.min(Math.max(tries, 1) - 1, MOST_DOUBLINGS));
        return pause.compareTo(reconcileLongest) < 0 ? pause : reconcileLongest;
    }
}
