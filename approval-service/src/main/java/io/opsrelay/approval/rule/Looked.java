package io.opsrelay.approval.rule;

import java.util.List;

/**
 * A rule that was held against an action.
 *
 * @param matches whether all of its conditions hold
 * @param checks its conditions; none for a rule that matches everything
 */
public record Looked(String rule, boolean matches, List<Check> checks) {

    public Looked {
        checks = List.copyOf(checks);
    }

    /** Whether all conditions but this one hold. */
    boolean matchesBut(String condition) {
        return checks.stream()
                .allMatch(check -> check.holds() || check.condition().equals(condition));
    }
}
