package io.opsrelay.action.remote;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about systems of clients. */
enum RemoteMetric {
    /** Calls that were to do something. Tags: system, outcome (done, accepted, refused, busy, unknown). */
    CALLS("opsrelay.actions.remote.calls"),
    /** Questions about what became of a call. Tags: system, outcome (done, accepted, refused, nothing, too_early, unknown). */
    QUESTIONS("opsrelay.actions.remote.questions");

    private final String meterName;

    RemoteMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String system, String outcome) {
        registry.counter(meterName, "system", system, "outcome", outcome).increment();
    }
}
