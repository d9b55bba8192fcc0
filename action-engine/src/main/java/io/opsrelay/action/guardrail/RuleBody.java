package io.opsrelay.action.guardrail;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Currency;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A guardrail as the API takes and shows it. Which fields there are follows from {@code kind}.
 *
 * @param kind allow_list, cool_down, rate, daily_cap, window, breaker or replicas
 * @param targets exact, or a prefix with {@code *} at its end; all if absent
 * @param actionTypes all if absent
 * @param pause cool_down: ISO 8601 duration
 * @param perHour rate: most that begin within any hour
 * @param per rate: target or client
 * @param count daily_cap: most actions in a day
 * @param sums daily_cap: most money in a day, as a decimal text by currency
 * @param mode window: allow or deny
 * @param days window: monday to sunday
 * @param from window: e.g. 22:00
 * @param to window: e.g. 06:00
 * @param zone daily_cap and window: e.g. Europe/Berlin
 * @param failures breaker: so many in a row open it
 * @param within breaker: ISO 8601 duration
 * @param openFor breaker: ISO 8601 duration
 * @param minReplicas replicas: fewest instances that may be asked for
 * @param maxReplicas replicas: most instances that may be asked for
 * @param maxStep replicas: most instances more or fewer at once
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record RuleBody(
        @Nullable String name,
        @Nullable String kind,
        @Nullable List<String> targets,
        @Nullable List<String> actionTypes,
        @Nullable Duration pause,
        @Nullable Integer perHour,
        @Nullable String per,
        @Nullable Integer count,
        @Nullable Map<String, String> sums,
        @Nullable String mode,
        @Nullable List<String> days,
        @Nullable String from,
        @Nullable String to,
        @Nullable String zone,
        @Nullable Integer failures,
        @Nullable Duration within,
        @Nullable Duration openFor,
        @Nullable Integer minReplicas,
        @Nullable Integer maxReplicas,
        @Nullable Integer maxStep) {

    private static final Pattern SUM = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,4})?");
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern TARGET = Pattern.compile("[^\\s*]{0,200}\\*?");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9][a-z0-9_.-]{0,99}");
    private static final Duration LONGEST = Duration.ofDays(31);
    private static final int MOST = 1_000_000;
    private static final int MOST_PATTERNS = 100;
    private static final Map<String, Set<String>> FIELDS = Map.of(
            "allow_list", Set.of(),
            "cool_down", Set.of("pause"),
            "rate", Set.of("per_hour", "per"),
            "daily_cap", Set.of("count", "sums", "zone"),
            "window", Set.of("mode", "days", "from", "to", "zone"),
            "breaker", Set.of("failures", "within", "open_for"),
            "replicas", Set.of("min_replicas", "max_replicas", "max_step"));

    /** A field that is not what it must be. */
    static final class InvalidFieldException extends RuntimeException {

        private final String field;

        InvalidFieldException(String field, String reason) {
            super(reason);
            this.field = field;
        }

        String field() {
            return field;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** @throws InvalidFieldException for the first field that is not what it must be */
    Rule toRule() {
        String called = name == null ? "" : name;
        check(NAME.matcher(called).matches(), "name", "must be 1 to 63 lower-case letters, digits, '-' and '_'");
        check(!called.startsWith("kill_switch"), "name", "is the kill switch's own");
        Set<String> fields = kind == null ? null : FIELDS.get(kind);
        if (kind == null || fields == null) {
            throw new InvalidFieldException(
                    "kind",
                    "must be one of "
                            + String.join(
                                    ", ",
                                    List.of(
                                            "allow_list",
                                            "breaker",
                                            "cool_down",
                                            "daily_cap",
                                            "rate",
                                            "replicas",
                                            "window")));
        }
        given().keySet().stream()
                .filter(field -> !fields.contains(field))
                .findFirst()
                .ifPresent(field -> {
                    throw new InvalidFieldException(field, "is no field of the kind " + kind);
                });
        Rule.Scope scope = scope();
        return switch (kind) {
            case "allow_list" -> new Rule.AllowList(called, scope);
            case "cool_down" -> new Rule.CoolDown(called, scope, duration("pause", pause));
            case "rate" ->
                new Rule.Rate(called, scope, number("per_hour", perHour), oneOf("per", per, "target", "client"));
            case "daily_cap" -> cap(called, scope);
            case "window" -> window(called, scope);
            case "replicas" -> replicas(called, scope);
            default ->
                new Rule.Breaker(
                        called,
                        scope,
                        number("failures", failures),
                        duration("within", within),
                        duration("open_for", openFor));
        };
    }

    private Map<String, Object> given() {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("pause", pause);
        all.put("per_hour", perHour);
        all.put("per", per);
        all.put("count", count);
        all.put("sums", sums);
        all.put("mode", mode);
        all.put("days", days);
        all.put("from", from);
        all.put("to", to);
        all.put("zone", zone);
        all.put("failures", failures);
        all.put("within", within);
        all.put("open_for", openFor);
        all.put("min_replicas", minReplicas);
        all.put("max_replicas", maxReplicas);
        all.put("max_step", maxStep);
        Map<String, Object> given = new LinkedHashMap<>();
        all.forEach((field, value) -> {
            if (value != null) {
                given.put(field, value);
            }
        });
        return given;
    }

    private Rule.Scope scope() {
        List<String> patterns = targets == null ? List.of() : targets;
        List<String> types = actionTypes == null ? List.of() : actionTypes;
        check(
                patterns.size() <= MOST_PATTERNS
                        && patterns.stream()
                                .allMatch(pattern -> pattern != null
                                        && !pattern.isEmpty()
                                        && TARGET.matcher(pattern).matches()),
                "targets",
                "must be at most " + MOST_PATTERNS
                        + " targets such as kubernetes/prod/*: no spaces, '*' at the end only");
        check(
                types.size() <= MOST_PATTERNS
                        && types.stream()
                                .allMatch(type ->
                                        type != null && TYPE.matcher(type).matches()),
                "action_types",
                "must be at most " + MOST_PATTERNS + " names of the catalogue, such as refund");
        return new Rule.Scope(patterns, Set.copyOf(types));
    }

    private Rule cap(String called, Rule.Scope scope) {
        Map<String, BigDecimal> most = new HashMap<>();
        (sums == null ? Map.<String, String>of() : sums).forEach((currency, sum) -> {
            check(isCurrency(currency), "sums", "names " + currency + ", which is no ISO 4217 currency");
            check(
                    sum != null && SUM.matcher(sum).matches(),
                    "sums",
                    "must hold amounts from 0 as texts such as \"5000.00\", with at most 15 digits and 4 decimals");
            most.put(currency, new BigDecimal(sum));
        });
        check(count != null || !most.isEmpty(), "count", "is required, or sums, or both");
        return new Rule.DailyCap(
                called, scope, count == null ? null : number("count", count), Map.copyOf(most), zoneId());
    }

    private Rule replicas(String called, Rule.Scope scope) {
        check(
                minReplicas != null || maxReplicas != null || maxStep != null,
                "max_replicas",
                "is required, or min_replicas, or max_step");
        Integer least = minReplicas == null ? null : number("min_replicas", minReplicas);
        Integer most = maxReplicas == null ? null : number("max_replicas", maxReplicas);
        check(least == null || most == null || least <= most, "max_replicas", "must not be less than min_replicas");
        return new Rule.Replicated(called, scope, least, most, maxStep == null ? null : number("max_step", maxStep));
    }

    private Rule window(String called, Rule.Scope scope) {
        return new Rule.Window(
                called,
                scope,
                oneOf("mode", mode, "allow", "deny"),
                daySet(),
                time("from", from),
                time("to", to),
                zoneId());
    }

    private Set<DayOfWeek> daySet() {
        if (days == null || days.isEmpty()) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        try {
            return EnumSet.copyOf(days.stream()
                    .map(day -> DayOfWeek.valueOf(day.toUpperCase(Locale.ROOT)))
                    .toList());
        } catch (IllegalArgumentException | NullPointerException e) {
            throw new InvalidFieldException("days", "must be of monday to sunday");
        }
    }

    private ZoneId zoneId() {
        try {
            return zone == null ? ZoneId.of("UTC") : ZoneId.of(zone);
        } catch (java.time.DateTimeException e) {
            throw new InvalidFieldException("zone", "must be a time zone such as Europe/Berlin");
        }
    }

    private static LocalTime time(String field, @Nullable String value) {
        try {
            return LocalTime.parse(Objects.requireNonNullElse(value, ""));
        } catch (java.time.DateTimeException e) {
            throw new InvalidFieldException(field, "must be a time of day such as 22:00");
        }
    }

    private static Duration duration(String field, @Nullable Duration value) {
        if (value == null || !value.isPositive() || value.compareTo(LONGEST) > 0) {
            throw new InvalidFieldException(
                    field, "must be a duration such as PT10M, at most " + LONGEST.toDays() + " days");
        }
        return value;
    }

    private static int number(String field, @Nullable Integer value) {
        if (value == null || value < 1 || value > MOST) {
            throw new InvalidFieldException(field, "must be a whole number from 1 to " + MOST);
        }
        return value;
    }

    private static boolean oneOf(String field, @Nullable String value, String yes, String no) {
        check(yes.equals(value) || no.equals(value), field, "must be " + yes + " or " + no);
        return yes.equals(value);
    }

    private static boolean isCurrency(String code) {
        try {
            Currency.getInstance(code);
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static void check(boolean holds, String field, String reason) {
        if (!holds) {
            throw new InvalidFieldException(field, reason);
        }
    }
}
