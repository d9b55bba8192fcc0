package io.opsrelay.security.audit;

/** What is measured of the audit log. */
enum AuditMetric {
    /** Entries that were sealed into their client's chain. */
    SEALED("opsrelay.audit.sealed", "entries"),
    /** Age of the oldest committed entry that is not sealed yet; grows while the sealer fails. */
    WAITING("opsrelay.audit.waiting", "seconds"),
    /** Rounds of the sealer that failed; nothing is lost by them. */
    FAILED("opsrelay.audit.seal.failed", "rounds");

    private final String id;
    private final String unit;

    AuditMetric(String id, String unit) {
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
