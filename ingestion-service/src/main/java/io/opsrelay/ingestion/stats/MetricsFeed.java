package io.opsrelay.ingestion.stats;

import io.opsrelay.contracts.MetricsUpdated;
import io.opsrelay.messaging.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * Tells a client's dashboards the numbers: what changed at most once in a while (what was put off is owed, not lost), and
 * what did not change again now and then, under the same version, for gateways that have started since.
 */
@Component
class MetricsFeed {

    /** A client in which something changed within this time counts as active: it is told again sooner. */
    static final Duration ACTIVE = Duration.ofMinutes(10);

    /** Of these there are few rows even over all time; the classes of times are many. */
    private static final Set<Figure> OF_ALL_TIME =
            EnumSet.of(Figure.ENTERED, Figure.COMPLETED, Figure.APPROVAL, Figure.REVIEWED);

    private static final Set<Figure> OF_TODAY = EnumSet.of(
            Figure.RECEIVED,
            Figure.ENTERED,
            Figure.COMPLETED,
            Figure.APPROVAL,
            Figure.FIRST_RESPONSE,
            Figure.FIRST_RESPONSE_MILLIS,
            Figure.RESOLUTION,
            Figure.RESOLUTION_MILLIS);

    private final JdbcClient jdbc;
    private final FigureStore figures;
    private final Outbox outbox;
    private final StatsProperties properties;

    MetricsFeed(JdbcClient jdbc, FigureStore figures, Outbox outbox, StatsProperties properties) {
        this.jdbc = jdbc;
        this.figures = figures;
        this.outbox = outbox;
        this.properties = properties;
    }

    /**
     * Tells, or owes, if there is something to tell. In a transaction of the client, which alone counts for it.
     *
     * @param changed whether the numbers did just now
     */
    void tell(String clientId, boolean changed, Instant time) {
        Instant now = time.truncatedTo(ChronoUnit.MICROS);
        Told last = last(clientId);
        if (!changed && (last == null || last.due().isAfter(now))) {
            return;
        }
        if (last != null && now.isBefore(last.at().plus(properties.tellAtMost()))) {
            remember(clientId, last.version(), last.at(), changed ? now : last.changedAt());
            due(clientId, last.at().plus(properties.tellAtMost()));
            return;
        }
        boolean news =
                changed || last == null || last.isOwed() || !dayOf(last.at()).equals(dayOf(now));
        long version = (last == null ? 0 : last.version()) + (news ? 1 : 0);
        Instant changedAt = changed || last == null ? now : last.changedAt();
        outbox.feed(clientId, numbers(now).asRecord(version));
        remember(clientId, version, now, changedAt);
        boolean active = changedAt.plus(ACTIVE).isAfter(now);
        due(clientId, now.plus(active ? properties.tellAgain() : properties.tellQuiet()));
    }

    /** Has a change told when it is committed. In a transaction of the client, which alone counts for it. */
    void owe(String clientId, Instant time) {
        Instant now = time.truncatedTo(ChronoUnit.MICROS);
        Told last = last(clientId);
        remember(clientId, last == null ? 0 : last.version(), last == null ? Instant.EPOCH : last.at(), now);
        due(clientId, now);
    }

    private @Nullable Told last(String clientId) {
        return jdbc.sql("""
                        select t.version, t.at, t.changed_at, coalesce(o.due, t.at) as due
                        from figure_told t left join figure_owed o using (client_id) where t.client_id = :client
                        """)
                .param("client", clientId)
                .query((row, n) -> new Told(
                        row.getLong("version"),
                        row.getObject("at", OffsetDateTime.class).toInstant(),
                        row.getObject("changed_at", OffsetDateTime.class).toInstant(),
                        row.getObject("due", OffsetDateTime.class).toInstant()))
                .optional()
                .orElse(null);
    }

    private void remember(String clientId, long version, Instant at, Instant changedAt) {
        jdbc.sql("""
                        insert into figure_told (client_id, version, at, changed_at)
                        values (:client, :version, :at, :changedAt)
                        on conflict (client_id) do update
                            set version = excluded.version, at = excluded.at, changed_at = excluded.changed_at
                        """)
                .param("client", clientId)
                .param("version", version)
                .param("at", at.atOffset(ZoneOffset.UTC))
                .param("changedAt", changedAt.atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Has the client looked at when the time comes, by whichever instance. */
    private void due(String clientId, Instant due) {
        jdbc.sql("""
                        insert into figure_owed (client_id, due) values (:client, :due)
                        on conflict (client_id) do update set due = excluded.due
                        """)
                .param("client", clientId)
                .param("due", due.atOffset(ZoneOffset.UTC))
                .update();
    }

    private MetricsUpdated numbers(Instant now) {
        StatusCounts counts = StatusCounts.of(figures.byStatus());
        Tally all = Tally.of(figures.read(Grain.TOTAL, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), OF_ALL_TIME));
        Instant day = dayOf(now);
        Tally today = Tally.of(figures.read(Grain.DAY, day, day.plus(1, ChronoUnit.DAYS), OF_TODAY));
        return new MetricsUpdated(
                "ticketsProcessed",
                counts.processed(),
                now,
                inOlderNames(counts, all, today),
                new MetricsUpdated.TicketCounts(
                        counts.total(),
                        counts.byStatus(),
                        counts.pending(),
                        counts.processing(),
                        counts.completed(),
                        counts.failed(),
                        counts.escalated()),
                new MetricsUpdated.TicketsToday(
                        today.of(Figure.RECEIVED),
                        today.of(Figure.COMPLETED),
                        today.of(Figure.ENTERED, "escalated"),
                        today.of(Figure.ENTERED, "failed"),
                        today.completionRate(),
                        today.automationRate(),
                        today.approvalRate(),
                        taken(today.times(Figure.FIRST_RESPONSE, Figure.FIRST_RESPONSE_MILLIS)),
                        taken(today.times(Figure.RESOLUTION, Figure.RESOLUTION_MILLIS))));
    }

    /** Those of {@link StatsView.Older} that can be read quickly. */
    private static Map<String, Number> inOlderNames(StatusCounts counts, Tally all, Tally today) {
        Map<String, Number> named = new LinkedHashMap<>();
        named.put("ticketsProcessed", counts.processed());
        named.put("ticketsTotal", counts.total());
        named.put("ticketsToday", today.of(Figure.RECEIVED));
        named.put("pending", counts.pending());
        named.put("processing", counts.processing());
        named.put("completed", counts.completed());
        named.put("failed", counts.failed());
        named.put("escalated", counts.escalated());
        putPercent(named, "accuracyRate", all.accuracy());
        putPercent(named, "completionRate", all.completionRate());
        putPercent(named, "approvalRate", all.approvalRate());
        putPercent(named, "automationRate", all.automationRate());
        return named;
    }

    private static void putPercent(Map<String, Number> named, String name, @Nullable Double share) {
        if (share != null) {
            named.put(name, share * 100);
        }
    }

    private static MetricsUpdated.TimesTaken taken(Times times) {
        return new MetricsUpdated.TimesTaken(
                times.count(), times.meanSeconds(), times.percentileSeconds(0.5), times.percentileSeconds(0.95));
    }

    private static Instant dayOf(Instant time) {
        return Grain.DAY.startOf(time);
    }

    /**
     * What dashboards were told last.
     *
     * @param at when
     * @param changedAt when the numbers changed last
     * @param due when they are to be told again
     */
    private record Told(long version, Instant at, Instant changedAt, Instant due) {

        /** Whether a change was put off. */
        boolean isOwed() {
            return changedAt.isAfter(at);
        }
    }
}
