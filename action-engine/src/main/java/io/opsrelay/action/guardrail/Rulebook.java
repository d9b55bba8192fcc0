package io.opsrelay.action.guardrail;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A version of a client's guardrails.
 *
 * @param version counts from 1; 0 is what holds for who has set none
 * @param rules as they were sent
 * @param changedBy who set them, absent for version 0
 * @param reason why
 */
record Rulebook(
        long version,
        List<RuleBody> rules,
        @Nullable String changedBy,
        @Nullable Instant changedAt,
        @Nullable String reason) {

    /** Most rules of a client. */
    static final int MOST_RULES = 100;

    /** For who has set none: a target on which one action after the other fails is left alone for a while. */
    static final Rulebook SHIPPED = new Rulebook(0, List.of(shippedBreaker()), null, null, null);

    Rulebook {
        rules = List.copyOf(rules);
    }

    private static RuleBody shippedBreaker() {
        return new RuleBody(
                "breaker",
                "breaker",
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                5,
                Duration.ofMinutes(10),
                Duration.ofMinutes(15),
                null,
                null,
                null);
    }

    /** What is wrong with rules that somebody sends, by field; empty if nothing is. */
    static Map<String, String> refusals(List<RuleBody> rules) {
        Map<String, String> refusals = new LinkedHashMap<>();
        if (rules.size() > MOST_RULES) {
            refusals.put("rules", "must be at most " + MOST_RULES);
            return refusals;
        }
        Map<String, Integer> seen = new TreeMap<>();
        for (int at = 0; at < rules.size(); at++) {
            String field = "rules[" + at + "]";
            try {
                Rule rule = rules.get(at).toRule();
                if (seen.putIfAbsent(rule.name(), at) != null) {
                    refusals.put(field + ".name", "is the name of another rule, too");
                }
            } catch (RuleBody.InvalidFieldException e) {
                refusals.put(field + "." + e.field(), e.reason());
            }
        }
        return refusals;
    }

    /** In the order of their names, in which their counters are locked. */
    List<Rule> inOrder() {
        return rules.stream()
                .map(RuleBody::toRule)
                .sorted(Comparator.comparing(Rule::name))
                .toList();
    }

    /** The breaker that watches over an action's target. */
    static Optional<Rule.Breaker> breakerOf(List<Rule> rules, Attempt attempt) {
        return rules.stream()
                .filter(rule -> rule.scope().covers(attempt))
                .filter(Rule.Breaker.class::isInstance)
                .map(Rule.Breaker.class::cast)
                .findFirst();
    }
}
