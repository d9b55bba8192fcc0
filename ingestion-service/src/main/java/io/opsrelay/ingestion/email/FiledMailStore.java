package io.opsrelay.ingestion.email;

import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Filed mails and their bytes. Runs in a transaction of the client. */
@Repository
class FiledMailStore {

    private static final int PIECE = 256 * 1024;

    /** Of old ones, what one transaction takes away. */
    private static final int PRUNED_AT_ONCE = 20;

    private final JdbcClient jdbc;

    FiledMailStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws UncheckedIOException if the spool cannot be read */
    void insert(String clientId, FiledMail mail, Spool raw) {
        jdbc.sql("""
                        insert into filed_mail (client_id, filed_id, rfc822_id, channel_id, reason, detail, sender,
                            verified, subject, preview, ticket_id, state, size, created_at)
                        values (:client, :id, :rfc822, :channel, :reason, :detail, :sender, :verified, :subject,
                            :preview, :ticket, 'filed', :size, :now)
                        """)
                .param("client", clientId)
                .param("id", mail.filedId())
                .param("rfc822", mail.rfc822Id())
                .param("channel", mail.channelId())
                .param("reason", mail.reason())
                .param("detail", mail.detail(), Types.VARCHAR)
                .param("sender", mail.sender(), Types.VARCHAR)
                .param("verified", mail.verified())
                .param("subject", mail.subject())
                .param("preview", mail.preview())
                .param("ticket", mail.ticketId(), Types.OTHER)
                .param("size", mail.size())
                .param("now", mail.createdAt().atOffset(ZoneOffset.UTC))
                .update();
        try (InputStream in = raw.open()) {
            byte[] piece = in.readNBytes(PIECE);
            for (int number = 0; piece.length > 0; number++, piece = in.readNBytes(PIECE)) {
                jdbc.sql("insert into filed_mail_piece (client_id, filed_id, piece, bytes) values (?, ?, ?, ?)")
                        .params(clientId, mail.filedId(), number, piece)
                        .update();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The whole mail, piece by piece. */
    void copy(UUID filedId, OutputStream out) throws IOException {
        for (int number = 0; ; number++) {
            List<byte[]> piece = jdbc.sql("select bytes from filed_mail_piece where filed_id = ? and piece = ?")
                    .params(filedId, number)
                    .query((row, n) -> row.getBytes("bytes"))
                    .list();
            if (piece.isEmpty()) {
                return;
            }
            out.write(piece.getFirst());
        }
    }

    Optional<FiledMail> find(UUID filedId) {
        return jdbc.sql("select * from filed_mail where filed_id = ?")
                .param(filedId)
                .query(FiledMailStore::mail)
                .optional();
    }

    Optional<FiledMail> lock(UUID filedId) {
        return jdbc.sql("select * from filed_mail where filed_id = ? for update")
                .param(filedId)
                .query(FiledMailStore::mail)
                .optional();
    }

    void accept(UUID filedId, String by, UUID as) {
        jdbc.sql("update filed_mail set state = 'accepted', accepted_by = ?, accepted_as = ? where filed_id = ?")
                .params(by, as, filedId)
                .update();
    }

    /** One more than the page holds, newest first. */
    List<FiledMail> list(@Nullable String reason, @Nullable String state, PageRequest page) {
        Cursor after = page.after();
        return jdbc.sql("""
                        select * from filed_mail
                        where (:reason::text is null or reason = :reason) and (:state::text is null or state = :state)
                          and (:at::timestamptz is null or (created_at, filed_id) < (:at, :id))
                        order by created_at desc, filed_id desc limit :limit
                        """)
                .param("reason", reason, Types.VARCHAR)
                .param("state", state, Types.VARCHAR)
                .param(
                        "at",
                        after == null ? null : after.createdAt().atOffset(ZoneOffset.UTC),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("id", after == null ? null : after.id(), Types.OTHER)
                .param("limit", page.limit() + 1)
                .query(FiledMailStore::mail)
                .list();
    }

    /** Some of those that are older. */
    void prune(Instant before) {
        jdbc.sql("""
                        delete from filed_mail where filed_id in (
                            select filed_id from filed_mail where created_at < :before
                            order by created_at limit :most for update skip locked)
                        """)
                .param("before", before.atOffset(ZoneOffset.UTC))
                .param("most", PRUNED_AT_ONCE)
                .update();
    }

    private static FiledMail mail(ResultSet row, int n) throws SQLException {
        return new FiledMail(
                row.getObject("filed_id", UUID.class),
                row.getString("rfc822_id"),
                row.getString("channel_id"),
                row.getString("reason"),
                row.getString("detail"),
                row.getString("sender"),
                row.getBoolean("verified"),
                row.getString("subject"),
                row.getString("preview"),
                row.getObject("ticket_id", UUID.class),
                row.getString("accepted_by"),
                row.getObject("accepted_as", UUID.class),
                row.getLong("size"),
                Objects.requireNonNull(row.getObject("created_at", OffsetDateTime.class))
                        .toInstant());
    }
}
