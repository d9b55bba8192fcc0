package io.opsrelay.approval.rule;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One rule of a policy.
 *
 * @param name by which requests, refusals and the log refer to it
 * @param when which actions it is about; all if absent
 */
public record Rule(String name, @Nullable When when, Then then) {

    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    public Rule {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new InvalidPolicyException("name", "must have 1 to 64 lower-case letters, digits and -");
        }
        if (Evaluator.OWN_NAMES.contains(name)) {
            throw new InvalidPolicyException("name", "is a name that OpsRelay itself uses; take another");
        }
        if (then == null) {
            throw new InvalidPolicyException("then", "must say what is decided");
        }
        when = when == null ? When.always() : when;
        if (then.decision() == Then.Decision.ALLOW && when.mayBeRefund()) {
            throw new InvalidPolicyException(
                    "then.decision",
                    "of the rule " + name + " would let a refund happen without a person: name action_types or"
                            + " categories that leave refunds out, or ask for approvers");
        }
    }

    When conditions() {
        return when == null ? When.always() : when;
    }
}
