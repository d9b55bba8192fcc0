package io.opsrelay.ingestion.mailout;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What this package counts and measures. */
enum MailMetric {
    /**
     * Attempts to hand mails over by how they ended, with the time they took. Tags: provider (smtp, sendgrid, mailgun,
     * postmark), outcome (sent, retry, unknown, refused, gave_up).
     */
    ATTEMPTS("opsrelay.mailout.attempts"),
    /** Mails that were not sent. Tag: reason (blocked, suppressed, bad_address, no_sender). */
    UNSENT("opsrelay.mailout.unsent"),
    /** What was heard of mails that had been sent. Tag: event (delivered, bounced, delayed, complained, unknown_mail). */
    EVENTS("opsrelay.mailout.events");

    private final String meterName;

    MailMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    void count(MeterRegistry registry, String tag, String value) {
        registry.counter(meterName, tag, value).increment();
    }

    /** Adds one attempt and the time it took. */
    static void attempt(MeterRegistry registry, String provider, String outcome, Duration took) {
        registry.timer(ATTEMPTS.meterName, "provider", provider, "outcome", outcome)
                .record(took);
    }
}
