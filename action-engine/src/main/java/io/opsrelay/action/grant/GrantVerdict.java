package io.opsrelay.action.grant;

/** Whether a grant is believed. */
public sealed interface GrantVerdict {

    /** @param approver who granted */
    record Valid(String approver) implements GrantVerdict {}

    /** Signed by approval-service for exactly this, but it came too late. */
    record Lapsed() implements GrantVerdict {}

    /** Not believed: it says nothing about what approval-service decided. */
    record Refused(String why) implements GrantVerdict {}
}
