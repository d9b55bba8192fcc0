package io.opsrelay.ingestion.zendesk;

import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.PageRequest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Runs in PostgreSQL. Runs inside a transaction of the client, which confines it to the client's own. */
@Component
class RunStore {

    private final JdbcClient jdbc;
    private final Clock clock;

    RunStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * How many of a run's tickets are where.
     *
     * @param total all that it came upon
     * @param commentsTaken comments of their customers that became messages
     */
    record Counts(int total, int waiting, int successful, int failed, int skipped, int commentsTaken) {}

    /** @throws org.springframework.dao.DuplicateKeyException if another one pulls from that channel */
    void insert(String clientId, Run run) {
        jdbc.sql("""
                        insert into zendesk_run (client_id, run_id, channel_id, trigger, zendesk_id, force, ticket_limit,
                            only_unprocessed, industry, state, cursor, created_by, created_at)
                        values (:client, :run, :channel, :trigger, :zendesk, :force, :limit, :only, :industry, :state,
                            :cursor, :by, :at)
                        """)
                .param("client", clientId)
                .param("run", run.runId())
                .param("channel", run.channelId())
                .param("trigger", run.trigger())
                .param("zendesk", run.zendeskId())
                .param("force", run.force())
                .param("limit", run.limit())
                .param("only", run.onlyUnprocessed())
                .param("industry", run.industry())
                .param("state", run.state())
                .param("cursor", run.cursor())
                .param("by", run.createdBy())
                .param("at", run.createdAt().atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Run> find(UUID runId) {
        return jdbc.sql("select * from zendesk_run where run_id = ?")
                .param(runId)
                .query(RunStore::run)
                .optional();
    }

    /** Runs that people asked for, newest first; one more than the page holds. */
    List<Run> list(PageRequest page) {
        Cursor after = page.after();
        String behind = after == null ? "" : " and (created_at, run_id) < (:at, :id)";
        JdbcClient.StatementSpec statement = jdbc.sql("select * from zendesk_run where trigger = 'request'" + behind
                        + " order by created_at desc, run_id desc limit :limit")
                .param("limit", page.limit() + 1);
        if (after != null) {
            statement = statement
                    .param("at", after.createdAt().atOffset(ZoneOffset.UTC))
                    .param("id", after.id());
        }
        return statement.query(RunStore::run).list();
    }

    Counts counts(UUID runId) {
        return jdbc.sql("""
                        select count(*) as total,
                            count(*) filter (where state = 'waiting') as waiting,
                            count(*) filter (where state = 'succeeded') as succeeded,
                            count(*) filter (where state = 'failed') as failed,
                            count(*) filter (where state = 'skipped') as skipped,
                            coalesce(sum(comments_taken), 0) as comments_taken
                        from zendesk_run_ticket where run_id = ?
                        """)
                .param(runId)
                .query((row, n) -> new Counts(
                        row.getInt("total"),
                        row.getInt("waiting"),
                        row.getInt("succeeded"),
                        row.getInt("failed"),
                        row.getInt("skipped"),
                        row.getInt("comments_taken")))
                .single();
    }

    Optional<String> cursorOf(String channelId) {
        return jdbc.sql("select cursor from zendesk_cursor where channel_id = ?")
                .param(channelId)
                .query(String.class)
                .optional();
    }

    /** A page is stored: this run, and those after it if it follows the cursor, go on behind it. */
    void advance(String clientId, Run run, String cursor) {
        jdbc.sql("update zendesk_run set cursor = ?, troubles = 0, error = null where run_id = ?")
                .params(cursor, run.runId())
                .update();
        if (run.followsCursor()) {
            jdbc.sql("""
                            insert into zendesk_cursor (client_id, channel_id, cursor, updated_at) values (?, ?, ?, ?)
                            on conflict (client_id, channel_id) do update
                                set cursor = excluded.cursor, updated_at = excluded.updated_at
                            """).params(clientId, run.channelId(), cursor, now()).update();
        }
    }

    void troubled(UUID runId, String error) {
        jdbc.sql("update zendesk_run set troubles = troubles + 1, error = ? where run_id = ?")
                .params(error, runId)
                .update();
    }

    void failed(UUID runId, String error) {
        jdbc.sql("update zendesk_run set state = 'failed', error = ?, finished_at = ? where run_id = ?")
                .params(error, now(), runId)
                .update();
    }

    /** All its tickets are fetched. */
    void pulled(UUID runId) {
        jdbc.sql("update zendesk_run set state = 'waiting', troubles = 0, error = null where run_id = ?")
                .param(runId)
                .update();
        completeIfDone(runId);
    }

    /** Ends the run if nothing of it waits any more. */
    void completeIfDone(UUID runId) {
        // Two that end the last two tickets at the same moment must see each other's.
        jdbc.sql("select run_id from zendesk_run where run_id = ? for update")
                .param(runId)
                .query(UUID.class)
                .optional();
        jdbc.sql("""
                        update zendesk_run r set state = 'completed', finished_at = ?
                        where run_id = ? and state = 'waiting' and not exists (
                            select 1 from zendesk_run_ticket t
                            where t.client_id = r.client_id and t.run_id = r.run_id and t.state = 'waiting')
                        """).params(now(), runId).update();
    }

    private OffsetDateTime now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    private static Run run(ResultSet row, int n) throws SQLException {
        return new Run(
                Objects.requireNonNull(row.getObject("run_id", UUID.class)),
                row.getString("channel_id"),
                row.getString("trigger"),
                row.getObject("zendesk_id", Long.class),
                row.getBoolean("force"),
                row.getInt("ticket_limit"),
                row.getBoolean("only_unprocessed"),
                row.getString("industry"),
                row.getString("state"),
                row.getString("cursor"),
                row.getInt("troubles"),
                row.getString("error"),
                row.getString("created_by"),
                Objects.requireNonNull(instant(row, "created_at")),
                instant(row, "finished_at"));
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime at = row.getObject(column, OffsetDateTime.class);
        return at == null ? null : at.toInstant();
    }
}
