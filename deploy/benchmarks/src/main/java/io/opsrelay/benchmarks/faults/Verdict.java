package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.faults.Fault.Kind;
import io.opsrelay.benchmarks.faults.Saboteur.Blow;
import io.opsrelay.benchmarks.history.History;
import io.opsrelay.benchmarks.history.History.Action;
import io.opsrelay.benchmarks.history.History.Approval;
import io.opsrelay.benchmarks.history.History.Load;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.History.Ticket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What came out of a run.
 *
 * @param violations what was broken, a sentence each
 * @param figures for people, a line each
 */
public record Verdict(List<String> violations, List<String> figures) {

    private static final Duration LONG = Duration.ofSeconds(60);

    public Verdict {
        violations = List.copyOf(violations);
        figures = List.copyOf(figures);
    }

    /** Whether nothing was broken. */
    public boolean isSound() {
        return violations.isEmpty();
    }

    static Verdict of(
            long seed,
            double rate,
            long accepted,
            History history,
            List<Blow> blows,
            List<Screen> screens,
            List<String> violations) {
        List<String> figures = new ArrayList<>();
        long frames = history.dashboards().stream()
                .flatMap(dashboard -> dashboard.sights().stream())
                .filter(Sight.Frame.class::isInstance)
                .count();
        Load load = history.load();
        figures.add("seed %d, %.1f tickets/s for %d s: %d offered, %d sent (%d skipped), %d given up, %d accepted"
                .formatted(
                        seed,
                        rate,
                        load.lasting().toSeconds(),
                        load.offered(),
                        load.sent(),
                        load.skipped(),
                        load.givenUp().size(),
                        accepted));
        figures.add("tickets: " + counted(history.tickets().stream(), Ticket::status));
        figures.add("actions: " + counted(history.actions().stream(), Verdict::ended));
        figures.add("approvals: " + counted(ofTheRun(history), Approval::status));
        figures.add("%d effects, %d poison records, %d dead letters"
                .formatted(
                        history.effects().size(),
                        history.poison().size(),
                        history.deadLetters().size()));
        figures.add("%d runs of the agent, %d of them with a model"
                .formatted(
                        history.runs().size(),
                        history.runs().stream()
                                .filter(run -> !run.messages().isEmpty())
                                .count()));
        figures.add("%d dashboards: %d frames, %d reconnections, %d resyncs"
                .formatted(
                        screens.size(),
                        frames,
                        screens.stream().mapToLong(Screen::reconnections).sum(),
                        screens.stream().mapToLong(Screen::resyncs).sum()));
        figures.add("%d kills, %d stops (%d of a minute), %d times away, %d flushes"
                .formatted(
                        count(blows, Kind.KILL),
                        count(blows, Kind.STOP),
                        blows.stream()
                                .filter(blow -> blow.fault().kind() == Kind.STOP)
                                .filter(blow -> blow.fault().lasts().compareTo(LONG) >= 0)
                                .count(),
                        count(blows, Kind.AWAY),
                        count(blows, Kind.FLUSH)));
        recovery(blows, figures);
        List<String> all = new ArrayList<>(violations);
        blows.stream()
                .filter(blow -> blow.millis() == null)
                .forEach(blow ->
                        all.add("after " + blow.fault() + " work did not go on" + unlessNothingIsLeft(history)));
        return new Verdict(all, figures);
    }

    /** Approvals and actions are seen to go on by refunds, of which older runs on the same stores may have left none. */
    private static String unlessNothingIsLeft(History history) {
        boolean refunded = history.actions().stream()
                .anyMatch(action -> Objects.equals(action.failureCode(), "nothing_left_to_refund"));
        return refunded
                ? " (or nothing was left to refund by which it shows: try again on empty stores, ./opsrelay up --fresh)"
                : "";
    }

    private static String ended(Action action) {
        return action.status() + (action.status().equals("failed") ? " by " + action.failureCode() : "");
    }

    /** An older run's are there as well. */
    private static Stream<Approval> ofTheRun(History history) {
        Set<String> actions = history.actions().stream().map(Action::actionId).collect(Collectors.toSet());
        return history.approvals().stream().filter(approval -> actions.contains(approval.actionId()));
    }

    private static <T> String counted(Stream<T> things, Function<T, String> name) {
        Map<String, Long> counts = things.collect(Collectors.groupingBy(name, TreeMap::new, Collectors.counting()));
        return counts.values().stream().mapToLong(Long::longValue).sum()
                + counts.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static long count(List<Blow> blows, Kind kind) {
        return blows.stream().filter(blow -> blow.fault().kind() == kind).count();
    }

    /** For each target that was killed: how long until work went on. */
    private static void recovery(List<Blow> blows, List<String> figures) {
        TreeSet<String> targets = new TreeSet<>();
        blows.forEach(blow -> targets.add(blow.fault().target()));
        for (Kind kind : List.of(Kind.KILL, Kind.STOP, Kind.AWAY)) {
            for (String target : targets) {
                List<Long> millis = blows.stream()
                        .filter(blow -> blow.fault().kind() == kind
                                && blow.fault().target().equals(target))
                        .map(Blow::millis)
                        .filter(Objects::nonNull)
                        .sorted()
                        .toList();
                if (!millis.isEmpty()) {
                    figures.add(String.format(
                            Locale.ROOT,
                            "%s %-18s %4d times: work goes on after %5.1f s (median), %5.1f s (most)",
                            kind.name().toLowerCase(Locale.ROOT),
                            target,
                            millis.size(),
                            (millis.get((millis.size() - 1) / 2) + millis.get(millis.size() / 2)) / 2000.0,
                            millis.getLast() / 1000.0));
                }
            }
        }
    }
}
