package io.opsrelay.ingestion.mailout;

import io.opsrelay.ingestion.mailout.MailEndpoint.MailResource;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Mails in PostgreSQL. Runs inside a transaction of the client, which confines it to the client's own. */
@Component
class MailStore {

    private static final String SELECT =
            "select message_id, ticket_id, rfc822_id, recipient, attempts, unconfirmed, delayed from mail_out where ";

    private final JdbcClient jdbc;

    MailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String clientId, UUID messageId, UUID ticketId, Instant now) {
        jdbc.sql("""
                        insert into mail_out (client_id, message_id, ticket_id, created_at)
                        values (?, ?, ?, ?) on conflict do nothing
                        """)
                .params(clientId, messageId, ticketId, now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** The mail, which nobody else changes until the commit. */
    Optional<MailOut> lock(UUID messageId) {
        return jdbc.sql(SELECT + "message_id = ? for update")
                .param(messageId)
                .query((row, number) -> mail(row))
                .optional();
    }

    Optional<MailOut> lockByRfc822Id(String rfc822Id) {
        return jdbc.sql(SELECT + "rfc822_id = ? for update")
                .param(rfc822Id)
                .query((row, number) -> mail(row))
                .optional();
    }

    /** Message-IDs of what was sent on the ticket, the oldest first. */
    List<String> rfc822Ids(UUID ticketId, int most) {
        return jdbc.sql("""
                        select rfc822_id from mail_out where ticket_id = ? and rfc822_id is not null
                        order by created_at desc limit ?
                        """).params(ticketId, most).query(String.class).list().reversed();
    }

    /** Which of these messages are mails of this client. */
    Set<UUID> known(Collection<UUID> messageIds) {
        return new HashSet<>(jdbc.sql("select message_id from mail_out where message_id = any (?)")
                .param(messageIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list());
    }

    /** The intent: written down before anything is sent. */
    void begin(UUID messageId, String rfc822Id, String recipient, String provider, Instant now) {
        jdbc.sql("""
                        update mail_out set rfc822_id = ?, recipient = ?, provider = ?, attempts = attempts + 1,
                            attempted_at = ?
                        where message_id = ?
                        """)
                .params(rfc822Id, recipient, provider, now.atOffset(ZoneOffset.UTC), messageId)
                .update();
    }

    void sent(UUID messageId, @Nullable String providerId, Instant now) {
        jdbc.sql("""
                        update mail_out set provider_id = :provider, sent_at = :now, error = null, unconfirmed = false
                        where message_id = :message
                        """)
                .param("provider", providerId, Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("message", messageId)
                .update();
    }

    /** It goes on, with what went wrong. */
    void troubled(UUID messageId, String error, boolean unconfirmed) {
        jdbc.sql("update mail_out set error = ?, unconfirmed = unconfirmed or ? where message_id = ?")
                .params(error, unconfirmed, messageId)
                .update();
    }

    /** Without an intent: there was nobody to send it. */
    void untried(UUID messageId, String error) {
        jdbc.sql("update mail_out set error = ?, attempts = attempts + 1 where message_id = ?")
                .params(error, messageId)
                .update();
    }

    void delayed(UUID messageId, String error) {
        jdbc.sql("update mail_out set error = ?, delayed = true where message_id = ?")
                .params(error, messageId)
                .update();
    }

    void settled(UUID messageId, @Nullable String error, Instant now) {
        jdbc.sql("update mail_out set error = :error, settled_at = :now where message_id = :message")
                .param("error", error, Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("message", messageId)
                .update();
    }

    /** For another round of attempts. */
    void anew(UUID messageId) {
        jdbc.sql("update mail_out set attempts = 0, settled_at = null, delayed = false where message_id = ?")
                .param(messageId)
                .update();
    }

    boolean hasTicket(UUID ticketId) {
        return jdbc.sql("select exists (select from ticket where ticket_id = ?)")
                .param(ticketId)
                .query(Boolean.class)
                .single();
    }

    /** Oldest first. */
    List<MailResource> ofTicket(UUID ticketId) {
        return jdbc.sql("""
                        select o.*, m.state from mail_out o
                        join message m using (client_id, ticket_id, message_id)
                        where o.ticket_id = ? order by o.created_at, o.message_id
                        """)
                .param(ticketId)
                .query((row, number) -> new MailResource(
                        row.getObject("message_id", UUID.class),
                        row.getString("state"),
                        row.getString("recipient"),
                        row.getString("rfc822_id"),
                        row.getString("provider"),
                        row.getString("provider_id"),
                        row.getInt("attempts"),
                        row.getString("error"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        instant(row, "attempted_at"),
                        instant(row, "sent_at"),
                        instant(row, "settled_at")))
                .list();
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static MailOut mail(ResultSet row) throws SQLException {
        return new MailOut(
                row.getObject("message_id", UUID.class),
                row.getObject("ticket_id", UUID.class),
                row.getString("rfc822_id"),
                row.getString("recipient"),
                row.getInt("attempts"),
                row.getBoolean("unconfirmed"),
                row.getBoolean("delayed"));
    }
}
