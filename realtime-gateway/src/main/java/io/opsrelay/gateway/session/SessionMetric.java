package io.opsrelay.gateway.session;

/** The metrics of this module. */
enum SessionMetric {
    /** Cookies shown. */
    COOKIES(
            "opsrelay.sessions.cookies",
            "cookies",
            "Refresh cookies that were shown, by outcome: first, again (within the leeway), reused (after it: the"
                    + " sign-in was ended), ended (the sign-in had ended), expired, unreadable"),
    /** Whether Redis is away. */
    LOCAL(
            "opsrelay.sessions.local",
            "",
            "1 while this gateway knows of no cookies but those that it saw, because Redis does not answer, else 0");

    private final String id;
    private final String unit;
    private final String meaning;

    SessionMetric(String id, String unit, String meaning) {
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
