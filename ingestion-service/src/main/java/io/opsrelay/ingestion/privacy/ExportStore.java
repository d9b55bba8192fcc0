package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.security.seal.SealedParts.Keys;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Exports and what other services have answered for them. Belongs into a transaction of the client. */
@Component
class ExportStore {

    private static final String THIS_ANSWER = " export_id = :export and ticket_id = :ticket and service = :service";

    private final JdbcClient jdbc;

    ExportStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void insert(String clientId, UUID exportId, UUID customerId, String actor, Instant now) {
        jdbc.sql("""
                        insert into customer_export (client_id, export_id, customer_id, status, requested_by, requested_at)
                        values (?, ?, ?, 'pending', ?, ?)""").params(clientId, exportId, customerId, actor, utc(now)).update();
    }

    Optional<Export> find(UUID exportId) {
        return jdbc.sql("""
                        select e.*, a.answers, a.expected
                        from customer_export e left join lateral (
                            select count(*) filter (where got = parts)::int as answers, count(*)::int as expected
                            from customer_export_answer where export_id = e.export_id) a on e.status = 'pending'
                        where e.export_id = ?""").param(exportId).query(ExportStore::export).optional();
    }

    /** An export that is still wanted and not made. */
    Optional<Making> making(UUID exportId) {
        return jdbc.sql("select * from customer_export where export_id = ? and status = 'pending'")
                .param(exportId)
                .query(ExportStore::making)
                .optional();
    }

    /** Like {@link #making}; nobody else changes it until the transaction ends. */
    Optional<Making> lock(UUID exportId) {
        return jdbc.sql("select * from customer_export where export_id = ? and status = 'pending' for update")
                .param(exportId)
                .query(ExportStore::making)
                .optional();
    }

    /** Locks those of them that there are, in one order for all transactions. */
    void lockAll(Collection<UUID> exportIds) {
        jdbc.sql("select export_id from customer_export where export_id = any(?) order by export_id for update")
                .param(exportIds.toArray(UUID[]::new))
                .query(UUID.class)
                .list();
    }

    /** Gives it keys, unless it has some or nobody wants it any more. */
    void keep(UUID exportId, Keys keys) {
        jdbc.sql("""
                        update customer_export set public_key = ?, private_key = ?
                        where export_id = ? and status = 'pending' and public_key is null""").params(keys.publicKey(), keys.privateKey(), exportId).update();
    }

    /** Each of the services is to answer about each of the tickets. */
    void expect(String clientId, UUID exportId, List<UUID> ticketIds, List<String> services) {
        jdbc.sql("""
                        insert into customer_export_answer (client_id, export_id, ticket_id, service)
                        select :client, :export, ticket_id, service
                        from unnest(:tickets) as ticket_id, unnest(:services) as service""")
                .param("client", clientId)
                .param("export", exportId)
                .param("tickets", ticketIds.toArray(UUID[]::new))
                .param("services", services.toArray(String[]::new))
                .update();
    }

    void advance(UUID exportId, UUID lastTicket) {
        jdbc.sql("update customer_export set last_ticket = ? where export_id = ?")
                .params(lastTicket, exportId)
                .update();
    }

    void asked(UUID exportId, Instant now) {
        jdbc.sql("update customer_export set asked_at = ? where export_id = ?")
                .params(utc(now), exportId)
                .update();
    }

    /**
     * Adds a part that was expected and is not here yet.
     *
     * @return whether the answer is whole with it
     */
    boolean add(ExportAnswered answered) {
        int added = answer("""
                        insert into customer_export_part (client_id, export_id, ticket_id, service, part, content)
                        select client_id, export_id, ticket_id, service, :part, :content from customer_export_answer
                        where (parts is null or parts = :parts) and""" + THIS_ANSWER + " on conflict do nothing", answered)
                .param("part", answered.part())
                .param("content", answered.content())
                .param("parts", answered.parts())
                .update();
        return added == 1
                && answer(
                                "update customer_export_answer set parts = :parts, got = got + 1 where" + THIS_ANSWER
                                        + " returning got = parts",
                                answered)
                        .param("parts", answered.parts())
                        .query(Boolean.class)
                        .single();
    }

    private JdbcClient.StatementSpec answer(String sql, ExportAnswered answered) {
        return jdbc.sql(sql)
                .param("export", answered.exportId())
                .param("ticket", answered.ticketId())
                .param("service", answered.service());
    }

    /** Whether every answer that was asked for is here. */
    boolean isAnswered(UUID exportId) {
        return jdbc.sql("""
                        select not exists (select from customer_export_answer
                            where export_id = ? and got is distinct from parts)""").param(exportId).query(Boolean.class).single();
    }

