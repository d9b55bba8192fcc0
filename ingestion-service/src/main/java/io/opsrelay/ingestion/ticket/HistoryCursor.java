package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a ticket's timeline or messages begins: behind this one, in the order in which they happened.
 *
 * @param seq the ticket's version that brought it; of messages the time at which it was said, in microseconds
 * @param id of the message; of several at once, this is their order
 */
record HistoryCursor(long seq, UUID id) {

    /** Before everything. */
    static final HistoryCursor START = new HistoryCursor(0, new UUID(0, 0));

    /** Behind the whole of that version. */
    static HistoryCursor behind(long seq) {
        return new HistoryCursor(seq, new UUID(-1, -1));
    }

    /** Behind what was said then. */
    static HistoryCursor behind(Instant time, UUID id) {
        return new HistoryCursor(ChronoUnit.MICROS.between(Instant.EPOCH, time), id);
    }

    /** The time that {@link #behind(Instant, UUID)} was given. */
    Instant time() {
        return Instant.EPOCH.plus(seq, ChronoUnit.MICROS);
    }

    String encoded() {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((seq + "|" + id).getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads {@link #encoded()}.
     *
     * @return {@link #START} for null
     * @throws ProblemException 400 if it is not one of ours
     */
    static HistoryCursor decode(@Nullable String encoded) {
        if (encoded == null) {
            return START;
        }
        try {
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8).split("\\|", -1);
            if (parts.length == 2) {
                return new HistoryCursor(Long.parseLong(parts[0]), UUID.fromString(parts[1]));
            }
        } catch (IllegalArgumentException e) {
            // answered below
        }
        throw ProblemException.badRequest("cursor", "is not a cursor: take next_cursor of the page before");
    }
}
