package io.opsrelay.ingestion.stats;

import io.opsrelay.ingestion.stats.StatsView.Point;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Answers from what is counted; no answer looks at tickets. */
@Component
class Dashboard {

    private static final int WEEK = 7;

    private final ClientTransactions transactions;
    private final FigureStore figures;
    private final StepStore steps;
    private final StatsProperties properties;
    private final Clock clock;

    Dashboard(
            ClientTransactions transactions,
            FigureStore figures,
            StepStore steps,
            StatsProperties properties,
            Clock clock) {
        this.transactions = transactions;
        this.figures = figures;
        this.steps = steps;
        this.properties = properties;
        this.clock = clock;
    }

    /** @throws ProblemException 400 for a span that is none, too long, or longer ago than minutes are kept */
    StatsView.Stats stats(
            String clientId,
            @Nullable String from,
            @Nullable String to,
            @Nullable String bucket,
            @Nullable String zone) {
        Instant now = clock.instant();
        Window window = Window.of(from, to, bucket, zone, now);
        if (window.bucket() == Window.Bucket.MINUTE && window.from().isBefore(now.minus(properties.keepMinutes()))) {
            throw ProblemException.badRequest(
                    "from",
                    "must not be longer ago than minutes are kept, "
                            + properties.keepMinutes().toDays() + " days");
        }
        return transactions.read(clientId, () -> {
            List<FigureStore.Count> counts = read(window);
            return new StatsView.Stats(
                    window.from(),
                    window.to(),
                    window.bucket().wireName(),
                    nameOf(window),
                    now,
                    steps.waitingSeconds(clientId),
                    StatusCounts.of(figures.byStatus()),
                    StatsView.Totals.of(Tally.of(counts)),
                    points(window, counts));
        });
    }

    /** @throws ProblemException 400 for a number of days that is out of bounds, or a zone that does not exist */
    StatsView.History history(String clientId, int days, @Nullable String zone) {
        Instant now = clock.instant();
        Window window = Window.lastDays(days, zone, now);
        return transactions.read(clientId, () -> {
            List<Point> points = points(window, read(window));
            return new StatsView.History(nameOf(window), now, steps.waitingSeconds(clientId), points, trendOf(points));
        });
    }

    StatsView.Snapshot snapshot(String clientId) {
        Instant now = clock.instant();
        Instant today = Grain.DAY.startOf(now);
        return transactions.read(clientId, () -> {
            List<FigureStore.Count> counts =
                    figures.read(Grain.DAY, today.minus(29, ChronoUnit.DAYS), today.plus(1, ChronoUnit.DAYS));
            Tally ofToday = Tally.of(
                    counts.stream().filter(count -> count.start().equals(today)).toList());
            return new StatsView.Snapshot(
                    new StatsView.Metrics(
                            StatusCounts.of(figures.byStatus()),
                            StatsView.Totals.of(ofToday),
                            StatsView.Totals.of(Tally.of(counts))),
                    now,
                    steps.waitingSeconds(clientId));
        });
    }

    StatsView.Older older(String clientId) {
        Instant now = clock.instant();
        Instant today = Grain.DAY.startOf(now);
        return transactions.read(clientId, () -> {
            Tally all = Tally.of(figures.read(Grain.TOTAL, Instant.EPOCH, Instant.EPOCH.plusSeconds(1)));
            Tally ofToday = Tally.of(figures.read(Grain.DAY, today, today.plus(1, ChronoUnit.DAYS)));
            StatusCounts counts = StatusCounts.of(figures.byStatus());
            return new StatsView.Older(
                    counts.processed(),
                    counts.total(),
                    ofToday.of(Figure.RECEIVED),
                    counts.pending(),
                    counts.processing(),
                    counts.completed(),
                    counts.failed(),
                    counts.escalated(),
                    percent(all.accuracy()),
                    percent(all.completionRate()),
                    percent(all.approvalRate()),
                    percent(all.automationRate()),
                    all.times(Figure.PROCESSING, Figure.PROCESSING_MILLIS).meanSeconds(),
                    all.times(Figure.FIRST_RESPONSE, Figure.FIRST_RESPONSE_MILLIS)
                            .meanSeconds(),
                    now);
        });
    }

    private List<FigureStore.Count> read(Window window) {
        return switch (window.bucket()) {
            case MINUTE -> figures.read(Grain.MINUTE, window.from(), window.to());
            case HOUR -> figures.readBy("hour", nameOf(window), window.from(), window.to());
            case DAY ->
                window.isUtc()
                        ? figures.read(Grain.DAY, window.from(), window.to())
                        : figures.readBy("day", nameOf(window), window.from(), window.to());
        };
    }

    private static List<Point> points(Window window, List<FigureStore.Count> counts) {
        NavigableMap<Instant, Tally> tallies = new TreeMap<>();
        window.starts().forEach(start -> tallies.put(start, new Tally()));
        // By where it lies: where midnight is left out by a change of clocks, two libraries begin the day differently.
        counts.forEach(count -> {
            Map.Entry<Instant, Tally> bucket = tallies.floorEntry(count.start());
            if (bucket == null) {
                bucket = tallies.firstEntry();
            }
            if (bucket != null) {
                bucket.getValue().add(count);
            }
        });
        return tallies.entrySet().stream()
                .map(entry -> Point.of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static StatsView.@Nullable Trend trendOf(List<Point> days) {
        // Today is not over.
        int end = days.size() - 1;
        if (end < 2 * WEEK) {
            return null;
        }
        List<Point> last = days.subList(end - WEEK, end);
        List<Point> before = days.subList(end - 2 * WEEK, end - WEEK);
        return new StatsView.Trend(
                change(
                        before.stream().mapToLong(Point::received).sum(),
                        last.stream().mapToLong(Point::received).sum()),
                change(
                        before.stream().mapToLong(Point::completed).sum(),
                        last.stream().mapToLong(Point::completed).sum()));
    }

    private static @Nullable Double change(long before, long after) {
        return before == 0 ? null : (double) (after - before) / before;
    }

    private static @Nullable Double percent(@Nullable Double share) {
        return share == null ? null : share * 100;
    }

    private static String nameOf(Window window) {
        return window.isUtc() ? "UTC" : window.zone().getId();
    }
}
