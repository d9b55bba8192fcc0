package io.opsrelay.approval.mail;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts. */
enum MailMetric {
    /** Attempts by how they ended. Tag: outcome (sent, retry, refused, gave_up). */
    ATTEMPTS("opsrelay.mail.attempts", "outcome"),
    /** Notices that somebody had asked for and that were not sent. Tag: reason (off, no_recipient). */
    DROPPED("opsrelay.mail.dropped", "reason");

    private final String meterName;
    private final String tag;

    MailMetric(String meterName, String tag) {
        this.meterName = meterName;
        this.tag = tag;
    }

    /** Adds some. */
    void count(MeterRegistry registry, String value, int howMany) {
        registry.counter(meterName, tag, value).increment(howMany);
    }
}
