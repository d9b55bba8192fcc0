package io.opsrelay.ingestion.canned;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The table of canned replies. Every call belongs into a transaction of the client. */
@Repository
class CannedReplyStore {

    private final JdbcClient jdbc;

    CannedReplyStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Of a client one change at a time: the number of replies and their names are counted and compared before it. */
    void lock(String clientId) {
        jdbc.sql("select pg_advisory_xact_lock(hashtextextended('canned replies of ' || ?::text, 0))")
                .param(clientId)
                .query((row, n) -> 0)
                .list();
    }

    /** By name. */
    List<CannedReply> all() {
        return jdbc.sql("select * from canned_reply order by lower(name), reply_id")
                .query(CannedReplyStore::row)
                .list();
    }

    Optional<CannedReply> find(UUID replyId) {
        return jdbc.sql("select * from canned_reply where reply_id = ?")
                .param(replyId)
                .query(CannedReplyStore::row)
                .optional();
    }

    /** Which one has that name, whatever the case. */
    Optional<UUID> named(String name) {
        return jdbc.sql("select reply_id from canned_reply where lower(name) = lower(?)")
                .param(name)
                .query(UUID.class)
                .optional();
    }

    int count() {
        return jdbc.sql("select count(*) from canned_reply")
                .query(Integer.class)
                .single();
    }

    void insert(String clientId, CannedReply reply) {
        jdbc.sql("""
                        insert into canned_reply (client_id, reply_id, name, text, category, language, revision,
                            created_by, created_at, updated_at)
                        values (:client, :id, :name, :text, :category, :language, :revision, :by, :created, :updated)""")
                .param("client", clientId)
                .param("id", reply.replyId())
                .param("name", reply.name())
                .param("text", reply.text())
                .param("category", reply.category(), Types.VARCHAR)
                .param("language", reply.language(), Types.VARCHAR)
                .param("revision", reply.revision())
                .param("by", reply.createdBy())
                .param("created", reply.createdAt().atOffset(ZoneOffset.UTC))
                .param("updated", reply.updatedAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    void update(CannedReply reply) {
        jdbc.sql("""
                        update canned_reply set name = :name, text = :text, category = :category, language = :language,
                            revision = :revision, updated_at = :updated
                        where reply_id = :id""")
                .param("name", reply.name())
                .param("text", reply.text())
                .param("category", reply.category(), Types.VARCHAR)
                .param("language", reply.language(), Types.VARCHAR)
                .param("revision", reply.revision())
                .param("updated", reply.updatedAt().atOffset(ZoneOffset.UTC))
                .param("id", reply.replyId())
                .update();
    }

    void delete(UUID replyId) {
        jdbc.sql("delete from canned_reply where reply_id = ?").param(replyId).update();
    }

    private static CannedReply row(ResultSet row, int n) throws SQLException {
        return new CannedReply(
                row.getObject("reply_id", UUID.class),
                row.getString("name"),
                row.getString("text"),
                row.getString("category"),
                row.getString("language"),
                row.getLong("revision"),
                row.getString("created_by"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
