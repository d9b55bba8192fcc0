package io.opsrelay.ingestion.zendesk;

import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What goes to Zendesk. Runs inside a transaction of the client, which confines it to the client's own. */
@Component
class WriteStore {

    private final JdbcClient jdbc;
    private final Clock clock;

    WriteStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * One of them.
     *
     * @param writeId the message's id, or the agent's run's
     * @param kind comment, resolved, escalated or failed
     * @param attempts that were begun
     */
    record Write(UUID writeId, UUID ticketId, String kind, String state, int attempts) {

        static final String COMMENT = "comment";

        boolean isComment() {
            return kind.equals(COMMENT);
        }
    }

    /** @return whether it is new */
    boolean insert(String clientId, UUID writeId, UUID ticketId, String kind) {
        return jdbc.sql("""
                                insert into zendesk_write (client_id, write_id, ticket_id, kind, state, created_at)
                                values (?, ?, ?, ?, 'pending', ?) on conflict do nothing
                                """).params(clientId, writeId, ticketId, kind, now()).update() == 1;
    }

    Optional<Write> find(UUID writeId) {
        return jdbc.sql("select write_id, ticket_id, kind, state, attempts from zendesk_write where write_id = ?")
                .param(writeId)
                .query((row, n) -> new Write(
                        row.getObject("write_id", UUID.class),
                        row.getObject("ticket_id", UUID.class),
                        row.getString("kind"),
                        row.getString("state"),
                        row.getInt("attempts")))
                .optional();
    }

    /** The intent: stored before Zendesk is called. */
    void begin(UUID writeId) {
        jdbc.sql("update zendesk_write set attempts = attempts + 1 where write_id = ?")
                .param(writeId)
                .update();
    }

    /** Whether another comment of ours stands on the ticket. */
    boolean hasOther(UUID ticketId, UUID writeId) {
        return jdbc.sql("""
                        select 1 from zendesk_write
                        where ticket_id = ? and kind = 'comment' and state = 'written' and write_id <> ? limit 1
                        """)
                .params(ticketId, writeId)
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    void troubled(UUID writeId, String error) {
        jdbc.sql("update zendesk_write set error = ? where write_id = ?")
                .params(error, writeId)
                .update();
    }

    void settle(UUID writeId, String state, @Nullable String error) {
        jdbc.sql("update zendesk_write set state = :state, error = :error, settled_at = :now where write_id = :id")
                .param("state", state)
                .param("error", error)
                .param("now", now())
                .param("id", writeId)
                .update();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }
}
