package io.opsrelay.approval.mail;

import io.opsrelay.approval.mail.Mail.Status;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The tables {@code mail} and {@code mail_notice}. Every call belongs into a transaction of the client. */
@Repository
class MailStore {

    private static final JsonMapper JSON = ContractJson.mapper();
    private static final TypeReference<Map<String, String>> DATA = new TypeReference<>() {};
    private static final String MAIL =
            "select m.*, (select count(*) from mail_notice n where n.mail_id = m.mail_id) as notices from mail m";

    private final JdbcClient jdbc;

    MailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void add(String clientId, Told notice) {
        jdbc.sql("""
                        insert into mail_notice (client_id, notice_id, recipient, type, subject, data, created_at)
                        values (:client, :id, :recipient, :type, :subject, :data::jsonb, :at)""")
                .param("client", clientId)
                .param("id", notice.noticeId())
                .param("recipient", notice.recipient())
                .param("type", notice.type())
                .param("subject", notice.subject())
                .param("data", JSON.writeValueAsString(notice.data()))
                .param("at", timestamp(notice.createdAt()))
                .update();
    }

    Optional<Told> notice(UUID id) {
        return jdbc.sql("select * from mail_notice where notice_id = :id")
                .param("id", id)
                .query(MailStore::told)
                .optional();
    }

    /** Begins a mail with a notice and what else waits for its recipient, the oldest first. */
    void begin(String clientId, UUID mailId, Told notice, int most, Instant at) {
        jdbc.sql("""
                        insert into mail (client_id, mail_id, recipient, status, attempts, created_at)
                        values (:client, :id, :recipient, 'pending', 0, :at)""")
                .param("client", clientId)
                .param("id", mailId)
                .param("recipient", notice.recipient())
                .param("at", timestamp(at))
                .update();
        jdbc.sql("""
                        update mail_notice set mail_id = :id where notice_id in (
                            select notice_id from mail_notice where recipient = :recipient and mail_id is null
                            order by notice_id = :notice desc, notice_id limit :most)""")
                .param("id", mailId)
                .param("notice", notice.noticeId())
                .param("recipient", notice.recipient())
                .param("most", most)
                .update();
    }

    /** What a mail tells, the oldest first. */
    List<Told> told(UUID mailId) {
        return jdbc.sql("select * from mail_notice where mail_id = :id order by notice_id")
                .param("id", mailId)
                .query(MailStore::told)
                .list();
    }

    Optional<Mail> find(UUID mailId) {
        return jdbc.sql(MAIL + " where mail_id = :id")
                .param("id", mailId)
                .query(MailStore::mail)
                .optional();
    }

    /** When a mail to a recipient was last settled, if ever. */
    Optional<Instant> lastSettled(String recipient) {
        return jdbc.sql("select max(settled_at) as last from mail where recipient = :recipient and status <> 'dropped'")
                .param("recipient", recipient)
                .query((row, n) -> Optional.ofNullable(instant(row, "last")))
                .single();
    }

    /** Notes what became of an attempt. */
    void attempted(UUID mailId, Status status, int attempts, @Nullable String error, Instant at) {
        jdbc.sql("""
                        update mail
                        set status = :status, attempts = :attempts, error = :error, settled_at = :settledAt
                        where mail_id = :id""")
                .param("id", mailId)
                .param("status", status.name().toLowerCase(Locale.ROOT))
                .param("attempts", attempts)
                .param("error", error)
                .param("settledAt", status == Status.PENDING ? null : timestamp(at))
                .update();
    }

    /** Newest first, one more than the page holds. */
    List<Mail> list(PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql(MAIL
                        + (after == null ? "" : " where (m.created_at, m.mail_id) < (:afterTime, :afterId)")
                        + " order by m.created_at desc, m.mail_id desc limit :limit")
                .param("afterTime", after == null ? null : timestamp(after.createdAt()))
                .param("afterId", after == null ? null : after.id())
                .param("limit", page.limit() + 1)
                .query(MailStore::mail)
                .list();
    }

    /** Deletes what was settled before that. */
    void prune(Instant before) {
        jdbc.sql("""
                        delete from mail_notice where mail_id in
                            (select mail_id from mail where status <> 'pending' and created_at < :before)""").param("before", timestamp(before)).update();
        jdbc.sql("delete from mail where status <> 'pending' and created_at < :before")
                .param("before", timestamp(before))
                .update();
    }

    private static Told told(ResultSet row, int n) throws SQLException {
        return new Told(
                uuid(row, "notice_id"),
                row.getString("recipient"),
                row.getString("type"),
                uuid(row, "subject"),
                JSON.readValue(row.getString("data"), DATA),
                Objects.requireNonNull(instant(row, "created_at")),
                row.getObject("mail_id", UUID.class));
    }

    private static Mail mail(ResultSet row, int n) throws SQLException {
        return new Mail(
                uuid(row, "mail_id"),
                row.getString("recipient"),
                Status.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
                row.getInt("attempts"),
                row.getInt("notices"),
                row.getString("error"),
                Objects.requireNonNull(instant(row, "created_at")),
                instant(row, "settled_at"));
    }

    private static UUID uuid(ResultSet row, String column) throws SQLException {
        return Objects.requireNonNull(row.getObject(column, UUID.class));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }

    private static OffsetDateTime timestamp(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
