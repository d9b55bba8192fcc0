package io.opsrelay.benchmarks;

import java.time.Duration;

/**
 * When each request is due: evenly spaced, whatever became of the ones before. Latency is counted from here, so that
 * a stall is seen by every request that it made wait and not only by the one that hit it.
 *
 * @param rate requests a second
 * @param warmUp how long requests are sent without being counted
 * @param measured how long requests are sent and counted
 */
record Schedule(double rate, Duration warmUp, Duration measured) {

    Schedule {
        if (!(rate > 0)) {
            throw new IllegalArgumentException("rate must be greater than zero, not " + rate);
        }
        if (warmUp.isNegative() || measured.isNegative()) {
            throw new IllegalArgumentException("durations must not be negative");
        }
    }

    /** All requests, those of the warm-up included. */
    int size() {
        return warmUpSize() + (int) Math.round(rate * measured.toNanos() / 1e9);
    }

    private int warmUpSize() {
        return (int) Math.round(rate * warmUp.toNanos() / 1e9);
    }

    /** Whether the request counts. */
    boolean isMeasured(int index) {
        return index >= warmUpSize();
    }

    /** Nanoseconds after the start at which the request is due. Computed from the index: rounding does not add up. */
    long dueNanos(int index) {
        return Math.round(index * 1e9 / rate);
    }
}
