package io.opsrelay.ingestion.email;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts. */
public enum MailMetric {
    /** Mails by channel kind and what became of them. Tags: kind, outcome (opened, continued, filed, repeated). */
    TAKEN("opsrelay.mail.taken"),
    /** Mails that nobody works on. Tags: kind, outcome (the reason). */
    FILED("opsrelay.mail.filed"),
    /**
     * Requests at the doors whose signature was wrong, missing or too old, or that came when too many bytes of such were
     * there. Tags: kind, outcome (refused, no_room).
     */
    REFUSED("opsrelay.mail.refused"),
    /** Polls of mailboxes. Tags: kind, outcome (read, failed). */
    POLLS("opsrelay.mail.polls");

    private final String meterName;

    MailMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds one. */
    public void count(MeterRegistry registry, String kind, String outcome) {
        registry.counter(meterName, "kind", kind, "outcome", outcome).increment();
    }
}
