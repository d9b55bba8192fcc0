package io.opsrelay.contracts;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * What the record {@value #TYPE} on {@link Channels#METRICS} tells: how a client's tickets stand, and how the running day
 * (UTC) goes. Names and units are those of {@code GET /api/v1/dashboard}; shares are 0 to 1, and absent where there is
 * nothing to share. The record's version stays while the numbers do: one with the version of the last only says again
 * what is known.
 *
 * @param metric for dashboards that show one figure only: its name
 * @param value its value
 * @param timestamp when the numbers were read
 * @param figures by the names and in the units of {@code GET /api/dashboard/metrics}; one that is not known is absent
 */
public record MetricsUpdated(
        String metric,
        Number value,
        Instant timestamp,
        Map<String, Number> figures,
        TicketCounts counts,
        TicketsToday today) {

    /** The frame's type. */
    public static final String TYPE = "metrics_updated";

    /** The record's key: on a state channel only the newest record of each key counts, and all of these numbers are one. */
    public static final String KEY = "tickets";

    private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

    public MetricsUpdated {
        Require.text(metric, "metric");
        Require.present(value, "value");
        Require.present(timestamp, "timestamp");
        figures = Require.map(figures, "figures");
        Require.present(counts, "counts");
        Require.present(today, "today");
    }

    /** As a record of the feed. */
    public FeedRecord asRecord(long version) {
        return new FeedRecord(
                Channels.METRICS, TYPE, KEY, version, ContractJson.mapper().convertValue(this, DATA));
    }

    /**
     * How many tickets stand where, now.
     *
     * @param byStatus by the name of the status, those with none too
     * @param pending received, by its older name
     * @param processing analyzing, awaiting approval and acting together
     * @param completed resolved and closed together
     */
    public record TicketCounts(
            long total,
            Map<String, Long> byStatus,
            long pending,
            long processing,
            long completed,
            long failed,
            long escalated) {

        public TicketCounts {
            byStatus = Require.map(byStatus, "by_status");
        }
    }

    /**
     * Since midnight, UTC.
     *
     * @param completed tickets that were resolved, or closed unresolved and not merged into another
     * @param completionRate of the tickets that ended, those completed
     * @param automationRate of the completed ones, those in which no person had a part
     * @param approvalRate of what people decided, what they approved
     * @param firstResponse from the reception to the first thing said to the customer
     * @param resolution from the reception, or the reopening, to the completion
     */
    public record TicketsToday(
            long received,
            long completed,
            long escalated,
            long failed,
            @Nullable Double completionRate,
            @Nullable Double automationRate,
            @Nullable Double approvalRate,
            TimesTaken firstResponse,
            TimesTaken resolution) {

        public TicketsToday {
            Require.present(firstResponse, "first_response");
            Require.present(resolution, "resolution");
        }
    }

    /**
     * Times in seconds, absent where nothing was measured; percentiles are right within 2 % of themselves.
     *
     * @param count how many were measured
     */
    public record TimesTaken(
            long count,
            @Nullable Double meanSeconds,
            @Nullable Double p50Seconds,
            @Nullable Double p95Seconds) {}
}
