package io.opsrelay.action.guardrail;

import io.opsrelay.contracts.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what stands against an action. Pure, but for the figures that it asks for. */
final class Judge {

    static final Duration HOUR = Duration.ofHours(1);

    private Judge() {}

    /**
     * What was counted for one rule and one action.
     *
     * @param last when the last one began
     * @param count how many began, or moved money, in the time that the rule looks at
     * @param sum what they moved, in the action's currency
     * @param openUntil until when the target's breaker is open
     */
    record Measured(
            @Nullable Instant last,
            int count,
            BigDecimal sum,
            @Nullable Instant openUntil) {

        static final Measured NOTHING = new Measured(null, 0, BigDecimal.ZERO, null);
    }

    /** @param measured called for those rules only that need figures */
    static List<Finding> findings(List<Rule> rules, Attempt attempt, Instant now, Function<Rule, Measured> measured) {
        List<Finding> findings = new ArrayList<>();
        List<Rule> allowLists =
                rules.stream().filter(Rule.AllowList.class::isInstance).toList();
        if (!allowLists.isEmpty()
                && allowLists.stream().noneMatch(rule -> rule.scope().covers(attempt))) {
            findings.add(new Finding(
                    names(allowLists),
                    "allow_list",
                    "does not name " + described(attempt) + ", so it may not be touched",
                    false));
        }
        List<Rule> covering =
                rules.stream().filter(rule -> rule.scope().covers(attempt)).toList();
        closedWindow(covering, attempt, now, findings);
        for (Rule rule : covering) {
            String reason = against(rule, attempt, now, measured);
            if (reason != null) {
                findings.add(new Finding(rule.name(), rule.kind(), reason, attempt.breakGlass() != null));
            }
        }
        return findings;
    }

    /** Of several windows that allow, one that is open is enough. */
    private static void closedWindow(List<Rule> rules, Attempt attempt, Instant now, List<Finding> findings) {
        List<Rule> allowing = rules.stream()
                .filter(rule -> rule instanceof Rule.Window window && window.allows())
                .toList();
        if (!allowing.isEmpty()
                && allowing.stream().noneMatch(rule -> rule instanceof Rule.Window window && window.isInside(now))) {
            findings.add(new Finding(
                    names(allowing),
                    "window",
                    "now is outside the time in which this may run",
                    attempt.breakGlass() != null));
        }
    }

    private static @Nullable String against(
            Rule rule, Attempt attempt, Instant now, Function<Rule, Measured> measured) {
        return switch (rule) {
            case Rule.AllowList list -> null;
            case Rule.Window window ->
                window.allows() || !window.isInside(now)
                        ? null
                        : "nothing of this kind runs from %s to %s (%s)"
                                .formatted(window.from(), window.to(), window.zone());
            case Rule.CoolDown coolDown ->
                attempt.target() == null
                        ? null
                        : cooling(
                                coolDown, attempt.target(), measured.apply(rule).last(), now);
            case Rule.Rate rate -> rate.perTarget() && attempt.target() == null ? null : rated(rate, attempt, measured);
            case Rule.DailyCap cap -> capped(cap, attempt, measured);
            case Rule.Breaker breaker ->
                attempt.target() == null
                        ? null
                        : open(attempt.target(), measured.apply(rule).openUntil(), now);
            case Rule.Replicated bounds -> attempt.replicas() == null ? null : outside(bounds, attempt.replicas());
        };
    }

    private static @Nullable String outside(Rule.Replicated rule, Replicas wanted) {
        Integer least = rule.least();
        Integer most = rule.most();
        Integer step = wanted.step();
        if (least != null && wanted.least() < least) {
            return "%s replicas are fewer than the %d that it must have".formatted(wanted, least);
        }
        if (most != null && wanted.most() > most) {
            return "%s replicas are more than the %d that it may have".formatted(wanted, most);
        }
        return rule.step() == null || step == null || step <= rule.step()
                ? null
                : "a step of %d replicas is more than the %d that it may take at once".formatted(step, rule.step());
    }

    private static @Nullable String cooling(Rule.CoolDown rule, String target, @Nullable Instant last, Instant now) {
        if (last == null || !last.plus(rule.pause()).isAfter(now)) {
            return null;
        }
        return "an action on %s began at %s; the next may at %s"
                .formatted(target, seconds(last), seconds(last.plus(rule.pause())));
    }

    private static @Nullable String rated(Rule.Rate rule, Attempt attempt, Function<Rule, Measured> measured) {
        int began = measured.apply(rule).count();
        return began < rule.perHour()
                ? null
                : "%d of at most %d began within the last hour%s"
                        .formatted(began, rule.perHour(), rule.perTarget() ? " on " + attempt.target() : "");
    }

    private static @Nullable String capped(Rule.DailyCap rule, Attempt attempt, Function<Rule, Measured> measured) {
        Measured today = measured.apply(rule);
        if (rule.count() != null && today.count() >= rule.count()) {
            return "%d of at most %d are done today".formatted(today.count(), rule.count());
        }
        Money money = attempt.money();
        if (rule.sums().isEmpty() || money == null) {
            return null;
        }
        BigDecimal most = rule.sums().get(money.currency());
        if (most == null) {
            return "names no sum for " + money.currency() + ", so nothing moves in it";
        }
        return today.sum().add(money.amount()).compareTo(most) <= 0
                ? null
                : "%s %s more would exceed %s %s a day; %s moved today"
                        .formatted(
                                money.amount().toPlainString(),
                                money.currency(),
                                most.toPlainString(),
                                money.currency(),
                                today.sum().toPlainString());
    }

    private static @Nullable String open(String target, @Nullable Instant until, Instant now) {
        return until == null || !until.isAfter(now)
                ? null
                : "actions on %s failed too often; nothing begins on it until %s, or until an admin resets it"
                        .formatted(target, seconds(until));
    }

    private static String described(Attempt attempt) {
        return attempt.target() == null ? attempt.actionType() : attempt.actionType() + " on " + attempt.target();
    }

    private static String names(List<Rule> rules) {
        return rules.stream().map(Rule::name).collect(Collectors.joining(", "));
    }

    private static Instant seconds(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
