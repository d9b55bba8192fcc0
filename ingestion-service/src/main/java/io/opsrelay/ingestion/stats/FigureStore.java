package io.opsrelay.ingestion.stats;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.SqlArrayValue;
import org.springframework.stereotype.Repository;

/** The numbers in PostgreSQL. Every call belongs into a transaction of the client. */
@Repository
class FigureStore {

    /** In the order of the key, so that two that add at once cannot block each other. */
    private static final String ADD = """
            insert into figure (client_id, grain, start, name, key, value)
            select :client, grain, to_timestamp(start), name, key, value
            from unnest(:grains, :starts, :names, :keys, :values) as added (grain, start, name, key, value)
            on conflict (client_id, grain, start, name, key) do update set value = figure.value + excluded.value
            """;

    private final JdbcClient jdbc;
    private final StatsProperties properties;

    FigureStore(JdbcClient jdbc, StatsProperties properties) {
        this.jdbc = jdbc;
        this.properties = properties;
    }

    /** Adds to the counts of all grains that are still kept. */
    void add(String clientId, Counts counts, Instant now) {
        TreeMap<Row, Long> rows = new TreeMap<>();
        counts.forEach((cell, value) -> {
            for (Grain grain : Grain.values()) {
                if (grain == Grain.TOTAL || !cell.minute().isBefore(keptSince(grain, now))) {
                    rows.merge(
                            new Row(grain, grain.startOf(cell.minute()), cell.figure(), cell.key()), value, Long::sum);
                }
            }
        });
        rows.values().removeIf(value -> value == 0);
        if (rows.isEmpty()) {
            return;
        }
        Collection<Row> keys = rows.keySet();
        jdbc.sql(ADD)
                .param("client", clientId)
                .param("grains", array("text", keys.stream().map(row -> row.grain.wireName())))
                .param("starts", array("int8", keys.stream().map(row -> row.start.getEpochSecond())))
                .param("names", array("text", keys.stream().map(row -> row.figure.wireName())))
                .param("keys", array("text", keys.stream().map(Row::key)))
                .param("values", array("int8", rows.values().stream()))
                .update();
    }

    /** Removes all numbers of the client. */
    void clear() {
        jdbc.sql("delete from figure where client_id = current_client()").update();
    }

    /** Removes what is older than it is kept. */
    void sweep(Instant now) {
        for (Grain grain : List.of(Grain.MINUTE, Grain.QUARTER)) {
            jdbc.sql("delete from figure where client_id = current_client() and grain = :grain and start < :before")
                    .param("grain", grain.wireName())
                    .param("before", utc(keptSince(grain, now)))
                    .update();
        }
    }

    /** The counts of spans that begin in [from, to). */
    List<Count> read(Grain grain, Instant from, Instant to) {
        return read(grain, from, to, EnumSet.allOf(Figure.class));
    }

    /** The same, of these figures only. */
    List<Count> read(Grain grain, Instant from, Instant to, Set<Figure> wanted) {
        return jdbc.sql("""
                        select extract(epoch from start)::bigint as start, name, key, value from figure
                        where client_id = current_client() and grain = :grain and start >= :from and start < :to
                            and name = any(:names) and value <> 0
                        """)
                .param("names", array("text", wanted.stream().map(Figure::wireName)))
                .param("grain", grain.wireName())
                .param("from", utc(from))
                .param("to", utc(to))
                .query(FigureStore::count)
                .list();
    }

    /**
     * The counts of quarters that begin in [from, to), added up by the hours or days of a time zone.
     *
     * @param unit hour or day
     * @param zone a region of the time zone database
     */
    List<Count> readBy(String unit, String zone, Instant from, Instant to) {
        return jdbc.sql("""
                        select extract(epoch from date_trunc(:unit, start, :zone))::bigint as start, name, key,
                            sum(value)::bigint as value
                        from figure
                        where client_id = current_client() and grain = 'quarter' and start >= :from and start < :to
                        group by 1, 2, 3 having sum(value) <> 0
                        """)
                .param("unit", unit)
                .param("zone", zone)
                .param("from", utc(from))
                .param("to", utc(to))
                .query(FigureStore::count)
                .list();
    }

    /** How many tickets stand in each status, by its name. */
    Map<String, Long> byStatus() {
        Map<String, Long> counts = new TreeMap<>();
        jdbc.sql("""
                        select key, sum(case name when 'entered' then value else -value end)::bigint as value
                        from figure
                        where client_id = current_client() and grain = 'total' and start = :start
                            and name in ('entered', 'left')
                        group by key
                        """).param("start", utc(Instant.EPOCH)).query(row -> {
            counts.put(row.getString("key"), row.getLong("value"));
        });
        return counts;
    }

    private static Count count(ResultSet row, int n) throws SQLException {
        return new Count(
                Instant.ofEpochSecond(row.getLong(1)), Figure.of(row.getString(2)), row.getString(3), row.getLong(4));
    }

    private Instant keptSince(Grain grain, Instant now) {
        return switch (grain) {
            case MINUTE -> Grain.DAY.startOf(now.minus(properties.keepMinutes()));
            case QUARTER -> Grain.DAY.startOf(now.minus(properties.keepQuarters()));
            case DAY, TOTAL -> Instant.MIN;
        };
    }

    private static SqlArrayValue array(String type, Stream<?> values) {
        return new SqlArrayValue(type, values.toArray());
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }

    /** @param start begin of the span */
    record Count(Instant start, Figure figure, String key, long value) {}

    private record Row(Grain grain, Instant start, Figure figure, String key) implements Comparable<Row> {
        @Override
        public int compareTo(Row other) {
            int byGrain = grain.compareTo(other.grain);
            int byStart = byGrain == 0 ? start.compareTo(other.start) : byGrain;
            int byFigure = byStart == 0 ? figure.compareTo(other.figure) : byStart;
            return byFigure == 0 ? key.compareTo(other.key) : byFigure;
        }
    }
}
