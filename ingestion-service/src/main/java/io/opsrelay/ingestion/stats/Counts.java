package io.opsrelay.ingestion.stats;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Counts by minute, figure and key. They add up in any order; not thread-safe. */
final class Counts {

    private final Map<Cell, Long> values = new HashMap<>();

    /** Adds {@code amount} in the minute of {@code at}. */
    void add(Instant at, Figure figure, String key, long amount) {
        add(new Cell(at.truncatedTo(ChronoUnit.MINUTES), figure, key), amount);
    }

    /** Adds all of {@code other}, {@code times} times: -1 takes them away. */
    void add(Counts other, int times) {
        other.values.forEach((cell, value) -> add(cell, value * times));
    }

    private void add(Cell cell, long amount) {
        if (amount != 0) {
            values.merge(cell, amount, (a, b) -> a + b == 0 ? null : a + b);
        }
    }

    /** How many cells there are; none is zero. */
    int size() {
        return values.size();
    }

    void clear() {
        values.clear();
    }

    void forEach(BiConsumer<Cell, Long> consumer) {
        values.forEach(consumer);
    }

    /** @param minute begins on the full minute */
    record Cell(Instant minute, Figure figure, String key) {}
}
