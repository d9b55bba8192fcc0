package io.opsrelay.ingestion.intake;

/** What is measured of intake. */
enum IntakeMetric {
    /** Lines of bulk requests, by {@code status}: accepted, repeated, refused. */
    BULK_LINES("opsrelay.intake.bulk.lines", "lines");

    private final String id;
    private final String unit;

    IntakeMetric(String id, String unit) {
        this.id = id;
        this.unit = unit;
    }

    /** Name in the registry. */
    String id() {
        return id;
    }

    /** What is counted. */
    String unit() {
        return unit;
    }
}
