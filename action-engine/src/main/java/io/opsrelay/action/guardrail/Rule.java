package io.opsrelay.action.guardrail;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One guardrail. */
sealed interface Rule {

    /** Unique within the client's. */
    String name();

    /** Which actions it is about. */
    Scope scope();

    /** The kind's name in JSON. */
    default String kind() {
        return switch (this) {
            case AllowList list -> "allow_list";
            case CoolDown coolDown -> "cool_down";
            case Rate rate -> "rate";
            case DailyCap cap -> "daily_cap";
            case Window window -> "window";
            case Breaker breaker -> "breaker";
            case Replicated bounds -> "replicas";
        };
    }

    /**
     * Which actions a rule is about.
     *
     * @param targets exact, or a prefix with {@code *} at its end; empty for all, and for those without a target
     * @param actionTypes empty for all
     */
    record Scope(List<String> targets, Set<String> actionTypes) {

        public Scope {
            targets = List.copyOf(targets);
            actionTypes = Set.copyOf(actionTypes);
        }

        boolean covers(Attempt attempt) {
            return (actionTypes.isEmpty() || actionTypes.contains(attempt.actionType()))
                    && (targets.isEmpty() || targets.stream().anyMatch(pattern -> matches(pattern, attempt.target())));
        }

        private static boolean matches(String pattern, @Nullable String target) {
            if (target == null) {
                return false;
            }
            return pattern.endsWith("*")
                    ? target.startsWith(pattern.substring(0, pattern.length() - 1))
                    : target.equals(pattern);
        }
    }

    /** What one of these names may be done; what none of them names may not. */
    record AllowList(String name, Scope scope) implements Rule {}

    /** @param pause after an action on a target, before the next one on it */
    record CoolDown(String name, Scope scope, Duration pause) implements Rule {}

    /**
     * @param perHour most that begin within any hour
     * @param perTarget whether each target counts for itself, or all of the client count together
     */
    record Rate(String name, Scope scope, int perHour, boolean perTarget) implements Rule {}

    /**
     * What may move in one day. What failed does not count.
     *
     * @param count most actions, absent for any number
     * @param sums most money by currency; empty for any; a currency that is not named is not let through
     * @param zone where the day begins
     */
    record DailyCap(String name, Scope scope, @Nullable Integer count, Map<String, BigDecimal> sums, ZoneId zone)
            implements Rule {

        Instant dayOf(Instant now) {
            return now.atZone(zone).toLocalDate().atStartOfDay(zone).toInstant();
        }
    }

    /**
     * @param allows whether actions run inside only, or outside only
     * @param to before {@code from}: on the next day; the same: all day
     */
    record Window(
            String name, Scope scope, boolean allows, Set<DayOfWeek> days, LocalTime from, LocalTime to, ZoneId zone)
            implements Rule {

        boolean isInside(Instant now) {
            ZonedDateTime there = now.atZone(zone);
            LocalTime time = there.toLocalTime();
            boolean today = days.contains(there.getDayOfWeek());
            if (from.equals(to)) {
                return today;
            }
            if (from.isBefore(to)) {
                return today && !time.isBefore(from) && time.isBefore(to);
            }
            boolean sinceYesterday = days.contains(there.getDayOfWeek().minus(1)) && time.isBefore(to);
            return (today && !time.isBefore(from)) || sinceYesterday;
        }
    }

    /**
     * @param failures so many on one target, with no success between them, open it
     * @param within how long the failure before is remembered
     * @param openFor how long nothing begins on the target; then the next failure opens it again at once
     */
    record Breaker(String name, Scope scope, int failures, Duration within, Duration openFor) implements Rule {}

    /**
     * How many instances may be asked for.
     *
     * @param least fewest, absent for any number
     * @param most most, absent for any number
     * @param step most more or fewer at once, absent for any number
     */
    record Replicated(
            String name,
            Scope scope,
            @Nullable Integer least,
            @Nullable Integer most,
            @Nullable Integer step) implements Rule {}
}
