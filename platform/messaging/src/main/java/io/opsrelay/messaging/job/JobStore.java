package io.opsrelay.messaging.job;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The job table. A claimed job is one whose due time lies a lease ahead; the epoch tells its claimants apart. */
final class JobStore {

    private static final String CLAIM = """
            with recursive owner as (
                (select client_id from job where queue = ? order by client_id limit 1)
                union all
                select (select j.client_id from job j where j.queue = ? and j.client_id > owner.client_id
                        order by j.client_id limit 1)
                from owner where owner.client_id is not null
            ), picked as (
                select pick.id from owner cross join lateral (
                    select j.id, j.due_at from job j
                    where j.queue = ? and j.client_id = owner.client_id and j.due_at <= clock_timestamp()
                      and not exists (
                          select 1 from job older where older.queue = j.queue and older.key = j.key and older.id < j.id)
                    order by j.due_at, j.id limit ? for update skip locked
                ) as pick
                where owner.client_id is not null
                order by pick.due_at limit ?
            )
            update job set due_at = clock_timestamp() + make_interval(secs => ?), epoch = epoch + 1,
                attempts = attempts + 1
            from picked where job.id = picked.id
            returning job.id, client_id, kind, subject, cause, attempts, epoch""";

    private final JdbcTemplate jdbc;

    JobStore(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    void add(
            String queue,
            String clientId,
            String key,
            String kind,
            UUID subject,
            @Nullable UUID cause,
            Duration delay) {
        jdbc.update("""
                insert into job (queue, client_id, key, kind, subject, cause, due_at)
                values (?, ?, ?, ?, ?, ?, clock_timestamp() + make_interval(secs => ?))""", queue, clientId, key, kind, subject, cause, seconds(delay));
    }

    /** Claims up to {@code limit} due jobs; every client with due jobs gets an equal share. */
    List<Claim> claim(String queue, int limit, int perClient, Duration lease) {
        return jdbc.query(
                CLAIM,
                (row, n) -> new Claim(
                        row.getLong("id"),
                        row.getString("client_id"),
                        row.getString("kind"),
                        row.getObject("subject", UUID.class),
                        row.getObject("cause", UUID.class),
                        row.getInt("attempts"),
                        row.getLong("epoch")),
                queue,
                queue,
                queue,
                perClient,
                limit,
                seconds(lease));
    }

    boolean delete(Claim claim) {
        return jdbc.update("delete from job where id = ? and epoch = ?", claim.id(), claim.epoch()) == 1;
    }

    boolean due(Claim claim, Duration delay) {
        return jdbc.update(
                        "update job set due_at = clock_timestamp() + make_interval(secs => ?) where id = ? and epoch = ?",
                        seconds(delay),
                        claim.id(),
                        claim.epoch())
                == 1;
    }

    /** Extends the leases of running jobs; those that were lost meanwhile are left alone. */
    void renew(Collection<Claim> claims, Duration lease) {
        jdbc.batchUpdate(
                "update job set due_at = clock_timestamp() + make_interval(secs => ?) where id = ? and epoch = ?",
                claims.stream()
                        .map(claim -> new Object[] {seconds(lease), claim.id(), claim.epoch()})
                        .toList());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    /** A job as claimed. */
    record Claim(
            long id,
            String clientId,
            String kind,
            UUID subject,
            @Nullable UUID cause,
            int attempts,
            long epoch) {}
}
