package io.opsrelay.ingestion.attachment;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table {@code stored_file}. Every call belongs into a transaction of the client. */
@Component
class AttachmentStore {

    private static final String SHOWN = "file_id, message_id, file_name, media_type, size, sha256, stored_at";

    private final JdbcClient jdbc;

    AttachmentStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes a file before its first byte is kept, so that none is ever kept without a note. */
    void begin(String clientId, UUID fileId, String fileName, Instant now) {
        jdbc.sql("insert into stored_file (client_id, file_id, file_name, stored_at) values (?, ?, ?, ?)")
                .params(clientId, fileId, fileName, now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** All its bytes are kept. */
    void complete(StoredFile file) {
        int rows = jdbc.sql("""
                        update stored_file set media_type = ?, size = ?, sha256 = ?
                        where file_id = ? and ticket_id is null""")
                .params(file.mediaType(), file.size(), file.sha256(), file.fileId())
                .update();
        if (rows != 1) {
            throw new IllegalStateException("file " + file.fileId() + " took longer to come than orphans are kept");
        }
    }

    /** How many files the message has; another transaction that asks waits for the end of this one. */
    int countAndLock(UUID ticketId, UUID messageId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('files of ' || ?::text, 0))")
                .param(messageId.toString())
                .query((row, n) -> 0)
                .list();
        return jdbc.sql("select count(*) from stored_file where ticket_id = ? and message_id = ?")
                .params(ticketId, messageId)
                .query(Integer.class)
                .single();
    }

    /** @return how many of them were whole, not attached before, and are attached now */
    int attach(UUID ticketId, UUID messageId, Collection<UUID> fileIds, @Nullable String key) {
        return jdbc.sql("""
                        update stored_file set ticket_id = :ticket, message_id = :message, request_key = :key
                        where file_id = any(:files) and ticket_id is null and media_type is not null""")
                .param("ticket", ticketId)
                .param("message", messageId)
                .param("key", key)
                .param("files", fileIds.toArray(UUID[]::new))
                .update();
    }

    /** Files that the request of that key attached to the message; none for no key. */
    List<UUID> ofRequest(UUID messageId, @Nullable String key) {
        return key == null
                ? List.of()
                : jdbc.sql("select file_id from stored_file where message_id = ? and request_key = ? order by file_id")
                        .params(messageId, key)
                        .query(UUID.class)
                        .list();
    }

    List<TicketFile> ofTicket(UUID ticketId) {
        return jdbc.sql("select " + SHOWN + " from stored_file where ticket_id = ? order by stored_at, file_id")
                .param(ticketId)
                .query(AttachmentStore::ticketFile)
                .list();
    }

    Optional<TicketFile> find(UUID ticketId, UUID fileId) {
        return jdbc.sql("select " + SHOWN + " from stored_file where file_id = ? and ticket_id = ?")
                .params(fileId, ticketId)
                .query(AttachmentStore::ticketFile)
                .optional();
    }

    /** Whether all bytes of the file are kept. */
    boolean isWhole(UUID fileId) {
        return jdbc.sql("select count(*) from stored_file where file_id = ? and media_type is not null")
                        .param(fileId)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /**
     * Keeps an unattached file from being attached from now on.
     *
     * @return false if it is attached, or gone
     */
    boolean condemn(UUID fileId) {
        return jdbc.sql("""
                                update stored_file set media_type = null, size = null, sha256 = null
                                where file_id = ? and ticket_id is null""").param(fileId).update() == 1;
    }

    /** Forgets a file that is not attached. */
    void forget(UUID fileId) {
        jdbc.sql("delete from stored_file where file_id = ? and ticket_id is null")
                .param(fileId)
                .update();
    }

    /** Forgets all files of a ticket, and tells which they were. */
    List<UUID> forgetOfTicket(UUID ticketId) {
        return jdbc.sql("delete from stored_file where ticket_id = ? returning file_id")
                .param(ticketId)
                .query(UUID.class)
                .list();
    }

    /**
     * The message of a ticket that a file belongs to.
     *
     * @param messageId null for the one that the ticket began with
     * @return empty if there is no such ticket, or no such message on it
     */
    Optional<UUID> message(UUID ticketId, @Nullable UUID messageId) {
        String wanted = messageId == null ? "" : " and message_id = :message";
        JdbcClient.StatementSpec statement = jdbc.sql("select message_id from message where ticket_id = :ticket"
                        + wanted + " order by seq, message_id limit 1")
                .param("ticket", ticketId);
        return (messageId == null ? statement : statement.param("message", messageId))
                .query(UUID.class)
                .optional();
    }

    boolean hasTicket(UUID ticketId) {
        return jdbc.sql("select count(*) from ticket where ticket_id = ?")
                        .param(ticketId)
                        .query(Integer.class)
                        .single()
                == 1;
    }

    static TicketFile ticketFile(ResultSet row, int n) throws SQLException {
        return new TicketFile(
                row.getObject("file_id", UUID.class),
                row.getObject("message_id", UUID.class),
                row.getString("file_name"),
                row.getString("media_type"),
                row.getLong("size"),
                row.getString("sha256"),
                row.getObject("stored_at", OffsetDateTime.class).toInstant());
    }
}
