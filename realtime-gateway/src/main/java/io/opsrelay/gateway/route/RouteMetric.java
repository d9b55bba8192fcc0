package io.opsrelay.gateway.route;

/** The metrics of this module. */
enum RouteMetric {
    /** Times that an instance was found to give no answers. */
    BREAKER_OPENED(
            "opsrelay.routes.breaker.opened",
            "times",
            "Times that an instance gave no answers and was left alone for a while, by service"),
    /** Contents of the instances file that changed nothing. */
    INSTANCES_UNUSABLE(
            "opsrelay.routes.instances.unusable",
            "times",
            "Times that the instances file was missing or broken, and the last instances known were kept"),
    /** Requests that an instance was not asked for. */
    NOT_ASKED(
            "opsrelay.routes.not.asked",
            "requests",
            "Requests that were not sent to an instance because it was left alone, by service"),
    /** Requests that another instance was asked for. */
    PASSED_ON(
            "opsrelay.routes.passed.on",
            "requests",
            "Requests that went to another instance because the first could not be connected to, or was left alone, by service"),
    /** Reads that were sent twice. */
    REPEATED(
            "opsrelay.routes.repeated",
            "requests",
            "Reads that were sent once more because their connection broke, by service");

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
