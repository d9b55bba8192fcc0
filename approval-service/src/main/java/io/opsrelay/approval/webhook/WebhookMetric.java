package io.opsrelay.approval.webhook;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What this package counts and measures. */
enum WebhookMetric {
    /** Attempts by how they ended, with the time they took. Tag: outcome (delivered, retry, gave_up, gone). */
    ATTEMPTS("opsrelay.webhooks.attempts"),
    /** Deliveries that were not sent because their endpoint had been disabled. Tag: reason. */
    UNSENT("opsrelay.webhooks.unsent"),
    /** Endpoints that were disabled for what they answered. Tag: reason (gone, failing). */
    DISABLED("opsrelay.webhooks.disabled");

    private final String meterName;

    WebhookMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String tag, String value) {
        registry.counter(meterName, tag, value).increment();
    }

    /** Adds one and the time it took. */
    void time(MeterRegistry registry, String tag, String value, Duration took) {
        registry.timer(meterName, tag, value).record(took);
    }
}
