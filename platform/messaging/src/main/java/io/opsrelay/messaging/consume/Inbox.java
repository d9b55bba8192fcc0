package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.Envelope;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** Remembers which consumer has applied which event, in the transaction of the effect. */
final class Inbox {

    private final JdbcTemplate jdbc;

    Inbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Remembers the events and answers with the ids of those that were not known: each id exactly once per consumer,
     * provided the running transaction commits.
     */
    Set<UUID> firstTime(String consumer, List<Envelope> envelopes) {
        String[] values = new String[envelopes.size()];
        Arrays.fill(values, "(?, ?, ?)");
        List<Object> parameters = new ArrayList<>(values.length * 3);
        for (Envelope envelope : envelopes) {
            // The event's own day is the same at every delivery, which keeps the key unique across partitions.
            parameters.add(envelope.time().atZone(ZoneOffset.UTC).toLocalDate());
            parameters.add(consumer);
            parameters.add(envelope.id());
        }
        return new HashSet<>(jdbc.queryForList(
                "insert into inbox (day, consumer, event_id) values " + String.join(",", values)
                        + " on conflict do nothing returning event_id",
                UUID.class,
                parameters.toArray()));
    }

    /** Makes the coming days' partitions and drops those older than {@code keepDays}. */
    void maintain(int keepDays) {
        jdbc.query("select maintain_inbox(?)", row -> {}, keepDays);
    }
}
