package io.opsrelay.approval.rule;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client lets be done: the first rule that matches decides, and what none matches is denied. */
public record Policy(List<Rule> rules) {

    private static final int MOST_RULES = 200;

    public Policy {
        rules = checked(rules);
    }

    private static List<Rule> checked(@Nullable List<Rule> rules) {
        if (rules == null || rules.isEmpty() || rules.size() > MOST_RULES) {
            throw new InvalidPolicyException("rules", "must hold 1 to " + MOST_RULES + " rules");
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            if (rule == null) {
                throw new InvalidPolicyException("rules[" + i + "]", "must be a rule");
            }
            if (!names.add(rule.name())) {
                throw new InvalidPolicyException("rules[" + i + "].name", rule.name() + " is another rule's name");
            }
        }
        return List.copyOf(rules);
    }
}
