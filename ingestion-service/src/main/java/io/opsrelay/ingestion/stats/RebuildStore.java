package io.opsrelay.ingestion.stats;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How the newest rebuild of a client goes on. Every call belongs into a transaction of the client. */
@Repository
class RebuildStore {

    static final String WAITING = "waiting";
    static final String RUNNING = "running";
    static final String DONE = "done";

    private final JdbcClient jdbc;

    RebuildStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Notes a new one, unless one is under way: then nothing is noted, and false is the answer. */
    boolean begin(String clientId, UUID id, String actor, Instant now) {
        return jdbc.sql("""
                        insert into figure_rebuild as r
                            (client_id, rebuild_id, asked_by, asked_at, state, steps, changed_at)
                        values (:client, :id, :actor, :now, 'waiting', 0, :now)
                        on conflict (client_id) do update set rebuild_id = excluded.rebuild_id,
                            asked_by = excluded.asked_by, asked_at = excluded.asked_at, state = excluded.state,
                            steps = 0, changed_at = excluded.changed_at
                        where r.state = 'done'
                        """)
                        .param("client", clientId)
                        .param("id", id)
                        .param("actor", actor)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                == 1;
    }

    void advance(String state, long steps, Instant now) {
        jdbc.sql("""
                        update figure_rebuild set state = :state, steps = :steps, changed_at = :now
                        where client_id = current_client()
                        """)
                .param("state", state)
                .param("steps", steps)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    Optional<Progress> find() {
        return jdbc.sql("select * from figure_rebuild where client_id = current_client()")
                .query((row, n) -> new Progress(
                        row.getObject("rebuild_id", UUID.class),
                        row.getString("asked_by"),
                        row.getObject("asked_at", OffsetDateTime.class).toInstant(),
                        row.getString("state"),
                        row.getLong("steps"),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant()))
                .optional();
    }

    /**
     * As the API shows it.
     *
     * @param state waiting, running, done
     * @param steps how many steps of tickets are counted so far
     */
    record Progress(UUID rebuildId, String askedBy, Instant askedAt, String state, long steps, Instant changedAt) {}
}
