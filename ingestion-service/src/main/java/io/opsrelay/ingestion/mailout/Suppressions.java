package io.opsrelay.ingestion.mailout;

import io.opsrelay.messaging.Ids;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Addresses that mails came back from for good. Runs inside a transaction of the client. */
@Component
class Suppressions {

    private final JdbcClient jdbc;
    private final Ids ids;
    private final Clock clock;

    Suppressions(JdbcClient jdbc, Ids ids, Clock clock) {
        this.jdbc = jdbc;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * An address that nothing is sent to.
     *
     * @param messageId the mail that came back
     */
    record Suppression(UUID id, String email, String reason, UUID messageId, Instant createdAt) {}

    void add(String clientId, String email, String reason, UUID messageId) {
        jdbc.sql("""
                        insert into mail_suppression (client_id, email, reason, message_id, created_at, id)
                        values (?, ?, ?, ?, ?, ?) on conflict do nothing
                        """)
                .params(
                        clientId,
                        email.toLowerCase(Locale.ROOT),
                        reason,
                        messageId,
                        clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC),
                        ids.next())
                .update();
    }

    /** Why nothing is sent there; empty if mails are. */
    Optional<String> reason(String email) {
        return jdbc.sql("select reason from mail_suppression where email = ?")
                .param(email.toLowerCase(Locale.ROOT))
                .query(String.class)
                .optional();
    }

    /** @return the id of what is gone; empty if there was nothing */
    Optional<UUID> remove(String email) {
        return jdbc.sql("delete from mail_suppression where email = ? returning id")
                .param(email.toLowerCase(Locale.ROOT))
                .query(UUID.class)
                .optional();
    }

    /** Newest first. */
    List<Suppression> list(@Nullable Instant beforeTime, @Nullable UUID beforeId, int rows) {
        String after = beforeTime == null || beforeId == null ? "" : "where (created_at, id) < (:time, :id)";
        JdbcClient.StatementSpec statement = jdbc.sql("select id, email, reason, message_id, created_at"
                        + " from mail_suppression " + after + " order by created_at desc, id desc limit :rows")
                .param("rows", rows);
        if (beforeTime != null && beforeId != null) {
            statement =
                    statement.param("time", beforeTime.atOffset(ZoneOffset.UTC)).param("id", beforeId);
        }
        return statement
                .query((row, number) -> new Suppression(
                        row.getObject("id", UUID.class),
                        row.getString("email"),
                        row.getString("reason"),
                        row.getObject("message_id", UUID.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
    }
}
