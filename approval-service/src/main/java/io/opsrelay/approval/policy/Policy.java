package io.opsrelay.approval.policy;

import io.opsrelay.security.Role;
import java.util.Map;
import java.util.Set;

/** The rules every client starts with. Pure: the same action always gets the same verdict. */
public final class Policy {

    private static final Map<String, Verdict> RULES = Map.of(
            "refund", new Verdict.RequirePerson("refund-needs-person", Set.of(Role.APPROVER)),
            "password_reset", new Verdict.RequirePerson("password-reset-needs-person", Set.of(Role.APPROVER)),
            "bug_report", new Verdict.Allow("bug-report-allowed"));

    private Policy() {}

    /** What is to be done with an action of that type. Types that no rule names are denied. */
    public static Verdict verdictOn(String actionType) {
        Verdict verdict = RULES.get(actionType);
        return verdict == null
                ? new Verdict.Deny("unknown-type-denied", "no policy rule allows actions of the type " + actionType)
                : verdict;
    }
}
