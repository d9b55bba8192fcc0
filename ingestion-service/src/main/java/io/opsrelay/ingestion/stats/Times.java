package io.opsrelay.ingestion.stats;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Times in classes whose bounds grow by 4 %: counts by class add up over minutes, days and tickets, and a percentile read
 * of them is wrong by at most {@link #ERROR} of itself. (The mapping of DDSketch.) Milliseconds; what is below one counts
 * as one.
 */
final class Times {

    /** The relative error of a percentile. */
    static final double ERROR = 0.02;

    private static final double GAMMA = (1 + ERROR) / (1 - ERROR);
    private static final double LOG_GAMMA = Math.log(GAMMA);

    private final NavigableMap<Integer, Long> classes = new TreeMap<>();
    private long count;
    private long sumMillis;

    /** The class of a time, as a key. */
    static String classOf(double millis) {
        return Integer.toString((int) Math.ceil(Math.log(Math.max(1, millis)) / LOG_GAMMA));
    }

    /** @param byClass as counted under the keys of {@link #classOf} */
    static Times of(Map<String, Long> byClass, long sumMillis) {
        Times times = new Times();
        times.sumMillis = sumMillis;
        byClass.forEach((key, value) -> {
            times.classes.merge(Integer.valueOf(key), value, Long::sum);
            times.count += value;
        });
        return times;
    }

    long count() {
        return count;
    }

    /** In seconds; null if there are none. */
    @Nullable
    Double meanSeconds() {
        return count <= 0 ? null : sumMillis / 1000.0 / count;
    }

    /**
     * The time that {@code fraction} of all do not exceed, in seconds; null if there are none.
     *
     * @param fraction 0 to 1
     */
    @Nullable
    Double percentileSeconds(double fraction) {
        if (count <= 0) {
            return null;
        }
        long rank = Math.max(1, (long) Math.ceil(fraction * count));
        long seen = 0;
        for (Map.Entry<Integer, Long> entry : classes.entrySet()) {
            seen += entry.getValue();
            if (seen >= rank) {
                return middleOf(entry.getKey()) / 1000;
            }
        }
        return middleOf(classes.lastKey()) / 1000;
    }

    /** As far, relatively, from the lower bound as from the upper. */
    private static double middleOf(int index) {
        return 2 * Math.pow(GAMMA, index) / (GAMMA + 1);
    }
}
