package io.opsrelay.ingestion.email.mailbox;

import java.sql.ResultSet;
import java.sql.SQLException;
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

/** The table {@code mailbox}. Runs in a transaction of the client. */
@Repository
class MailboxStore {

    private static final int LONGEST_ERROR = 500;

    private final JdbcClient jdbc;

    MailboxStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Notes that the mailbox is to be read from now on.
     *
     * @param pollId for one that was not known
     * @return what its job is about, if it has none yet
     */
    Optional<UUID> begin(String clientId, String channelId, UUID pollId, Instant since) {
        return jdbc.sql("""
                        insert into mailbox as m (client_id, channel_id, poll_id, polling, since)
                        values (:client, :channel, :poll, true, :since)
                        on conflict (client_id, channel_id) do update set polling = true where not m.polling
                        returning poll_id
                        """)
                .param("client", clientId)
                .param("channel", channelId)
                .param("poll", pollId)
                .param("since", since.atOffset(ZoneOffset.UTC))
                .query(UUID.class)
                .optional();
    }

    /** Its job ends. */
    void stop(UUID pollId) {
        jdbc.sql("update mailbox set polling = false where poll_id = ?")
                .param(pollId)
                .update();
    }

    Optional<Mailbox> find(UUID pollId) {
        return jdbc.sql("select * from mailbox where poll_id = ?")
                .param(pollId)
                .query(MailboxStore::mailbox)
                .optional();
    }

    List<Mailbox> all() {
        return jdbc.sql("select * from mailbox order by channel_id")
                .query(MailboxStore::mailbox)
                .list();
    }

    /** Begins to count in another way: the folder was made anew, or is read for the first time. */
    void restart(UUID pollId, long uidValidity, long nextUid) {
        jdbc.sql("update mailbox set uid_validity = ?, next_uid = ? where poll_id = ?")
                .params(uidValidity, nextUid, pollId)
                .update();
    }

    /** Everything below was read; never goes back. */
    void advance(UUID pollId, long uidValidity, long nextUid) {
        jdbc.sql("""
                        update mailbox set next_uid = :next
                        where poll_id = :poll and uid_validity = :validity and next_uid < :next
                        """)
                .param("next", nextUid)
                .param("poll", pollId)
                .param("validity", uidValidity)
                .update();
    }

    void polled(UUID pollId, Instant at) {
        jdbc.sql("""
                        update mailbox set polled_at = ?, failing_since = null, failures = 0, last_error = null
                        where poll_id = ?
                        """).params(at.atOffset(ZoneOffset.UTC), pollId).update();
    }

    void failed(UUID pollId, String error, Instant at) {
        jdbc.sql("""
                        update mailbox set failures = failures + 1, last_error = :error,
                            failing_since = coalesce(failing_since, :at)
                        where poll_id = :poll
                        """)
                .param("error", error.substring(0, Math.min(error.length(), LONGEST_ERROR)))
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("poll", pollId)
                .update();
    }

    private static Mailbox mailbox(ResultSet row, int n) throws SQLException {
        return new Mailbox(
                row.getString("channel_id"),
                row.getObject("poll_id", UUID.class),
                Objects.requireNonNull(instant(row, "since")),
                number(row, "uid_validity"),
                number(row, "next_uid"),
                instant(row, "polled_at"),
                instant(row, "failing_since"),
                row.getInt("failures"),
                row.getString("last_error"));
    }

    private static @Nullable Long number(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
