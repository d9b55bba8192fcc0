package io.opsrelay.gateway.vitals;

/** The metrics of this module. */
enum VitalsMetric {
    /** How long something took. */
    MILLIS(
            "opsrelay.page.millis",
            "milliseconds",
            "What browsers measured, by name (lcp, inp, fcp, ttfb, load, interactive, route) and route of the page"),
    /** How much a page moved. */
    SHIFT("opsrelay.page.shift", "", "Cumulative layout shift as browsers measured it, by route of the page"),
    /** How good that was. */
    RATED("opsrelay.page.rated", "measures", "Measures of browsers, by name, route and rating"),
    /** What was not counted. */
    REFUSED("opsrelay.page.refused", "reports", "Reports of pages that were refused, by reason: limited or invalid");

    private final String id;
    private final String unit;
    private final String meaning;

    VitalsMetric(String id, String unit, String meaning) {
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
