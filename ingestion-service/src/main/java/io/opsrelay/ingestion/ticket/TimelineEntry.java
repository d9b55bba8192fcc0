package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One line of a ticket's history.
 *
 * @param event the feed frame's type of the same happening
 * @param actor who did it: {@code user:<name>}, {@code ai:<persona>}, {@code policy:<rule>}, {@code service:<name>}
 * @param summary the plain fact, for a person
 * @param facts what dashboards may see as well; no text of customers or to customers
 * @param details what only the ticket's own page shows
 */
record TimelineEntry(
        String event, String actor, String summary, Map<String, Object> facts, Map<String, Object> details) {

    TimelineEntry {
        Objects.requireNonNull(event);
        Objects.requireNonNull(actor);
        Objects.requireNonNull(summary);
    }

    /** Facts and details together. */
    Map<String, Object> data() {
        Map<String, Object> data = new LinkedHashMap<>(facts);
        data.putAll(details);
        return data;
    }

    /** @param version of the ticket with this entry in its timeline */
    FeedRecord feedRecord(UUID ticketId, long version, TicketStatus status) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("ticket_id", ticketId.toString());
        data.put("status", status.wireName());
        data.putAll(facts);
        return new FeedRecord(Channels.TICKETS, event, ticketId.toString(), version, data);
    }

    /** Names and values in turn; what is null is left out. */
    static Map<String, Object> pairs(@Nullable Object... namesAndValues) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            Object value = namesAndValues[i + 1];
            if (value != null) {
                map.put(String.valueOf(namesAndValues[i]), value);
            }
        }
        return Collections.unmodifiableMap(map);
    }
}
