package io.opsrelay.gateway.issuer;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Slows down guessing: so many failures of one user from one address, and so many of one address, within a window that
 * begins with the first. Nobody can lock out a user who signs in from elsewhere. Memory is bounded; who guesses for many
 * users is met by the limit of the address, which stays fresh. Thread-safe.
 */
final class FailedSignIns {

    private static final int REMEMBERED = 10_000;

    private final int perUser;
    private final int perAddress;
    private final Duration window;
    private final Clock clock;
    private final Map<String, Failures> failures = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Failures> eldest) {
            return size() > REMEMBERED;
        }
    };

    FailedSignIns(int perUser, int perAddress, Duration window, Clock clock) {
        this.perUser = perUser;
        this.perAddress = perAddress;
        this.window = window;
        this.clock = clock;
    }

    /** How long this user at this address has to wait; empty if they may try. */
    synchronized Optional<Duration> waitOf(String username, String address) {
        Duration user = remaining(userKey(username, address), perUser);
        Duration all = remaining(address, perAddress);
        Duration longer = user.compareTo(all) > 0 ? user : all;
        return longer.isZero() ? Optional.empty() : Optional.of(longer);
    }

    /** Counts a try; taken back by {@link #succeeded}. Counting first leaves no gap for many at once. */
    synchronized void tried(String username, String address) {
        count(userKey(username, address));
        count(address);
    }

    /** The password was right: the user's own failures are forgotten, and the address's last one. */
    synchronized void succeeded(String username, String address) {
        failures.remove(userKey(username, address));
        failures.computeIfPresent(
                address, (key, failed) -> new Failures(failed.since(), Math.max(0, failed.count() - 1)));
    }

    private Duration remaining(String key, int limit) {
        Failures failed = failures.get(key);
        if (failed == null || failed.count() < limit) {
            return Duration.ZERO;
        }
        Duration left = Duration.between(clock.instant(), failed.since().plus(window));
        if (left.isNegative() || left.isZero()) {
            failures.remove(key);
            return Duration.ZERO;
        }
        return left;
    }

    private void count(String key) {
        Instant now = clock.instant();
        failures.compute(
                key,
                (same, failed) -> failed == null || !failed.since().plus(window).isAfter(now)
                        ? new Failures(now, 1)
                        : new Failures(failed.since(), failed.count() + 1));
    }

    private static String userKey(String username, String address) {
        return address + " " + username;
    }

    private record Failures(Instant since, int count) {}
}
