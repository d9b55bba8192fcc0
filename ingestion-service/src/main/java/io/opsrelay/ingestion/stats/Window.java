package io.opsrelay.ingestion.stats;

import io.opsrelay.security.web.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A span of time in buckets of a time zone.
 *
 * @param from begin of the first bucket
 * @param to end of the last one
 */
record Window(Bucket bucket, ZoneId zone, Instant from, Instant to) {

    private static final Duration LONGEST_DAYS_OF_ZONE = Duration.ofDays(93);
    private static final int FIRST_YEAR = 2000;
    private static final int LAST_YEAR = 2200;

    /** How finely numbers are shown. */
    enum Bucket {
        MINUTE(Duration.ofHours(1), Duration.ofDays(1), ChronoUnit.MINUTES),
        HOUR(Duration.ofDays(1), Duration.ofDays(31), ChronoUnit.HOURS),
        DAY(Duration.ofDays(30), Duration.ofDays(367), ChronoUnit.DAYS);

        private final Duration usual;
        private final Duration longest;
        private final ChronoUnit unit;

        Bucket(Duration usual, Duration longest, ChronoUnit unit) {
            this.usual = usual;
            this.longest = longest;
            this.unit = unit;
        }

        /** The name in the API. */
        String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        private static Bucket of(@Nullable String name) {
            for (Bucket bucket : values()) {
                if (bucket.wireName().equals(name == null ? "hour" : name)) {
                    return bucket;
                }
            }
            throw ProblemException.badRequest("bucket", "must be minute, hour or day");
        }
    }

    /**
     * As somebody asks for it; widened to whole buckets.
     *
     * @param from ISO 8601 with an offset; absent: as much before {@code to} as is usual for the bucket
     * @param to the same; absent: now
     * @throws ProblemException 400 with what is wrong with which parameter
     */
    static Window of(
            @Nullable String from,
            @Nullable String to,
            @Nullable String bucketName,
            @Nullable String zoneName,
            Instant now) {
        Bucket bucket = Bucket.of(bucketName);
        ZoneId zone = zoneOf(zoneName);
        Instant end = to == null ? now : instant("to", to);
        Instant begin = from == null ? end.minus(bucket.usual) : instant("from", from);
        if (!begin.isBefore(end)) {
            throw ProblemException.badRequest("from", "must be before to, which is " + end);
        }
        boolean daysOfZone = bucket == Bucket.DAY && !isUtc(zone);
        Duration longest = daysOfZone ? LONGEST_DAYS_OF_ZONE : bucket.longest;
        if (Duration.between(begin, end).compareTo(longest) > 0) {
            throw ProblemException.badRequest(
                    "from",
                    "must be at most %d days before to, for buckets of a %s%s"
                            .formatted(longest.toDays(), bucket.wireName(), daysOfZone ? " outside of UTC" : ""));
        }
        Instant first = floor(bucket, zone, begin).toInstant();
        ZonedDateTime last = floor(bucket, zone, end);
        return new Window(
                bucket,
                zone,
                first,
                last.toInstant().equals(end) ? end : next(bucket, last).toInstant());
    }

    /** The last {@code days} days of the zone, today among them. */
    static Window lastDays(int days, @Nullable String zoneName, Instant now) {
        ZoneId zone = zoneOf(zoneName);
        long longest = isUtc(zone) ? 366 : LONGEST_DAYS_OF_ZONE.toDays() - 1;
        if (days < 1 || days > longest) {
            throw ProblemException.badRequest(
                    "days", "must be 1 to " + longest + (isUtc(zone) ? "" : " outside of UTC"));
        }
        ZonedDateTime today = floor(Bucket.DAY, zone, now);
        return new Window(
                Bucket.DAY,
                zone,
                today.toLocalDate().minusDays(days - 1L).atStartOfDay(zone).toInstant(),
                next(Bucket.DAY, today).toInstant());
    }

    /** Begins of all buckets. */
    NavigableSet<Instant> starts() {
        NavigableSet<Instant> starts = new TreeSet<>();
        for (ZonedDateTime at = from.atZone(zone); at.toInstant().isBefore(to); at = next(bucket, at)) {
            starts.add(at.toInstant());
        }
        return starts;
    }

    /** Whether the days are those of UTC. */
    boolean isUtc() {
        return isUtc(zone);
    }

    private static boolean isUtc(ZoneId zone) {
        return zone.getRules().equals(ZoneOffset.UTC.getRules());
    }

    private static ZonedDateTime floor(Bucket bucket, ZoneId zone, Instant at) {
        ZonedDateTime local = at.atZone(zone);
        return bucket == Bucket.DAY ? local.toLocalDate().atStartOfDay(zone) : local.truncatedTo(bucket.unit);
    }

    private static ZonedDateTime next(Bucket bucket, ZonedDateTime at) {
        return bucket == Bucket.DAY ? at.toLocalDate().plusDays(1).atStartOfDay(at.getZone()) : at.plus(1, bucket.unit);
    }

    private static ZoneId zoneOf(@Nullable String name) {
        if (name == null) {
            return ZoneOffset.UTC;
        }
        if (!ZoneId.getAvailableZoneIds().contains(name)) {
            throw ProblemException.badRequest("zone", "must be a time zone such as UTC or Europe/Berlin");
        }
        return ZoneId.of(name);
    }

    private static Instant instant(String field, String value) {
        try {
            OffsetDateTime time = OffsetDateTime.parse(value);
            if (time.getYear() < FIRST_YEAR || time.getYear() > LAST_YEAR) {
                throw ProblemException.badRequest(
                        field, "must lie between the years %d and %d".formatted(FIRST_YEAR, LAST_YEAR));
            }
            return time.toInstant();
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(field, "must be a time such as 2026-11-20T10:00:00Z");
        }
    }
}
