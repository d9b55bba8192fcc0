package io.opsrelay.ingestion.stats;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.opsrelay.security.docs.DescribedAs;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the API shows the numbers. Shares are 0 to 1 and absent where there is nothing to share. */
final class StatsView {

    private StatsView() {}

    /**
     * Of a span of time.
     *
     * @param from begin of the first bucket
     * @param to end of the last bucket
     * @param generated when the numbers were read
     * @param behindSeconds how long the oldest change has waited that they do not hold; 0 if they hold all
     * @param now how many tickets stand where, now
     * @param series the buckets in order, empty ones too
     */
    record Stats(
            Instant from,
            Instant to,
            @DescribedAs(Window.Bucket.class) String bucket,
            String zone,
            Instant generated,
            double behindSeconds,
            StatusCounts now,
            Totals totals,
            List<Point> series) {}

    /**
     * Sums over a span of time.
     *
     * @param received tickets that came; the next four tell the same tickets apart, as far as is known by now
     * @param completed tickets that were resolved, or closed unresolved and not merged into another
     * @param reopened completed tickets that were taken up again
     * @param entered tickets that came into each status
     * @param left tickets that left each status
     * @param runs agent runs that ended, by outcome
     * @param approvals decisions about actions of tickets: approved, rejected, responded (by people), by_policy, expired
     * @param completionRate of the tickets that ended, those completed; the others escalated or failed
     * @param automationRate of the completed ones, those in which no person had a part
     * @param approvalRate of what people decided, what they approved
     * @param accuracy of the reviewed tickets, those whose category people did not change; null as long as none was
     *     corrected or confirmed
     * @param reviewed classified tickets whose category people judged: corrected, confirmed, or left when they resolved or
     *     closed the ticket
     * @param corrections those whose category they changed
     * @param confirmations those whose category they confirmed
     */
    record Totals(
            long received,
            Map<String, Long> byChannel,
            Map<String, Long> byCategory,
            Map<String, Long> byPriority,
            Map<String, Long> byIndustry,
            long completed,
            long escalated,
            long failed,
            long reopened,
            Map<String, Long> entered,
            Map<String, Long> left,
            Map<String, Long> runs,
            Map<String, Long> approvals,
            @Nullable Double completionRate,
            @Nullable Double automationRate,
            @Nullable Double approvalRate,

            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double accuracy,

            long reviewed,
            long corrections,
            long confirmations,
            Spread firstResponse,
            Spread resolution,
            Spread processing) {

        static Totals of(Tally tally) {
            return new Totals(
                    tally.of(Figure.RECEIVED),
                    tally.byKey(Figure.CHANNEL),
                    tally.byKey(Figure.CATEGORY),
                    tally.byKey(Figure.PRIORITY),
                    tally.byKey(Figure.INDUSTRY),
                    tally.of(Figure.COMPLETED),
                    tally.of(Figure.ENTERED, "escalated"),
                    tally.of(Figure.ENTERED, "failed"),
                    tally.of(Figure.REOPENED),
                    tally.byKey(Figure.ENTERED),
                    tally.byKey(Figure.LEFT),
                    tally.byKey(Figure.RUN),
                    tally.byKey(Figure.APPROVAL),
                    tally.completionRate(),
                    tally.automationRate(),
                    tally.approvalRate(),
                    tally.accuracy(),
                    tally.of(Figure.REVIEWED),
                    tally.of(Figure.REVIEWED, Figure.CORRECTED),
                    tally.of(Figure.REVIEWED, Figure.CONFIRMED),
                    Spread.of(tally.times(Figure.FIRST_RESPONSE, Figure.FIRST_RESPONSE_MILLIS)),
                    Spread.of(tally.times(Figure.RESOLUTION, Figure.RESOLUTION_MILLIS)),
                    Spread.of(tally.times(Figure.PROCESSING, Figure.PROCESSING_MILLIS)));
        }
    }

    /** Times in seconds; percentiles are right within 2 % of themselves. */
    record Spread(
            long count,
            @Nullable Double meanSeconds,
            @Nullable Double p50Seconds,
            @Nullable Double p90Seconds,
            @Nullable Double p95Seconds,
            @Nullable Double p99Seconds) {

        static Spread of(Times times) {
            return new Spread(
                    times.count(),
                    times.meanSeconds(),
                    times.percentileSeconds(0.5),
                    times.percentileSeconds(0.9),
                    times.percentileSeconds(0.95),
                    times.percentileSeconds(0.99));
        }
    }

    /** One bucket. */
    record Point(
            Instant start,
            long received,
            long completed,
            long escalated,
            long failed,
            long reopened,
            @Nullable Double completionRate,
            @Nullable Double automationRate,
            @Nullable Double approvalRate,
            @Nullable Double firstResponseP50Seconds,
            @Nullable Double firstResponseP95Seconds,
            @Nullable Double resolutionP50Seconds,
            @Nullable Double resolutionP95Seconds) {

        static Point of(Instant start, Tally tally) {
            Times firstResponse = tally.times(Figure.FIRST_RESPONSE, Figure.FIRST_RESPONSE_MILLIS);
            Times resolution = tally.times(Figure.RESOLUTION, Figure.RESOLUTION_MILLIS);
            return new Point(
                    start,
                    tally.of(Figure.RECEIVED),
                    tally.of(Figure.COMPLETED),
                    tally.of(Figure.ENTERED, "escalated"),
                    tally.of(Figure.ENTERED, "failed"),
                    tally.of(Figure.REOPENED),
                    tally.completionRate(),
                    tally.automationRate(),
                    tally.approvalRate(),
                    firstResponse.percentileSeconds(0.5),
                    firstResponse.percentileSeconds(0.95),
                    resolution.percentileSeconds(0.5),
                    resolution.percentileSeconds(0.95));
        }
    }

    /**
     * Day by day.
     *
     * @param days the last days, today last
     * @param trend the last seven whole days against the seven before
     */
    record History(
            String zone,
            Instant generated,
            double behindSeconds,
            List<Point> days,
            @Nullable Trend trend) {}

    /** Relative changes, 0.1 is 10 % more; absent where there was nothing before. */
    record Trend(@Nullable Double received, @Nullable Double completed) {}

    /** All at a glance. */
    record Snapshot(Metrics metrics, Instant generated, double behindSeconds) {}

    /**
     * The snapshot's numbers.
     *
     * @param counts how many tickets stand where, now
     * @param today since midnight, UTC
     * @param last30Days today and the 29 days before
     */
    record Metrics(
            StatusCounts counts,
            Totals today,
            @JsonProperty("last_30_days") Totals last30Days) {}

    /** In the names of an older dashboard. Rates in percent, times in seconds; over all time but for {@code today}. */
    record Older(
            @JsonProperty("ticketsProcessed") long ticketsProcessed,
            @JsonProperty("ticketsTotal") long ticketsTotal,
            @JsonProperty("ticketsToday") long ticketsToday,
            @JsonProperty("pending") long pending,
            @JsonProperty("processing") long processing,
            @JsonProperty("completed") long completed,
            @JsonProperty("failed") long failed,
            @JsonProperty("escalated") long escalated,

            @JsonProperty("accuracyRate") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double accuracyRate,

            @JsonProperty("completionRate") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double completionRate,

            @JsonProperty("approvalRate") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double approvalRate,

            @JsonProperty("automationRate") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double automationRate,

            @JsonProperty("avgProcessingTime") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double avgProcessingTime,

            @JsonProperty("avgResponseTime") @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable
            Double avgResponseTime,

            @JsonProperty("lastUpdated") Instant lastUpdated) {}
}
