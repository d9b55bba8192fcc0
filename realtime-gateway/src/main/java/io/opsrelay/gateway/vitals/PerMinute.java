package io.opsrelay.gateway.vitals;

import java.time.Clock;
import java.util.HashMap;
import java.util.Map;

/** Counts within the running minute; all is forgotten when it ends, so memory is bounded by what is allowed. Thread-safe. */
final class PerMinute {

    private static final int MOST_KEYS = 10_000;

    private final int limit;
    private final Clock clock;
    private final Map<String, Integer> counts = new HashMap<>();
    private long minute;

    PerMinute(int limit, Clock clock) {
        this.limit = limit;
        this.clock = clock;
    }

    /** Whether there is one more for the key, which counts it. */
    synchronized boolean allows(String key) {
        long now = clock.instant().getEpochSecond() / 60;
        if (now != minute) {
            minute = now;
            counts.clear();
        }
        if (!counts.containsKey(key) && counts.size() >= MOST_KEYS) {
            return false;
        }
        return counts.merge(key, 1, Integer::sum) <= limit;
    }

    /** Until the minute ends. */
    long secondsLeft() {
        return 60 - clock.instant().getEpochSecond() % 60;
    }
}
