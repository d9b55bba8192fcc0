package io.opsrelay.messaging.job;

import io.opsrelay.security.tenant.DeferredRows;
import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The job table. A claimed job is one whose due time lies a lease ahead; the epoch tells its claimants apart. */
final class JobStore {

    /**
     * Settings of the sessions that claim. Looking for work is the statement that is run most often, and planning it takes
     * several times as long as running it; yet a plan that was made when nothing waited may compare each job with each
     * other one, and does not end when tens of thousands have come. So it is planned once, in the one way that is good
     * for any number: along the indexes, in their order.
     */
    static final String PLANS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_bitmapscan=off"
            + " -c enable_sort=off -c enable_hashjoin=off -c enable_mergejoin=off";

    /** The next places go to those clients that have the fewest. */
    private static final String CLAIM = """
            with recursive owner as (
                (select client_id from job where queue = ? order by client_id limit 1)
                union all
                select (select j.client_id from job j where j.queue = ? and j.client_id > owner.client_id
                        order by j.client_id limit 1)
                from owner where owner.client_id is not null
            ), due as (
                select pick.id, pick.due_at,
                       coalesce(busy.jobs, 0) + row_number() over (
                           partition by owner.client_id order by pick.due_at, pick.id) as place
                from owner left join unnest(?::text[], ?::int[]) as busy (client_id, jobs) using (client_id)
                cross join lateral (
                    select few.id, few.due_at from (
                        select j.id, j.due_at from job j
                        where j.queue = ? and j.client_id = owner.client_id and j.due_at <= statement_timestamp()
                          and not exists (
                              select 1 from job older where older.queue = j.queue and older.key = j.key and older.id < j.id)
                        order by j.due_at, j.id limit ? for update skip locked) as few
                    limit least(?, greatest(0, ? - coalesce(busy.jobs, 0)))
                ) as pick
                where owner.client_id is not null
            )
            update job set due_at = clock_timestamp() + make_interval(secs => ?), epoch = epoch + 1,
                attempts = attempts + 1
            where id = any (array(select id from due order by place, due_at, id limit ?))
            returning id, client_id, kind, subject, cause, attempts, epoch""";

    /** Jobs by their ids, each with its own epoch. */
    private static final String MINE = "id = any(?) and epoch = (?::bigint[])[array_position(?, id)]";

    private static final String ADD = """
            insert into job (queue, client_id, key, kind, subject, cause, due_at)
            values (?, ?, ?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))""";

    /** Which of some queues have jobs that are due, though an older one of the same key may stand before them. */
    private static final String DUE = """
            select asked.queue from unnest(?::text[]) as asked (queue)
            cross join lateral (
                select 1 from job where job.queue = asked.queue and job.due_at <= statement_timestamp() limit 1) as one""";

    private final JdbcTemplate jdbc;
    private final JdbcTemplate claiming;

    private final DeferredRows<Added> added;

    /**
     * @param jdbc on the service's database, in whose transactions jobs are added and ended
     * @param claiming on the same, with {@link #PLANS}
     */
    JobStore(JdbcTemplate jdbc, JdbcTemplate claiming) {
        this.jdbc = jdbc;
        this.claiming = claiming;
        this.added = new DeferredRows<>(jdbc, ADD, Added::parameters);
    }

    void add(
            String queue,
            String clientId,
            String key,
            String kind,
            UUID subject,
            @Nullable UUID cause,
            Duration delay) {
        added.add(new Added(queue, clientId, key, kind, subject, cause, delay));
    }