    /** Takes no more answers: what is here goes into the file. */
    void close(UUID exportId, Instant now) {
        jdbc.sql("update customer_export set closed_at = ? where export_id = ? and status = 'pending'")
                .params(utc(now), exportId)
                .update();
    }

    /** The tickets that were asked about. */
    List<UUID> tickets(UUID exportId) {
        return jdbc.sql("select distinct ticket_id from customer_export_answer where export_id = ? order by ticket_id")
                .param(exportId)
                .query(UUID.class)
                .list();
    }

    /** The parts of an answer in their order; none unless all are here. */
    List<String> parts(UUID exportId, UUID ticketId, String service) {
        return jdbc.sql("""
                        select p.content
                        from customer_export_part p join customer_export_answer a using (client_id, export_id, ticket_id, service)
                        where export_id = ? and ticket_id = ? and service = ? and a.got = a.parts
                        order by p.part""")
                .params(exportId, ticketId, service)
                .query(String.class)
                .list();
    }

    /**
     * The file is made. Its answers and keys go.
     *
     * @param incomplete services of which something is missing
     * @return false if it is not wanted any more
     */
    boolean ready(UUID exportId, long size, Collection<String> incomplete, Instant now) {
        boolean wanted = jdbc.sql("""
                                update customer_export set status = 'ready', size = ?, incomplete = ?, ready_at = ?,
                                    public_key = null, private_key = null
                                where export_id = ? and status = 'pending'""")
                        .params(size, incomplete.toArray(String[]::new), utc(now), exportId)
                        .update()
                == 1;
        if (wanted) {
            deleteAnswers(List.of(exportId));
        }
        return wanted;
    }

    void expire(UUID exportId) {
        jdbc.sql("""
                        update customer_export set status = 'expired', public_key = null, private_key = null
                        where export_id = ?""").param(exportId).update();
        deleteAnswers(List.of(exportId));
    }

    /** Ends all exports of a customer, and tells which there were. */
    List<UUID> expireAll(UUID customerId) {
        List<UUID> ended = jdbc.sql("""
                        update customer_export set status = 'expired', public_key = null, private_key = null
                        where customer_id in (select customer_id from customer where root = ?) returning export_id""").param(customerId).query(UUID.class).list();
        deleteAnswers(ended);
        return ended;
    }

    private void deleteAnswers(Collection<UUID> exportIds) {
        jdbc.sql("delete from customer_export_answer where export_id = any(?)")
                .param(exportIds.toArray(UUID[]::new))
                .update();
    }

    private static Export export(ResultSet row, int n) throws SQLException {
        Array incomplete = row.getArray("incomplete");
        return new Export(
                row.getObject("export_id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getString("status"),
                row.getObject("requested_at", OffsetDateTime.class).toInstant(),
                row.getObject("answers", Integer.class),
                row.getObject("expected", Integer.class),
                instant(row, "ready_at"),
                row.getObject("size", Long.class),
                Arrays.asList((String[]) incomplete.getArray()));
    }

    private static Making making(ResultSet row, int n) throws SQLException {
        return new Making(
                row.getObject("export_id", UUID.class),
                row.getObject("customer_id", UUID.class),
                row.getString("public_key"),
                row.getString("private_key"),
                row.getObject("last_ticket", UUID.class),
                instant(row, "asked_at"),
                instant(row, "closed_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /**
     * An export as the API shows it.
     *
     * @param status pending, ready, expired
     * @param answers how many answers of other services are here; absent unless it is pending
     * @param answersExpected how many were asked for so far: one of each service for each ticket; absent unless it is pending
     * @param size bytes of the file
     * @param incomplete services of which something is missing in the file, which tells what in {@code missing.json}
     */
    record Export(
            UUID exportId,
            UUID customerId,
            String status,
            Instant requestedAt,
            @Nullable Integer answers,
            @Nullable Integer answersExpected,
            @Nullable Instant readyAt,
            @Nullable Long size,
            List<String> incomplete) {

        Export {
            incomplete = List.copyOf(incomplete);
        }

        boolean isReady() {
            return status.equals("ready");
        }
    }

    /**
     * An export that is being made.
     *
     * @param publicKey absent until the services are about to be asked, as is the private one
     * @param lastTicket the last that they were asked about
     * @param askedAt when they were asked about all
     * @param closedAt from when on no answer is taken any more
     */
    record Making(
            UUID exportId,
            UUID customerId,
            @Nullable String publicKey,
            @Nullable String privateKey,
            @Nullable UUID lastTicket,
            @Nullable Instant askedAt,
            @Nullable Instant closedAt) {

        /** The private key stays out of logs. */
        @Override
        public String toString() {
            return "Making[" + exportId + "]";
        }
    }
}
