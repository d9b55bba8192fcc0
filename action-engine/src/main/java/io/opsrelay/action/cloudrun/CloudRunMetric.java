package io.opsrelay.action.cloudrun;

import io.micrometer.core.instrument.MeterRegistry;

/** What is counted about Cloud Run. */
enum CloudRunMetric {
    /** Calls that ended. Tags: call, outcome (ok, or the code of its refusal; no_answer: none that tells). */
    CALLS("opsrelay.cloudrun.calls", "call", "outcome"),
    /** Rollouts that failed. Tags: operation, undone (true: what served before serves again). */
    FAILED("opsrelay.cloudrun.rollouts.failed", "operation", "undone");

    private final String meterName;
    private final String first;
    private final String second;

    CloudRunMetric(String meterName, String first, String second) {
        this.meterName = meterName;
        this.first = first;
        this.second = second;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String firstValue, String secondValue) {
        registry.counter(meterName, first, firstValue, second, secondValue).increment();
    }
}
