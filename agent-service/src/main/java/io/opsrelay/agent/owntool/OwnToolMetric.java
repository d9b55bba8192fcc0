package io.opsrelay.agent.owntool;

/** The metrics of this package. */
enum OwnToolMetric {
    /** Time of one call, by tool and outcome. */
    CALLS(
            "opsrelay.tools.calls",
            "seconds",
            "Time a client's own tool took, by tool and outcome (answer, declined, failed)");

    private final String id;
    private final String unit;
    private final String meaning;

    OwnToolMetric(String id, String unit, String meaning) {
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
