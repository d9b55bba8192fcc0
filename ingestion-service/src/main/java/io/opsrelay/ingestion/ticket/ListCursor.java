package io.opsrelay.ingestion.ticket;

import io.opsrelay.security.web.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of a list begins: behind this row. Good for the list that it came from only, since in another order, or
 * with another filter, it would skip tickets without anybody seeing it.
 *
 * @param value of the column that the list is sorted by, as SQL takes it; where that is one of few values, of the time
 *     of creation
 * @param group that one of few values; null where tickets have none
 */
record ListCursor(Object value, UUID id, @Nullable String group) {

    private static final int PARTS = 5;

    /** How a value is written, so that it differs from none. */
    private static final String SOME = "=";

    static String encode(TicketSort sort, TicketFilter filter, ListCursor cursor) {
        String group = cursor.group() == null
                ? ""
                : SOME
                        + Base64.getUrlEncoder()
                                .withoutPadding()
                                .encodeToString(cursor.group().getBytes(StandardCharsets.UTF_8));
        String text = String.join(
                "|",
                sort.name(),
                filter.fingerprint(),
                cursor.value().toString(),
                cursor.id().toString(),
                group);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads what {@link #encode} wrote.
     *
     * @return null for null
     * @throws ProblemException 400 if it is no cursor, or one of another list
     */
    static @Nullable ListCursor decode(@Nullable String encoded, TicketSort sort, TicketFilter filter) {
        if (encoded == null) {
            return null;
        }
        try {
            String[] parts =
                    new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8).split("\\|", -1);
            if (parts.length != PARTS) {
                throw new IllegalArgumentException("parts: " + parts.length);
            }
            if (!parts[0].equals(sort.name()) || !parts[1].equals(filter.fingerprint())) {
                throw ProblemException.badRequest(
                        "cursor",
                        "belongs to a list with another sort or filter: keep them, or begin without a cursor");
            }
            Object value = sort.isByPriority()
                    ? Short.valueOf(parts[2])
                    : Instant.parse(parts[2]).atOffset(ZoneOffset.UTC);
            String group = parts[4].isEmpty()
                    ? null
                    : new String(Base64.getUrlDecoder().decode(parts[4].substring(1)), StandardCharsets.UTF_8);
            return new ListCursor(value, UUID.fromString(parts[3]), group);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw ProblemException.badRequest("cursor", "is not a cursor: take next_cursor of the page before");
        }
    }
}
