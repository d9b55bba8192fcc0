package io.opsrelay.approval.request;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about approvals. */
enum ApprovalMetric {
    /** Requests opened for a person. Tag: rule. */
    REQUESTED("opsrelay.approvals.requested"),
    /** Requests settled by people, policy, time or withdrawal. Tag: status. */
    SETTLED("opsrelay.approvals.settled"),
    /** Decisions that were refused: already settled, expired, own request, stale. Tag: why. */
    REFUSED("opsrelay.approvals.refused");

    private final String meterName;

    ApprovalMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String tag, String value) {
        registry.counter(meterName, tag, value).increment();
    }
}
