package io.opsrelay.standalone.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Whether one may knock: after a refusal not for a while, twice as long each time until somebody gets in. */
final class Door {

    static final Duration SHORTEST = Duration.ofMillis(500);
    static final Duration LONGEST = Duration.ofSeconds(10);
    /** An answer may ask for more, up to this. */
    static final Duration LONGEST_TOLD = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private Duration pause = SHORTEST;
    private long openAt;

    /** @param nanos the time, as {@link System#nanoTime} tells it */
    Door(LongSupplier nanos) {
        this.nanos = nanos;
        this.openAt = nanos.getAsLong();
    }

    /** How long the door stays shut; zero if it is open. */
    synchronized Duration shutFor() {
        return Duration.ofNanos(Math.max(0, openAt - nanos.getAsLong()));
    }

    /**
     * Shuts the door, unless it is shut.
     *
     * @param retryAfter what the answer says about it
     * @return whether it was open: what was sent before it was shut is the same trouble, not more of it
     */
    synchronized boolean refused(Optional<Duration> retryAfter) {
        if (!shutFor().isZero()) {
            return false;
        }
        Duration told = retryAfter.orElse(Duration.ZERO);
        Duration wait = told.compareTo(pause) > 0 ? shorter(told, LONGEST_TOLD) : pause;
        openAt = nanos.getAsLong() + wait.toNanos();
        pause = shorter(pause.multipliedBy(2), LONGEST);
        return true;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    synchronized void passed() {
        if (shutFor().isZero()) {
            pause = SHORTEST;
        }
    }
}
