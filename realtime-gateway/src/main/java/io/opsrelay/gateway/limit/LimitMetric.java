package io.opsrelay.gateway.limit;

/** The metrics of this module. */
enum LimitMetric {
    /** Requests over a limit. */
    REFUSED("opsrelay.limit.refused", "requests", "Requests answered 429, by whose limit it was: client or user"),
    /** Whether Redis is away. */
    LOCAL("opsrelay.limit.local", "", "1 while this gateway counts for itself because Redis does not answer, else 0");

    private final String id;
    private final String unit;
    private final String meaning;

    LimitMetric(String id, String unit, String meaning) {
        this.id = id;
        this.unit = unit;
        this.meaning = meaning;
    }

    String id() {
        return id;
    }

    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }
}
