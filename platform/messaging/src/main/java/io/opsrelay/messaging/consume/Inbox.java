package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.Envelope;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.springframework.jdbc.core.JdbcTemplate;

/** Remembers which consumer has applied which event, in the transaction of the effect. */
final class Inbox {

    private final JdbcTemplate jdbc;

    Inbox(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** True exactly once per consumer and event, provided the running transaction commits. */
    boolean firstTime(String consumer, Envelope envelope) {
        // The event's own day is the same at every delivery, which keeps the key unique across partitions.
        LocalDate day = envelope.time().atZone(ZoneOffset.UTC).toLocalDate();
        return jdbc.update(
                        "insert into inbox (day, consumer, event_id) values (?, ?, ?) on conflict do nothing",
                        day,
                        consumer,
                        envelope.id())
                == 1;
    }

    /** Makes the coming days' partitions and drops those older than {@code keepDays}. */
    void maintain(int keepDays) {
        jdbc.query("select maintain_inbox(?)", row -> {}, keepDays);
    }
}
