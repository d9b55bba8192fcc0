package io.opsrelay.approval.rule;

import io.opsrelay.contracts.Money;
import io.opsrelay.security.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Asks a policy about an action. Pure: the same policy says the same about the same action. */
public final class Evaluator {

    /** The rule that stands for there being none. */
    public static final String NO_RULE = "no-rule-matched";

    /** Whatever a policy says, what a refund moves must be more than nothing. */
    public static final String REFUND_AMOUNT = "refund-moves-something";

    /** Whatever a policy says, a person agrees to a refund. */
    public static final String REFUND_FLOOR = "refund-needs-somebody";

    static final Set<String> OWN_NAMES = Set.of(NO_RULE, REFUND_AMOUNT, REFUND_FLOOR);

    private Evaluator() {}

    /** What {@code policy} says about {@code subject}. */
    public static Evaluation evaluate(Policy policy, Subject subject) {
        Money money = subject.money();
        if (subject.isRefund() && money != null && money.amount().signum() <= 0) {
            String reason = "a refund must move more than " + money.amount().toPlainString() + " " + money.currency();
            return new Evaluation(new Verdict.Deny(REFUND_AMOUNT, reason), reason, List.of(), List.of());
        }
        List<Looked> looked = new ArrayList<>();
        Rule matched = null;
        for (Rule rule : policy.rules()) {
            Looked look = Conditions.look(rule, subject);
            looked.add(look);
            if (look.matches()) {
                matched = rule;
                break;
            }
        }
        Evaluation plain = new Evaluation(
                matched == null ? noRule(subject) : verdictOf(matched),
                matched == null ? "No rule of the policy matches, and what none matches is denied." : Words.of(matched),
                looked,
                List.of());
        return subject.isRefund() ? floored(tiered(plain, policy, subject)) : plain;
    }

    private static Verdict noRule(Subject subject) {
        return new Verdict.Deny(
                NO_RULE,
                "no policy rule allows this action of the type " + subject.actionType()
                        + "; an admin can add one (PUT /api/v1/policies)");
    }

    private static Verdict verdictOf(Rule rule) {
        Then then = rule.then();
        return switch (then.decision()) {
            case ALLOW -> new Verdict.Allow(rule.name());
            case DENY ->
                new Verdict.Deny(
                        rule.name(),
                        Objects.requireNonNullElse(then.reason(), "the policy rule " + rule.name() + " forbids it"));
            case APPROVE -> {
                Then.Approvers approvers = Objects.requireNonNull(then.approvers(), "guarded by the constructor");
                yield new Verdict.RequirePeople(
                        rule.name(), approvers.people(), Set.copyOf(approvers.roles()), then.terms());
            }
        };
    }

    /**
     * A refund in a currency of which no tier speaks: nobody knows how much that is, so what the strictest tier says
     * holds.
     */
    private static Evaluation tiered(Evaluation plain, Policy policy, Subject subject) {
        Money money = subject.money();
        List<Rule> tiers = tiersOf(policy, subject);
        if (money == null
                || tiers.stream().anyMatch(tier -> currencyOf(tier).equals(money.currency()))
                || (plain.verdict() instanceof Verdict.Deny deny && !deny.rule().equals(NO_RULE))) {
            return plain;
        }
        int asked = strictness(plain.verdict());
        return tiers.stream()
                .max(Comparator.comparingInt(tier -> strictness(verdictOf(tier))))
                .filter(tier -> strictness(verdictOf(tier)) > asked)
                .map(tier -> new Evaluation(
                        verdictOf(tier),
                        Words.of(tier),
                        plain.looked(),
                        List.of("no rule names an amount in " + money.currency()
                                + ", so the refund is decided as the strictest tier says, " + tier.name())))
                .orElse(plain);
    }

    /** More people are stricter than fewer, an admin is stricter than anybody, and no is strictest, unless no rule spoke. */
    private static int strictness(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Allow allow -> 0;
            case Verdict.RequirePeople people ->
                2 * people.count() + (people.roles().equals(Set.of(Role.ADMIN)) ? 1 : 0);
            case Verdict.Deny deny -> deny.rule().equals(NO_RULE) ? 0 : Integer.MAX_VALUE;
        };
    }

    /** The rules that speak of amounts and would be about this refund but for its amount. */
    private static List<Rule> tiersOf(Policy policy, Subject subject) {
        return policy.rules().stream()
                .filter(rule -> rule.conditions().amount() != null
                        && Conditions.look(rule, subject).matchesBut(Conditions.AMOUNT))
                .toList();
    }

    private static String currencyOf(Rule tier) {
        AmountRange amount = tier.conditions().amount();
        return amount == null ? "" : amount.currency();
    }

    /** The last line: no policy, however it came into being, lets money go without a person. */
    private static Evaluation floored(Evaluation evaluation) {
        if (!(evaluation.verdict() instanceof Verdict.Allow allow)) {
            return evaluation;
        }
        List<String> notes = new ArrayList<>(evaluation.notes());
        notes.add("the rule " + allow.rule() + " would allow it, but a refund is never automatic");
        return new Evaluation(
                new Verdict.RequirePeople(REFUND_FLOOR, 1, Set.of(Role.APPROVER), Verdict.Terms.usual()),
                "A refund is never automatic: one person with the role approver or admin must approve it.",
                evaluation.looked(),
                notes);
    }
}
