package io.opsrelay.action.guardrail;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.guardrail.Judge.Measured;
import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each rule at and around its limit. */
class JudgeTest {

    /** A Thursday. */
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    private static final Rule.Scope ALL = new Rule.Scope(List.of(), Set.of());
    private static final ZoneId UTC = ZoneId.of("UTC");

    private static final Rule COOL_DOWN = new Rule.CoolDown("pause", ALL, Duration.ofMinutes(10));
    private static final Rule PER_TARGET = new Rule.Rate("rate", ALL, 3, true);
    private static final Rule PER_CLIENT = new Rule.Rate("rate", ALL, 3, false);
    private static final Rule COUNT = new Rule.DailyCap("cap", ALL, 2, Map.of(), UTC);
    private static final Rule SUM = new Rule.DailyCap("cap", ALL, null, Map.of("EUR", new BigDecimal("100.00")), UTC);
    private static final Rule BREAKER =
            new Rule.Breaker("breaker", ALL, 3, Duration.ofMinutes(10), Duration.ofMinutes(15));

    static Stream<Arguments> cells() {
        return Stream.of(
                Arguments.of(COOL_DOWN, "t", null, last(NOW.minusSeconds(599)), true),
                Arguments.of(COOL_DOWN, "t", null, last(NOW.minusSeconds(600)), false),
                Arguments.of(COOL_DOWN, "t", null, last(null), false),
                Arguments.of(COOL_DOWN, null, null, last(NOW), false),
                Arguments.of(PER_TARGET, "t", null, counted(3, "0"), true),
                Arguments.of(PER_TARGET, "t", null, counted(2, "0"), false),
                Arguments.of(PER_TARGET, null, null, counted(3, "0"), false),
                Arguments.of(PER_CLIENT, null, null, counted(3, "0"), true),
                Arguments.of(PER_CLIENT, null, null, counted(2, "0"), false),
                Arguments.of(COUNT, "t", "1.00", counted(2, "5"), true),
                Arguments.of(COUNT, "t", "1.00", counted(1, "5"), false),
                Arguments.of(COUNT, "t", null, counted(2, "0"), true),
                Arguments.of(SUM, "t", "40.00", counted(9, "60.00"), false),
                Arguments.of(SUM, "t", "40.01", counted(9, "60.00"), true),
                Arguments.of(SUM, "t", null, counted(9, "100.00"), false),
                Arguments.of(BREAKER, "t", null, open(NOW.plusSeconds(1)), true),
                Arguments.of(BREAKER, "t", null, open(NOW), false),
                Arguments.of(BREAKER, "t", null, open(null), false),
                Arguments.of(BREAKER, null, null, open(NOW.plusSeconds(1)), false));
    }

    @ParameterizedTest
    @MethodSource("cells")
    void aRuleBarsFromItsLimitOn(Rule rule, String target, String amount, Measured measured, boolean bars) {
        Money money = amount == null ? null : new Money(new BigDecimal(amount), "EUR");

        List<Finding> findings = Judge.findings(List.of(rule), attempt(target, money, null), NOW, asked -> measured);

        assertThat(findings).hasSize(bars ? 1 : 0).allSatisfy(finding -> {
            assertThat(finding.rule()).isEqualTo(rule.name());
            assertThat(finding.kind()).isEqualTo(rule.kind());
            assertThat(finding.reason()).isNotBlank();
            assertThat(finding.setAside()).isFalse();
        });
    }

    @Test
    void moneyInACurrencyThatTheCapDoesNotNameDoesNotMove() {
        Money money = new Money(new BigDecimal("1.00"), "USD");

        assertThat(Judge.findings(List.of(SUM), attempt("t", money, null), NOW, rule -> counted(0, "0")))
                .singleElement()
                .satisfies(finding -> assertThat(finding.reason()).contains("USD"));
    }

    @ParameterizedTest
    @CsvSource({
        "2, 2, 1, false",
        "1, 1, 2, true",
        "2, 6, 1, false",
        "2, 7, 1, true",
        "1, 6, 1, true",
        "5, 5, 3, false",
        "6, 6, 4, true",
        // Where nothing tells what runs now, no step can be measured.
        "6, 6, , false"
    })
    void replicasBarWhatLeavesTheirBoundsOrComesInTooLargeAStep(int least, int most, Integer step, boolean bars) {
        Rule bounds = new Rule.Replicated("bounds", ALL, 2, 6, 3);
        Attempt scaling =
                new Attempt(UUID.randomUUID(), "scale_deployment", "t", null, new Replicas(least, most, step), null);

        assertThat(judged(List.of(bounds), scaling)).hasSize(bars ? 1 : 0);
        assertThat(judged(List.of(bounds), attempt("t", null, null)))
                .as("what scales nothing")
                .isEmpty();
    }

    @Test
    void whatIsAskedForIsReadFromTheArgumentsAndTheStepFromWhatRuns() {
        assertThat(Replicas.of(Map.of("replicas", 5), Map.of("replicas_now", 2)))
                .isEqualTo(new Replicas(5, 5, 3));
        assertThat(Replicas.of(Map.of("min_replicas", 2, "max_replicas", 9), Map.of("replicas_now", 3)))
                .isEqualTo(new Replicas(2, 9, 6));
        assertThat(Replicas.of(
                        Map.of("min_replicas", 2, "max_replicas", 9),
                        Map.of("replicas_now", 3, "autoscaler", Map.of("min", 1, "max", 8))))
                .isEqualTo(new Replicas(2, 9, 1));
        assertThat(Replicas.of(Map.of("replicas", 5), Map.of())).isEqualTo(new Replicas(5, 5, null));
        assertThat(Replicas.of(Map.of("service_name", "x"), Map.of("replicas_now", 2)))
                .isNull();
    }

