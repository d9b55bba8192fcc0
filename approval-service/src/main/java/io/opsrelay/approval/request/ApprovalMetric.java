package io.opsrelay.approval.request;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about approvals. */
enum ApprovalMetric {
    /** Requests opened for people. Tag: rule; of clients' own policies it is {@code custom}. */
    REQUESTED("opsrelay.approvals.requested"),
    /** Requests settled by people, policy, time or withdrawal. Tag: status. */
    SETTLED("opsrelay.approvals.settled"),
    /** Decisions that were refused: already settled, expired, own request, stale, held. Tag: why. */
    REFUSED("opsrelay.approvals.refused"),
    /** What happened to pending requests. Tag: what (voted, claimed, released, reminded, escalated, ticket_changed). */
    CHANGED("opsrelay.approvals.changed"),
    /** Actions that an admin's break-glass let through. Tag: client. */
    BREAK_GLASS("opsrelay.approvals.break.glass");

    private final String meterName;

    ApprovalMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String tag, String value) {
        registry.counter(meterName, tag, value).increment();
    }
}
