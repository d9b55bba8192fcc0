package io.opsrelay.approval.notification;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts. */
enum NotificationMetric {
    /** Notices taken in, whether or not somebody had asked for them. Tag: type. */
    NOTICES("opsrelay.notifications.notices");

    private final String meterName;

    NotificationMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String tag, String value) {
        registry.counter(meterName, tag, value).increment();
    }
}
