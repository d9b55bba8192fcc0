package io.opsrelay.ingestion.stats;

import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.messaging.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Tells a client's dashboards the numbers that changed, at most once in a while; what was put off is owed, not lost. */
@Component
class MetricsFeed {

    /** The frame's type. */
    static final String TYPE = "metrics_updated";

    /** On a state channel only the newest record of each key counts: all of these numbers are one. */
    static final String KEY = "tickets";

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
     * Tells, or owes, if there is something to tell. In the client's transaction.
     *
     * @param changed whether the numbers did just now
     */
    void tell(String clientId, boolean changed, Instant now) {
        boolean owed = isOwed(clientId);
        if (!changed && !owed) {
            return;
        }
        if (isTooSoon(now)) {
            if (!owed) {
                jdbc.sql("insert into figure_owed (client_id) values (:client) on conflict do nothing")
                        .param("client", clientId)
                        .update();
            }
            return;
        }
        jdbc.sql("delete from figure_owed where client_id = :client")
                .param("client", clientId)
                .update();
        outbox.feed(clientId, new FeedRecord(Channels.METRICS, TYPE, KEY, nextVersion(clientId, now), data(now)));
    }

    private boolean isOwed(String clientId) {
        return jdbc.sql("select exists (select from figure_owed where client_id = :client)")
                .param("client", clientId)
                .query(Boolean.class)
                .single();
    }

    private boolean isTooSoon(Instant now) {
        return jdbc.sql("select at from figure_told where client_id = current_client()")
                .query(OffsetDateTime.class)
                .optional()
                .map(at -> Duration.between(at.toInstant(), now).compareTo(properties.tellAtMost()) < 0)
                .orElse(false);
    }

    private long nextVersion(String clientId, Instant now) {
        return jdbc.sql("""
                        insert into figure_told as t (client_id, version, at) values (:client, 1, :now)
                        on conflict (client_id) do update set version = t.version + 1, at = excluded.at
                        returning version
                        """)
                .param("client", clientId)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /** Older dashboards show {@code value} under the name {@code metric}; the other fields are for newer ones. */
    private Map<String, Object> data(Instant now) {
        StatusCounts counts = StatusCounts.of(figures.byStatus());
        Instant today = Grain.DAY.startOf(now);
        List<FigureStore.Count> ofToday = figures.read(Grain.DAY, today, today.plus(1, ChronoUnit.DAYS));
        Tally tally = Tally.of(ofToday);
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("metric", "ticketsProcessed");
        data.put("value", counts.processed());
        data.put("timestamp", now.toString());
        data.put("counts", counts.asMap());
        data.put("today", Map.of("received", tally.of(Figure.RECEIVED), "completed", tally.of(Figure.COMPLETED)));
        return data;
    }
}
