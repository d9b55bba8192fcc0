package io.opsrelay.messaging;

import io.opsrelay.contracts.Topics;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes ids that sort by the time they were made (UUID version 7, RFC 9562). Thread-safe. */
@FunctionalInterface
public interface Ids {

    /** A new id. */
    UUID next();

    /**
     * A new id for a ticket that comes together with many others, by which its events take their own way to the services
     * ({@link Topics#TICKET_BULK}). It sorts among the others.
     */
    default UUID nextOfMany() {
        UUID id = next();
        return new UUID(
                (id.getMostSignificantBits() & ~0xF000L) | ((long) Topics.BULK_ID_VERSION << 12),
                id.getLeastSignificantBits());
    }

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
