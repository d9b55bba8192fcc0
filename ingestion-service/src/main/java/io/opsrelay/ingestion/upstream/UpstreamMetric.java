package io.opsrelay.ingestion.upstream;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts, each by source; records of sources that nobody knows count under {@code unknown}. */
enum UpstreamMetric {
    /** Tickets that were stored. */
    STORED("opsrelay.upstream.stored"),
    /** Records whose ticket was there already. */
    REPEATED("opsrelay.upstream.repeated"),
    /** Records that were set aside. */
    REFUSED("opsrelay.upstream.refused"),
    /** Records of a type that the source's configuration does not name. */
    SKIPPED("opsrelay.upstream.skipped"),
    /** Statuses of tickets that were set. */
    STATUS_SET("opsrelay.upstream.status.set"),
    /** Statuses that changed nothing: known before, older than what was set, or without a meaning here. */
    STATUS_PASSED("opsrelay.upstream.status.passed");

    private final String id;

    UpstreamMetric(String id) {
        this.id = id;
    }

    /** Name in the registry. */
    String id() {
        return id;
    }

    /** Adds to it. */
    void add(MeterRegistry meters, String source, int count) {
        meters.counter(id, "source", source).increment(count);
    }
}
