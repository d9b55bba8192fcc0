package io.opsrelay.approval.rule;

import io.opsrelay.contracts.Money;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the conditions of a rule against an action. Pure. */
final class Conditions {

    static final String AMOUNT = "amount";

    private Conditions() {}

    static Looked look(Rule rule, Subject subject) {
        When when = rule.conditions();
        List<Check> checks = new ArrayList<>();
        oneOf(checks, "action_types", when.actionTypes(), subject.actionType());
        oneOf(checks, "categories", when.categories(), subject.category());
        amount(checks, when.amount(), subject.money());
        targets(checks, when.targets(), subject.target());
        oneOf(checks, "environments", when.environments(), subject.environment());
        confidence(checks, when, subject.confidence());
        oneOf(checks, "personas", when.personas(), subject.persona());
        requesters(checks, when.requesters(), subject);
        TimeWindow window = when.timeWindow();
        if (window != null) {
            checks.add(new Check(
                    "time_window",
                    window.holds(subject.at()),
                    "wants %s; it is %s".formatted(window.inWords(), subject.at())));
        }
        flag(checks, "customer_verified", when.customerVerified(), subject.customerVerified());
        flag(checks, "outside_guardrails", when.outsideGuardrails(), subject.outsideGuardrails());
        flag(checks, "break_glass", when.breakGlass(), subject.breakGlass());
        return new Looked(rule.name(), checks.stream().allMatch(Check::holds), checks);
    }

    private static void oneOf(
            List<Check> checks, String condition, @Nullable List<String> wanted, @Nullable String actual) {
        if (wanted != null) {
            checks.add(new Check(
                    condition, actual != null && wanted.contains(actual), wants(String.join(", ", wanted), actual)));
        }
    }

    private static void amount(List<Check> checks, @Nullable AmountRange wanted, @Nullable Money actual) {
        if (wanted == null) {
            return;
        }
        if (actual == null) {
            checks.add(new Check(AMOUNT, false, "wants " + wanted.inWords() + "; no money moves"));
        } else if (!actual.currency().equals(wanted.currency())) {
            checks.add(new Check(
                    AMOUNT,
                    false,
                    "wants %s; %s is another currency, and nothing is converted"
                            .formatted(wanted.inWords(), inWords(actual))));
        } else {
            checks.add(new Check(AMOUNT, wanted.holds(actual), wants(wanted.inWords(), inWords(actual))));
        }
    }

    private static String inWords(Money money) {
        return money.amount().toPlainString() + " " + money.currency();
    }

    private static void targets(List<Check> checks, @Nullable List<String> wanted, @Nullable String actual) {
        if (wanted != null) {
            checks.add(new Check(
                    "targets",
                    actual != null && wanted.stream().anyMatch(target -> isTarget(target, actual)),
                    wants(String.join(", ", wanted), actual)));
        }
    }

    private static boolean isTarget(String wanted, String actual) {
        return wanted.endsWith("*")
                ? actual.startsWith(wanted.substring(0, wanted.length() - 1))
                : actual.equals(wanted);
    }

    private static void confidence(List<Check> checks, When when, @Nullable Double actual) {
        String known = actual == null ? null : actual.toString();
        Double below = when.confidenceBelow();
        if (below != null) {
            checks.add(new Check(
                    "confidence_below", actual != null && actual < below, wants("less than " + below, known)));
        }
        Double least = when.confidenceAtLeast();
        if (least != null) {
            checks.add(new Check(
                    "confidence_at_least", actual != null && actual >= least, wants("at least " + least, known)));
        }
    }

    private static void requesters(List<Check> checks, @Nullable List<String> wanted, Subject subject) {
        if (wanted != null) {
            checks.add(new Check(
                    "requesters",
                    wanted.contains(subject.kind()) || wanted.contains(subject.requester()),
                    wants(String.join(", ", wanted), subject.requester())));
        }
    }

    private static void flag(List<Check> checks, String condition, @Nullable Boolean wanted, boolean actual) {
        if (wanted != null) {
            checks.add(new Check(condition, wanted == actual, wants(wanted.toString(), Boolean.toString(actual))));
        }
    }

    private static String wants(String wanted, @Nullable String actual) {
        return "wants " + wanted + "; " + (actual == null ? "nothing is known of it" : "it is " + actual);
    }
}
