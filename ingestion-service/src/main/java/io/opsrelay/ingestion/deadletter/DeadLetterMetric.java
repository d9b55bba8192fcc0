package io.opsrelay.ingestion.deadletter;

import io.micrometer.core.instrument.MeterRegistry;

/** What this package counts and measures. */
enum DeadLetterMetric {
    /** Letters that nobody has decided about, over all clients. Alert on it. */
    OPEN("opsrelay.dead.letters.open"),
    /** How long the oldest of them has waited; 0 without one. */
    OLDEST("opsrelay.dead.letters.oldest"),
    /** Letters that were published again, by topic. */
    REPLAYED("opsrelay.dead.letters.replayed");

    private final String id;

    DeadLetterMetric(String id) {
        this.id = id;
    }

    /** Name in the registry. */
    String id() {
        return id;
    }

    /** Adds to it. */
    void count(MeterRegistry meters, String topic) {
        meters.counter(id, "topic", topic).increment();
    }
}
