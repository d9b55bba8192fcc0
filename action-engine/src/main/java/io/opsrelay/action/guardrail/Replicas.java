package io.opsrelay.action.guardrail;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How many instances an action would have run.
 *
 * @param least fewest
 * @param most most; the same as {@code least} where it is one number
 * @param step by how many instances it changes at once, of bounds the one that moves further; absent where nothing tells what
 *     runs now
 */
public record Replicas(int least, int most, @Nullable Integer step) {

    /**
     * What an action asks for.
     *
     * @param arguments exactly what would be executed: {@code replicas}, or {@code min_replicas} and {@code max_replicas}
     * @param details what was found when it was prepared: {@code replicas_now}, and {@code autoscaler} with {@code min} and
     *     {@code max} where one is at work
     * @return null where it scales nothing
     */
    public static @Nullable Replicas of(Map<String, Object> arguments, Map<String, Object> details) {
        Object fixed = arguments.get("replicas");
        Object least = fixed == null ? arguments.get("min_replicas") : fixed;
        Object most = fixed == null ? arguments.get("max_replicas") : fixed;
        if (!(least instanceof Integer from && most instanceof Integer to)) {
            return null;
        }
        if (details.get("autoscaler") instanceof Map<?, ?> bounds
                && !from.equals(to)
                && bounds.get("min") instanceof Integer low
                && bounds.get("max") instanceof Integer high) {
            return new Replicas(from, to, Math.max(Math.abs(from - low), Math.abs(to - high)));
        }
        return new Replicas(
                from,
                to,
                details.get("replicas_now") instanceof Integer now
                        ? Integer.valueOf(Math.max(Math.abs(from - now), Math.abs(to - now)))
                        : null);
    }

    @Override
    public String toString() {
        return least == most ? Integer.toString(least) : least + " to " + most;
    }
}
