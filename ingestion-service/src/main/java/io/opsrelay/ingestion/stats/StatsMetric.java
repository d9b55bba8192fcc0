package io.opsrelay.ingestion.stats;

/** What is measured of the counting. */
enum StatsMetric {
    /** Steps of tickets that were added to the numbers. */
    COUNTED("opsrelay.numbers.counted", "steps"),
    /** Age of the oldest step that no number holds yet; grows while the counting fails. */
    WAITING("opsrelay.numbers.waiting", "seconds"),
    /** Rounds of the counting that failed; nothing is lost by them. */
    FAILED("opsrelay.numbers.failed", "rounds");

    private final String id;
    private final String unit;

    StatsMetric(String id, String unit) {
        this.id = id;
        this.unit = unit;
    }

    /** Name in the registry. */
    String id() {
        return id;
    }

    /** What is counted or measured. */
    String unit() {
        return unit;
    }
}
