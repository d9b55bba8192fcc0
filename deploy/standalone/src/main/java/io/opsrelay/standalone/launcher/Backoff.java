package io.opsrelay.standalone.launcher;

import java.time.Duration;

/** How long to wait before starting again what has ended: not at all, or half a second, doubling to half a minute. */
final class Backoff {

    static final Duration SHORTEST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(30);
    /**
     * What served this long was ended from outside or met something rare: waiting would only lengthen the outage. What
     * cannot live ends sooner.
     */
    static final Duration STABLE = Duration.ofSeconds(10);

    private Duration next = SHORTEST;

    /** @param ran how long the process that has just ended had served */
    Duration after(Duration ran) {
        if (ran.compareTo(STABLE) >= 0) {
            next = SHORTEST;
            return Duration.ZERO;
        }
        Duration pause = next;
        Duration doubled = next.multipliedBy(2);
        next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
        return pause;
    }
}
