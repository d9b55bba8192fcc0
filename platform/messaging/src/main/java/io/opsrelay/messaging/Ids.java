package io.opsrelay.messaging;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids that sort by the time they were made (UUID version 7, RFC 9562). Thread-safe. */
@FunctionalInterface
public interface Ids {

    /** A new id. */
    UUID next();

    /** Ids from that clock and the platform's secure randomness. */
    static Ids uuidV7(Clock clock) {
        return uuidV7(clock, new SecureRandom());
    }

    /** Ids from that clock and that randomness. */
    static Ids uuidV7(Clock clock, RandomGenerator random) {
        return () -> {
            long high = (clock.millis() << 16) | 0x7000L | (random.nextInt() & 0x0FFFL);
            long low = (random.nextLong() & 0x3FFFFFFFFFFFFFFFL) | 0x8000000000000000L;
            return new UUID(high, low);
        };
    }
}
