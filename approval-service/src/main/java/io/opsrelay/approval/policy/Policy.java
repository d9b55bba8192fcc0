package io.opsrelay.approval.policy;

import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.security.Role;
import java.util.Set;

/** The rules every client starts with. Pure: the same action always gets the same verdict. */
public final class Policy {

    /** How action-engine marks, in an effect's details, what one person alone may not ask for. */
    private static final String OUTSIDE_GUARDRAILS = "outside_guardrails";

    private static final String PERSON = "user:";

    private Policy() {}

    /** What is to be done with an action. Types that no rule names are denied. */
    public static Verdict verdictOn(ActionPrepared action) {
        return switch (action.actionType()) {
            case "refund" -> person("refund-needs-person", Role.APPROVER);
            case "password_reset" -> person("password-reset-needs-person", Role.APPROVER);
            case "bug_report" -> new Verdict.Allow("bug-report-allowed");
            case "restart_deployment", "rollout_restart", "scale_deployment" -> onDeployment(action);
            default ->
                new Verdict.Deny(
                        "unknown-type-denied", "no policy rule allows actions of the type " + action.actionType());
        };
    }

    /** Who may ask for it at all, the executor's door has checked. What the agent proposes, a person looks at. */
    private static Verdict onDeployment(ActionPrepared action) {
        if (!action.requester().startsWith(PERSON)) {
            return person("deployment-proposal-needs-sre", Role.SRE);
        }
        return action.effect().details().containsKey(OUTSIDE_GUARDRAILS)
                ? person("outside-guardrails-needs-second-person", Role.SRE)
                : new Verdict.Allow("own-deployment-action-allowed");
    }

    private static Verdict person(String rule, Role role) {
        return new Verdict.RequirePerson(rule, Set.of(role));
    }
}