    @Test
    void whatNoAllowListNamesMayNotBeTouched() {
        Rule orders = new Rule.AllowList("orders", new Rule.Scope(List.of("order/*"), Set.of("refund")));
        Rule tests = new Rule.AllowList("tests", new Rule.Scope(List.of("t"), Set.of()));
        List<Rule> rules = List.of(orders, tests);

        assertThat(judged(rules, attempt("t", null, null))).isEmpty();
        assertThat(judged(rules, attempt("t2", null, null)))
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo("orders, tests"));
        assertThat(judged(rules, attempt("order/1", null, null))).hasSize(1);
        assertThat(judged(rules, attempt(null, null, null))).hasSize(1);
    }

    @Test
    void breakGlassSetsEverythingAsideButTheAllowList() {
        Rule list = new Rule.AllowList("list", new Rule.Scope(List.of("other"), Set.of()));
        Rule window = window(false, "00:00", "00:00", "UTC", DayOfWeek.values());

        List<Finding> findings = Judge.findings(
                List.of(list, COOL_DOWN, PER_TARGET, COUNT, BREAKER, window),
                attempt("t", null, "it burns"),
                NOW,
                rule -> new Measured(NOW, 99, BigDecimal.TEN, NOW.plusSeconds(60)));

        assertThat(findings).hasSize(6).allSatisfy(finding -> assertThat(finding.setAside())
                .isEqualTo(!finding.kind().equals("allow_list")));
    }

    @Test
    void aRuleIsAboutItsTargetsAndTypesOnly() {
        Rule.Scope scope = new Rule.Scope(List.of("kubernetes/prod/*", "exact"), Set.of("probe"));

        assertThat(scope.covers(attempt("kubernetes/prod/shop/api", null, null)))
                .isTrue();
        assertThat(scope.covers(attempt("exact", null, null))).isTrue();
        assertThat(scope.covers(attempt("exactly", null, null))).isFalse();
        assertThat(scope.covers(attempt("kubernetes/test/shop/api", null, null)))
                .isFalse();
        assertThat(scope.covers(attempt(null, null, null))).isFalse();
        assertThat(scope.covers(new Attempt(UUID.randomUUID(), "refund", "exact", null, null, null)))
                .isFalse();
        assertThat(ALL.covers(attempt(null, null, null))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "09:00, 17:00, THURSDAY, UTC, true",
        "09:00, 12:00, THURSDAY, UTC, false",
        "12:00, 13:00, THURSDAY, UTC, true",
        "09:00, 17:00, FRIDAY, UTC, false",
        "22:00, 06:00, THURSDAY, UTC, false",
        "11:00, 02:00, THURSDAY, UTC, true",
        "22:00, 13:00, WEDNESDAY, UTC, true",
        "22:00, 13:00, THURSDAY, UTC, false",
        "00:00, 00:00, THURSDAY, UTC, true",
        "00:00, 00:00, FRIDAY, UTC, false",
        // 12:00 UTC is 01:00 on Friday there.
        "00:00, 02:00, FRIDAY, Pacific/Auckland, true",
        "22:00, 02:00, THURSDAY, Pacific/Auckland, true"
    })
    void aWindowKnowsItsDaysItsNightsAndItsZone(String from, String to, DayOfWeek day, String zone, boolean inside) {
        Rule denying = window(false, from, to, zone, day);
        Rule allowing = window(true, from, to, zone, day);

        assertThat(judged(List.of(denying), attempt("t", null, null))).hasSize(inside ? 1 : 0);
        assertThat(judged(List.of(allowing), attempt("t", null, null))).hasSize(inside ? 0 : 1);
    }

    @Test
    void ofSeveralWindowsThatAllowOneOpenIsEnough() {
        Rule morning = window(true, "06:00", "08:00", "UTC", DayOfWeek.THURSDAY);
        Rule noon = window(true, "11:00", "13:00", "UTC", DayOfWeek.THURSDAY);

        assertThat(judged(List.of(morning, noon), attempt("t", null, null))).isEmpty();
        assertThat(judged(List.of(morning), attempt("t", null, null))).hasSize(1);
    }

    private static List<Finding> judged(List<Rule> rules, Attempt attempt) {
        return Judge.findings(rules, attempt, NOW, rule -> Measured.NOTHING);
    }

    private static Rule window(boolean allows, String from, String to, String zone, DayOfWeek... days) {
        return new Rule.Window(
                "window",
                ALL,
                allows,
                EnumSet.copyOf(List.of(days)),
                LocalTime.parse(from),
                LocalTime.parse(to),
                ZoneId.of(zone));
    }

    private static Attempt attempt(String target, Money money, String breakGlass) {
        return new Attempt(UUID.randomUUID(), "probe", target, money, null, breakGlass);
    }

    private static Measured last(Instant last) {
        return new Measured(last, 0, BigDecimal.ZERO, null);
    }

    private static Measured counted(int count, String sum) {
        return new Measured(null, count, new BigDecimal(sum), null);
    }

    private static Measured open(Instant until) {
        return new Measured(null, 0, BigDecimal.ZERO, until);
    }
}
