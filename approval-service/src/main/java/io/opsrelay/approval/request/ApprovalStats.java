package io.opsrelay.approval.request;

import io.opsrelay.security.web.ProblemException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** How requests fared, over a window of time. Every call belongs into a transaction of the client. */
@Repository
class ApprovalStats {

    private static final Duration USUAL = Duration.ofDays(30);
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Duration SOON = Duration.ofMinutes(10);

    /** A row for each type of action, and one of all with no type. */
    private static final String QUERY =
            """
            select action_type, count(*) as total,
                count(*) filter (where status = 'pending') as pending,
                count(*) filter (where status = 'approved') as approved,
                count(*) filter (where status = 'rejected') as rejected,
                count(*) filter (where status = 'responded') as responded,
                count(*) filter (where status = 'expired') as expired,
                count(*) filter (where status = 'cancelled') as cancelled,
                count(*) filter (where decided_by like 'policy:%%') as by_policy,
                count(*) filter (where %1$s) as by_people,
                count(*) filter (where %1$s and status = 'approved') as approved_by_people,
                extract(epoch from percentile_cont(0.5) within group (order by decided_at - created_at)
                    filter (where %1$s)) as median,
                extract(epoch from percentile_cont(0.95) within group (order by decided_at - created_at)
                    filter (where %1$s)) as p95
            from approval where created_at >= :from and created_at < :to
            group by grouping sets ((action_type), ()) order by action_type nulls first
            """.formatted("decided_by like 'user:%' and status in ('approved', 'rejected', 'responded')");

    private final JdbcClient jdbc;

    ApprovalStats(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * What was asked for from {@code from} on and before {@code to}; of the last 30 days if these are absent.
     *
     * @throws ProblemException 400 for a window that is none, or is longer than a year
     */
    Stats of(@Nullable Instant from, @Nullable Instant to, Instant now) {
        Instant end = to == null ? now : to;
        Instant begin = from == null ? end.minus(USUAL) : from;
        if (!begin.isBefore(end)) {
            throw ProblemException.badRequest("from", "must be before to, which is " + end);
        }
        if (Duration.between(begin, end).compareTo(LONGEST) > 0) {
            throw ProblemException.badRequest("from", "must be at most " + LONGEST.toDays() + " days before to");
        }
        List<Figures> rows = jdbc.sql(QUERY)
                .param("from", begin.atOffset(ZoneOffset.UTC))
                .param("to", end.atOffset(ZoneOffset.UTC))
                .query(ApprovalStats::figures)
                .list();
        return new Stats(begin, end, rows.getFirst(), rows.subList(1, rows.size()));
    }

    /** What waits at {@code now}, however long it has. */
    Queue queue(Instant now) {
        return jdbc.sql("""
                        select count(*) as count, count(*) filter (where expires_at < :soon) as expiring_soon
                        from approval where status = 'pending'""")
                .param("soon", now.plus(SOON).atOffset(ZoneOffset.UTC))
                .query((row, number) -> new Queue(row.getLong("count"), row.getLong("expiring_soon")))
                .single();
    }

    private static Figures figures(ResultSet row, int number) throws SQLException {
        Map<String, Long> byStatus = new LinkedHashMap<>();
        for (ApprovalState.Status status : ApprovalState.Status.values()) {
            byStatus.put(ApprovalFilter.nameOf(status), row.getLong(ApprovalFilter.nameOf(status)));
        }
        long byPeople = row.getLong("by_people");
        return new Figures(
                row.getString("action_type"),
                row.getLong("total"),
                byStatus,
                row.getLong("by_policy"),
                byPeople,
                byPeople == 0 ? null : (double) row.getLong("approved_by_people") / byPeople,
                row.getObject("median") == null ? null : row.getDouble("median"),
                row.getObject("p95") == null ? null : row.getDouble("p95"));
    }

    /** @param expiringSoon those whose time ends within ten minutes */
    record Queue(long count, long expiringSoon) {}

    /**
     * The answer.
     *
     * @param all of all types together
     */
    record Stats(Instant from, Instant to, Figures all, List<Figures> byActionType) {}

    /**
     * Figures of one type of action, or of all.
     *
     * @param total requests, those that policy settled at once among them
     * @param byPolicy what policy decided alone
     * @param byPeople what people approved, rejected or answered
     * @param approvalRate the approved ones of {@code byPeople}, 0 to 1; absent if there are none
     * @param medianSeconds from the request to a person's decision; absent if there is none
     * @param p95Seconds 95 of 100 were decided faster
     */
    record Figures(
            @Nullable String actionType,
            long total,
            Map<String, Long> byStatus,
            long byPolicy,
            long byPeople,
            @Nullable Double approvalRate,
            @Nullable Double medianSeconds,
            @Nullable Double p95Seconds) {}
}
