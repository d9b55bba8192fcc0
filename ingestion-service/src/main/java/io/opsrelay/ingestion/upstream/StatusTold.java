package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.Headers;
import io.opsrelay.ingestion.ticket.TicketStatus;
import io.opsrelay.messaging.RawRecord;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A status that a record tells of.
 *
 * @param wanted what it sets here; null if nothing
 * @param at when it was set there; of two the later one counts
 */
record StatusTold(@Nullable TicketStatus wanted, Instant at) {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");
    private static final Pattern MILLIS = Pattern.compile("[0-9]{11,14}");
    /** Of one that nobody knows the time of: it gives way to every other. */
    private static final Instant UNTIMED = Instant.EPOCH;
    /** Clocks differ; but one time far ahead would shut out all that are right. */
    private static final Duration MOST_AHEAD = Duration.ofDays(1);

    /** Whether it was certainly set before that moment. */
    boolean isBefore(Instant moment) {
        return !at.equals(UNTIMED) && at.isBefore(moment);
    }

    /**
     * Null if the record tells of none.
     *
     * @throws UnusableException if it does, and nobody knows what it means or when it was
     */
    static @Nullable StatusTold of(Mapping mapping, Content content, RawRecord rawRecord) {
        String theirs = mapping.text(content.data(), Mapping.STATUS);
        if (theirs == null || theirs.isBlank()) {
            return null;
        }
        TicketStatus wanted = mapping.status(theirs).orElse(null);
        return new StatusTold(wanted, timeOf(mapping, content, rawRecord).truncatedTo(ChronoUnit.MICROS));
    }

    /** The source's own word goes before the event's time, and that before the record's. */
    private static Instant timeOf(Mapping mapping, Content content, RawRecord rawRecord) {
        String stated = mapping.text(content.data(), Mapping.STATUS_AT);
        if (stated != null && !stated.isBlank()) {
            return parsed("status-at", stated.strip(), rawRecord);
        }
        String ofEvent = content.time();
        if (ofEvent != null) {
            return parsed("the event's time", ofEvent.strip(), rawRecord);
        }
        // A replayed record was written anew: its time says nothing. It gives way to whatever was applied.
        return rawRecord.header(Headers.REPLAY_OF) == null ? rawRecord.time() : UNTIMED;
    }

    private static Instant parsed(String what, String text, RawRecord rawRecord) {
        Instant at;
        try {
            at = SECONDS.matcher(text).matches()
                    ? Instant.ofEpochSecond(Long.parseLong(text))
                    : MILLIS.matcher(text).matches()
                            ? Instant.ofEpochMilli(Long.parseLong(text))
                            : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new UnusableException(what + " is no time: " + UnusableException.clip(text));
        }
        if (at.isBefore(Instant.EPOCH) || at.isAfter(rawRecord.time().plus(MOST_AHEAD))) {
            throw new UnusableException(what + " cannot be: " + UnusableException.clip(text));
        }
        return at;
    }
}
