package io.opsrelay.action.guardrail;

/**
 * A guardrail that stands against an action.
 *
 * @param rule the rule's name
 * @param kind what kind of rule it is, e.g. cool_down
 * @param reason for a person: what is exceeded and when it no longer is
 * @param setAside whether an admin's break-glass sets it aside, so that it does not bar the action
 */
public record Finding(String rule, String kind, String reason, boolean setAside) {

    /** With the rule's name, as refusals say it. */
    public String text() {
        return rule + ": " + reason;
    }
}
