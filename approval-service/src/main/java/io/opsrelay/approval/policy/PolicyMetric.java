package io.opsrelay.approval.policy;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about policies. */
enum PolicyMetric {
    /** Actions that policy was asked about. Tag: decision (allow, approve, deny). */
    VERDICTS("opsrelay.policy.verdicts", "decision"),
    /** New versions of policies. Tag: client. */
    CHANGED("opsrelay.policy.changed", "client");

    private final String meterName;
    private final String tag;

    PolicyMetric(String meterName, String tag) {
        this.meterName = meterName;
        this.tag = tag;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String value) {
        registry.counter(meterName, tag, value).increment();
    }
}
