package io.opsrelay.ingestion.stats;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** Steps of tickets in PostgreSQL. A trigger writes them with the timeline; see the migration. */
@Repository
class StepStore {

    private static final String STEP = """
            s.ticket_id, s.seq, s.at, s.event, s.by_person, s.status, s.channel, s.priority, s.category, s.industry,
            s.outcome, s.processing_millis, s.replied
            """;

    /**
     * Of a ticket's steps a later one is written only after the earlier one's commit, under the ticket's lock. So among
     * those that one snapshot shows no earlier step is missing, however the commits of different tickets lie.
     */
    private static final String TAKE = """
            with taken as (
                delete from step_waiting where position in
                    (select position from step_waiting where client_id = :client order by position limit :most)
                returning ticket_id, seq
            ), spans as (
                select ticket_id, min(seq) as from_seq, max(seq) as to_seq from taken group by ticket_id
            )
            select %s, s.seq < p.from_seq as counted
            from spans p join ticket_step s
                on s.client_id = :client and s.ticket_id = p.ticket_id and s.seq <= p.to_seq
            order by s.ticket_id, s.seq
            """.formatted(STEP);

    /** One look into the index for each client, however many rows wait. */
    private static final String CLIENTS = """
            with recursive waiting (client_id) as (
                (select client_id from step_waiting order by client_id limit 1)
                union all
                select (select s.client_id from step_waiting s where s.client_id > w.client_id
                        order by s.client_id limit 1)
                from waiting w where w.client_id is not null
            )
            select client_id from waiting where client_id is not null union
            (select client_id from figure_owed where due <= :now order by due limit :most)
            """;

    private final JdbcClient jdbc;

    StepStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Clients with steps to count or dashboards to tell. Works in no client.
     *
     * @param most how many of those of which there is nothing but dashboards to tell
     */
    List<String> clientsWithWork(Instant now, int most) {
        return jdbc.sql(CLIENTS)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("most", most)
                .query(String.class)
                .list();
    }

    /** Whether this transaction may count for the client: at most one does at a time. */
    boolean tryLock(String clientId) {
        return jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('figures ' || :client, 0))")
                .param("client", clientId)
                .query(Boolean.class)
                .single();
    }

    /**
     * Takes the oldest waiting steps away, and hands back all steps of their tickets up to them, ticket by ticket in the
     * order of their seq.
     */
    List<Taken> take(String clientId, int most) {
        return jdbc.sql(TAKE)
                .param("client", clientId)
                .param("most", most)
                .query((row, n) -> new Taken(step(row), row.getBoolean("counted")))
                .list();
    }

    /** Takes all waiting steps of the client away: they are about to be counted with all others. */
    void takeAll(String clientId) {
        jdbc.sql("delete from step_waiting where client_id = :client")
                .param("client", clientId)
                .update();
    }

    /** Steps after that one, by ticket and seq. */
    List<Step> after(UUID ticketId, long seq, int most) {
        return jdbc.sql("select " + STEP + """
                        from ticket_step s
                        where s.client_id = current_client() and (s.ticket_id, s.seq) > (:ticket, :seq)
                        order by s.ticket_id, s.seq limit :most
                        """)
                .param("ticket", ticketId)
                .param("seq", seq)
                .param("most", most)
                .query((row, n) -> step(row))
                .list();
    }

    /** How long the client's oldest waiting step has waited, in seconds; 0 if none does. */
    double waitingSeconds(String clientId) {
        return jdbc.sql("""
                        select coalesce((select greatest(0, extract(epoch from clock_timestamp() - since))
                            from step_waiting where client_id = :client order by position limit 1), 0)::float8
                        """).param("client", clientId).query(Double.class).single();
    }

    /** The same over all clients. Works in no client. */
    double waitingSeconds() {
        return jdbc.sql("""
                        select coalesce((select greatest(0, extract(epoch from clock_timestamp() - since))
                            from step_waiting order by position limit 1), 0)::float8
                        """).query(Double.class).single();
    }

    private static Step step(ResultSet row) throws SQLException {
        return new Step(
                row.getObject("ticket_id", UUID.class),
                row.getLong("seq"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("event"),
                row.getBoolean("by_person"),
                row.getString("status"),
                row.getString("channel"),
                row.getString("priority"),
                row.getString("category"),
                row.getString("industry"),
                row.getString("outcome"),
                doubleOrNull(row),
                row.getBoolean("replied"));
    }

    private static @Nullable Double doubleOrNull(ResultSet row) throws SQLException {
        double value = row.getDouble("processing_millis");
        return row.wasNull() ? null : value;
    }

    /** @param counted whether the numbers hold it already */
    record Taken(Step step, boolean counted) {}
}
