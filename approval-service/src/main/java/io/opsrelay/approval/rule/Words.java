package io.opsrelay.approval.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A rule as a sentence, for who decides and cannot be expected to read JSON. Pure. */
final class Words {

    private Words() {}

    static String of(Rule rule) {
        List<String> conditions = conditions(rule.conditions());
        String when = conditions.isEmpty() ? "Whatever it is" : "When " + String.join(" and ", conditions);
        return when + ": " + decision(rule.then()) + ".";
    }

    private static List<String> conditions(When when) {
        List<String> words = new ArrayList<>();
        oneOf(words, "the action is ", when.actionTypes());
        oneOf(words, "the category is ", when.categories());
        if (when.amount() != null) {
            words.add("the amount is " + when.amount().inWords());
        }
        oneOf(words, "the target is ", when.targets());
        oneOf(words, "the environment is ", when.environments());
        if (when.confidenceBelow() != null) {
            words.add("the agent is less sure than " + when.confidenceBelow());
        }
        if (when.confidenceAtLeast() != null) {
            words.add("the agent is at least as sure as " + when.confidenceAtLeast());
        }
        oneOf(words, "the AI employee is ", when.personas());
        oneOf(words, "the requester is ", when.requesters());
        if (when.timeWindow() != null) {
            words.add("it is " + when.timeWindow().inWords());
        }
        flag(words, "the customer is ", "verified", when.customerVerified());
        flag(words, "it is ", "outside the guardrails", when.outsideGuardrails());
        flag(words, "it is ", "asked for as break-glass", when.breakGlass());
        return words;
    }

    private static void oneOf(List<String> words, String of, @Nullable List<String> wanted) {
        if (wanted != null) {
            words.add(of + String.join(" or ", wanted));
        }
    }

    private static void flag(List<String> words, String of, String what, @Nullable Boolean wanted) {
        if (wanted != null) {
            words.add(of + (wanted ? "" : "not ") + what);
        }
    }

    private static String decision(Then then) {
        Then.Approvers approvers = then.approvers();
        String reason = then.reason() == null ? "" : " (" + then.reason() + ")";
        return switch (then.decision()) {
            case ALLOW -> "it may be done at once" + reason;
            case DENY -> "it must not be done" + reason;
            case APPROVE -> approvers == null ? "people must approve" : needs(approvers) + reason;
        };
    }

    private static String needs(Then.Approvers approvers) {
        String who = Verdict.inWords(Set.copyOf(approvers.roles()));
        return approvers.people() == 1
                ? "one person with the role " + who + " must approve"
                : approvers.people() + " people, each with the role " + who + ", must approve";
    }
}
