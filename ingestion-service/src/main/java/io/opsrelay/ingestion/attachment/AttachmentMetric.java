package io.opsrelay.ingestion.attachment;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts. */
enum AttachmentMetric {
    /** Files that came, by what became of them. Tag: outcome (stored, refused, cut, failed). */
    FILES("opsrelay.attachments.files"),
    /** Bytes of files that were stored. */
    BYTES("opsrelay.attachments.bytes"),
    /** Files that nobody attached in time and that were removed. */
    SWEPT("opsrelay.attachments.swept"),
    /** Files that the database knows and whose bytes are not there. More than none: look at the store. */
    LOST("opsrelay.attachments.lost");

    private final String meterName;

    AttachmentMetric(String meterName) {
        this.meterName = meterName;
    }

    /** Adds so many. */
    void add(MeterRegistry meters, double amount, String... tags) {
        meters.counter(meterName, tags).increment(amount);
    }
}
