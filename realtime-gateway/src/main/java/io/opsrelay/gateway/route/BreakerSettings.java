package io.opsrelay.gateway.route;

import java.time.Duration;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * When an instance that gives no answers is left alone for a while.
 *
 * @param window how many of the last calls are looked at
 * @param minimumCalls how many there have to be before anything is concluded from them
 * @param failureRate per cent of them without an answer at which the instance is left alone
 * @param openFor how long it is left alone before a few calls try it
 * @param trialCalls how many these are
 */
public record BreakerSettings(
        @DefaultValue("20") int window,
        @DefaultValue("5") int minimumCalls,
        @DefaultValue("50") int failureRate,
        @DefaultValue("1s") Duration openFor,
        @DefaultValue("10") int trialCalls) {

    public BreakerSettings {
        if (minimumCalls < 1 || window < minimumCalls) {
            throw new IllegalArgumentException("a breaker's minimum-calls must be from 1 to its window, not "
                    + minimumCalls + " with a window of " + window);
        }
        if (failureRate < 1 || failureRate > 100) {
            throw new IllegalArgumentException("a breaker's failure-rate is per cent, not " + failureRate);
        }
        if (openFor.toMillis() < 1) {
            throw new IllegalArgumentException("a breaker's open-for must be positive, not " + openFor);
        }
        if (trialCalls < 1) {
            throw new IllegalArgumentException("a breaker's trial-calls must be positive, not " + trialCalls);
        }
    }
}
