package io.opsrelay.gateway.route;

/** The metrics of this module. */
enum RouteMetric {
    /** Contents of the instances file that changed nothing. */
    INSTANCES_UNUSABLE(
            "opsrelay.routes.instances.unusable",
            "times",
            "Times that the instances file was missing or broken, and the last instances known were kept"),
    /** Requests that another instance was asked for. */
    PASSED_ON(
            "opsrelay.routes.passed.on",
            "requests",
            "Requests that went to another instance because the first could not be connected to, by service");

    private final String id;
    private final String unit;
    private final String meaning;

    RouteMetric(String id, String unit, String meaning) {
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
