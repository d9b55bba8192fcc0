package io.opsrelay.ingestion.stats;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** For how long a stored count counts. Each count is kept in all grains. */
enum Grain {
    /** Kept for days. */
    MINUTE,
    /** A quarter of an hour: every time zone's days and hours are made of these. Kept for some months. */
    QUARTER,
    /** A day of UTC. Kept for ever. */
    DAY,
    /** Everything there ever was. */
    TOTAL;

    /** The name in the database. */
    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Begin of the span that {@code at} lies in. */
    Instant startOf(Instant at) {
        return switch (this) {
            case MINUTE -> at.truncatedTo(ChronoUnit.MINUTES);
            case QUARTER ->
                Instant.ofEpochSecond(Math.floorDiv(at.getEpochSecond(), quarterSeconds()) * quarterSeconds());
            case DAY -> at.truncatedTo(ChronoUnit.DAYS);
            case TOTAL -> Instant.EPOCH;
        };
    }

    private static long quarterSeconds() {
        return Duration.ofMinutes(15).toSeconds();
    }
}
