package io.opsrelay.gateway.limit;

import java.time.Duration;

/**
 * Whether one more request is within a limit.
 *
 * @param limit the bucket's size, which is also what flows into it in a second
 * @param remaining about how many more are within it now
 * @param reset for one that is: until the bucket is full again; else until it is worth trying again
 */
record Verdict(boolean allowed, int limit, long remaining, Duration reset) {

    static Verdict allowed(int limit, long remaining) {
        long left = Math.clamp(remaining, 0, limit);
        return new Verdict(true, limit, left, Duration.ofMillis((limit - left) * 1000 / limit));
    }

    static Verdict refused(int limit, Duration wait) {
        return new Verdict(false, limit, 0, wait);
    }

    /** As HTTP tells it. */
    long resetSeconds() {
        return Math.max(1, reset.plusMillis(999).toSeconds());
    }
}
