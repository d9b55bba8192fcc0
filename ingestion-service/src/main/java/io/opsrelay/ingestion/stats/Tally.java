package io.opsrelay.ingestion.stats;

import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Counts of some span of time, added up by figure and key. */
final class Tally {

    private final Map<Figure, Map<String, Long>> values = new EnumMap<>(Figure.class);

    static Tally of(Collection<FigureStore.Count> counts) {
        Tally tally = new Tally();
        counts.forEach(tally::add);
        return tally;
    }

    void add(FigureStore.Count count) {
        values.computeIfAbsent(count.figure(), figure -> new TreeMap<>()).merge(count.key(), count.value(), Long::sum);
    }

    /** Over all keys. */
    long of(Figure figure) {
        return byKey(figure).values().stream().mapToLong(Long::longValue).sum();
    }

    long of(Figure figure, String key) {
        return byKey(figure).getOrDefault(key, 0L);
    }

    /** Those that are not zero. */
    Map<String, Long> byKey(Figure figure) {
        Map<String, Long> byKey = new TreeMap<>(values.getOrDefault(figure, Map.of()));
        byKey.values().removeIf(value -> value == 0);
        return byKey;
    }

    Times times(Figure classes, Figure sum) {
        return Times.of(byKey(classes), of(sum));
    }

    /** Of the tickets that came to an end, those that were resolved or closed; null if none did. */
    @Nullable
    Double completionRate() {
        long completed = of(Figure.COMPLETED);
        return share(completed, completed + of(Figure.ENTERED, "escalated") + of(Figure.ENTERED, "failed"));
    }

    /** Of the completed tickets those in which no person had a part. */
    @Nullable
    Double automationRate() {
        return share(of(Figure.COMPLETED, Figure.ALONE), of(Figure.COMPLETED));
    }

    /** Of what people decided about actions, what they approved. */
    @Nullable
    Double approvalRate() {
        long approved = of(Figure.APPROVAL, "approved");
        return share(approved, approved + of(Figure.APPROVAL, "rejected") + of(Figure.APPROVAL, "responded"));
    }

    /**
     * Of the classified tickets whose category people judged, those where they did not change it. Null as long as nobody
     * has said a word about any category: that nobody cared says nothing about the classifier.
     */
    @Nullable
    Double accuracy() {
        long corrected = of(Figure.REVIEWED, Figure.CORRECTED);
        return corrected + of(Figure.REVIEWED, Figure.CONFIRMED) == 0
                ? null
                : share(of(Figure.REVIEWED) - corrected, of(Figure.REVIEWED));
    }

    private static @Nullable Double share(long part, long whole) {
        return whole <= 0 ? null : (double) part / whole;
    }
}
