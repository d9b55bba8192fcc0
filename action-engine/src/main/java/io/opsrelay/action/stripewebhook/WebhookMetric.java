package io.opsrelay.action.stripewebhook;

import io.micrometer.core.instrument.MeterRegistry;

/** What this service counts about Stripe's webhooks. */
enum WebhookMetric {
    /** Webhooks by what came of them. Tags: outcome. */
    RECEIVED("opsrelay.stripe.webhooks"),
    /** Refunds that failed after they had been told to be done: the customer has no money. Tags: outcome (failed). */
    FAILED_LATE("opsrelay.stripe.refunds.failed.late");

    private final String meterName;

    WebhookMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String outcome) {
        registry.counter(meterName, "outcome", outcome).increment();
    }
}
