package io.opsrelay.approval.edit;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.Effect;
import io.opsrelay.security.web.ProblemException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a person may change about scaling a deployment, as far as its form tells. How many replicas the target and the
 * guardrails bear is for action-engine to say.
 */
final class ScaleEdit {

    private static final String REPLICAS = "replicas";
    private static final String LEAST = "min_replicas";
    private static final String MOST = "max_replicas";
    private static final String REASON = "reason";
    private static final List<String> COUNTS = List.of(REPLICAS, LEAST, MOST);
    private static final Set<String> CHANGEABLE = Set.of(REPLICAS, LEAST, MOST, REASON);
    private static final int MOST_REPLICAS = 1000;
    private static final int MAX_REASON = 500;

    private ScaleEdit() {}

    /** @throws ProblemException 422 that names the field at fault */
    static void check(Map<String, Object> current, Map<String, Object> edited) {
        if (edited.isEmpty()) {
            throw ProblemException.unprocessable("arguments", "must change something: " + String.join(", ", COUNTS));
        }
        edited.forEach((field, value) -> {
            if (!CHANGEABLE.contains(field)) {
                throw refused(field, "is not an argument that can be edited");
            }
            if (field.equals(REASON)) {
                checkReason(value);
            } else {
                checkCount(field, value);
                if (!current.containsKey(field)) {
                    throw refused(field, "is not what this action sets; it sets " + setBy(current));
                }
            }
        });
        Integer least = count(current, edited, LEAST);
        Integer most = count(current, edited, MOST);
        if (least != null && most != null && most <= least) {
            throw refused(
                    edited.containsKey(MOST) ? MOST : LEAST,
                    "would leave no range between min_replicas and max_replicas");
        }
    }

    private static void checkReason(@Nullable Object value) {
        if (!(value instanceof String text) || text.isBlank() || text.length() > MAX_REASON) {
            throw refused(REASON, "must be a text of 1 to " + MAX_REASON + " characters");
        }
    }

    private static void checkCount(String field, @Nullable Object value) {
        if (!(value instanceof Integer count) || count < 1 || count > MOST_REPLICAS) {
            throw refused(field, "must be a whole number from 1 to " + MOST_REPLICAS);
        }
    }

    private static String setBy(Map<String, Object> current) {
        return String.join(" and ", COUNTS.stream().filter(current::containsKey).toList());
    }

    private static @Nullable Integer count(Map<String, Object> current, Map<String, Object> edited, String field) {
        Object value = edited.getOrDefault(field, current.get(field));
        return value instanceof Integer count ? count : null;
    }

    /**
     * Nearer to what runs now, on the same side of it, by what action-engine computed of both; and a range no wider than
     * the one before. All else must be the same, what runs now included.
     */
    static boolean narrows(ActionPrepared before, ActionPrepared after) {
        return rest(before).equals(rest(after))
                && movesNoMore(before.effect(), after.effect())
                && isWithin(before.arguments(), after.arguments());
    }

    private static Map<String, Object> rest(ActionPrepared action) {
        Map<String, Object> rest = new HashMap<>(action.arguments());
        rest.keySet().removeAll(CHANGEABLE);
        return rest;
    }

    private static boolean movesNoMore(Effect before, Effect after) {
        if (!(before.details().get("replicas_now") instanceof Integer now
                && now.equals(after.details().get("replicas_now"))
                && before.details().get("replicas_after") instanceof Integer would
                && after.details().get("replicas_after") instanceof Integer will)) {
            return false;
        }
        return would >= now ? will >= now && will <= would : will <= now && will >= would;
    }

    private static boolean isWithin(Map<String, Object> before, Map<String, Object> after) {
        return bounds(before.get(LEAST), after.get(LEAST)) && bounds(after.get(MOST), before.get(MOST));
    }

    /** Whether the first is no more than the second, or neither is there. */
    private static boolean bounds(@Nullable Object lower, @Nullable Object upper) {
        return lower == null
                ? upper == null
                : lower instanceof Integer low && upper instanceof Integer high && low <= high;
    }

    private static ProblemException refused(String field, String reason) {
        return ProblemException.unprocessable("arguments." + field, reason);
    }
}