    /**
     * Claims up to {@code limit} due jobs. Clients share the places: the next goes to whoever has the fewest.
     *
     * @param running jobs that this instance works on, by client
     * @param perClient most that one client may have, those that run included
     */
    List<Claim> claim(String queue, int limit, Map<String, Integer> running, int perClient, Duration lease) {
        String[] clients = running.keySet().toArray(String[]::new);
        Integer[] jobs = running.values().toArray(Integer[]::new);
        return claiming.query(
                CLAIM,
                statement -> {
                    statement.setString(1, queue);
                    statement.setString(2, queue);
                    statement.setArray(3, statement.getConnection().createArrayOf("text", clients));
                    statement.setArray(4, statement.getConnection().createArrayOf("int4", jobs));
                    statement.setString(5, queue);
                    statement.setInt(6, limit);
                    statement.setInt(7, limit);
                    statement.setInt(8, perClient);
                    statement.setDouble(9, seconds(lease));
                    statement.setInt(10, limit);
                },
                (row, n) -> new Claim(
                        row.getLong("id"),
                        row.getString("client_id"),
                        row.getString("kind"),
                        row.getObject("subject", UUID.class),
                        row.getObject("cause", UUID.class),
                        row.getInt("attempts"),
                        row.getLong("epoch"),
                        System.nanoTime()));
    }

    /** Which of these queues have something due. */
    List<String> due(Collection<String> queues) {
        return claiming.query(
                DUE,
                statement -> statement.setArray(
                        1, statement.getConnection().createArrayOf("text", queues.toArray(String[]::new))),
                (row, n) -> row.getString(1));
    }

    /** Whether all of them were still this instance's; if not, the transaction must not commit. */
    boolean delete(Collection<Claim> claims) {
        return jdbc.update("delete from job where " + MINE, statement -> mine(statement, 1, claims)) == claims.size();
    }

    boolean due(Claim claim, Duration delay) {
        return jdbc.update(
                        "update job set due_at = clock_timestamp() + make_interval(secs => ?) where id = ? and epoch = ?",
                        seconds(delay),
                        claim.id(),
                        claim.epoch())
                == 1;
    }

    /** Whether all of them were still this instance's; if not, the transaction must not commit. */
    boolean due(Collection<Claim> claims, Duration delay) {
        return jdbc.update(
                        "update job set due_at = clock_timestamp() + make_interval(secs => ?) where " + MINE,
                        statement -> {
                            statement.setDouble(1, seconds(delay));
                            mine(statement, 2, claims);
                        })
                == claims.size();
    }

    /** See {@link Jobs#hasten}. */
    boolean hasten(String queue, String clientId, String kind, UUID subject) {
        added.flush();
        return jdbc.update(
                        "update job set due_at = least(due_at, clock_timestamp())"
                                + " where queue = ? and client_id = ? and kind = ? and subject = ?",
                        queue,
                        clientId,
                        kind,
                        subject)
                > 0;
    }

    /**
     * Extends the leases of running jobs. Those that were lost meanwhile are left alone, and so are those that a worker's
     * transaction is just ending: nobody else can claim them while it lasts.
     */
    void renew(Collection<Claim> claims, Duration lease) {
        claiming.update(
                "with mine as (select id from job where " + MINE + " for update skip locked)"
                        + " update job set due_at = clock_timestamp() + make_interval(secs => ?)"
                        + " from mine where job.id = mine.id",
                statement -> {
                    mine(statement, 1, claims);
                    statement.setDouble(4, seconds(lease));
                });
    }

    private static void mine(PreparedStatement statement, int first, Collection<Claim> claims) throws SQLException {
        Array ids = statement
                .getConnection()
                .createArrayOf("bigint", claims.stream().map(Claim::id).toArray());
        statement.setArray(first, ids);
        statement.setArray(
                first + 1,
                statement
                        .getConnection()
                        .createArrayOf(
                                "bigint", claims.stream().map(Claim::epoch).toArray()));
        statement.setArray(first + 2, ids);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private record Added(
            String queue,
            String clientId,
            String key,
            String kind,
            UUID subject,
            @Nullable UUID cause,
            Duration delay) {

        @Nullable
        Object[] parameters() {
            return new @Nullable Object[] {queue, clientId, key, kind, subject, cause, seconds(delay)};
        }
    }

    /**
     * A job as claimed.
     *
     * @param claimedAt by {@link System#nanoTime}
     */
    record Claim(
            long id,
            String clientId,
            String kind,
            UUID subject,
            @Nullable UUID cause,
            int attempts,
            long epoch,
            long claimedAt) {}
}
