package io.opsrelay.action.grant;

import java.time.Instant;

/** Whether a grant is believed. */
public sealed interface GrantVerdict {

    /**
     * @param approver who granted
     * @param until when what was granted must have begun
     */
    record Valid(String approver, Instant until) implements GrantVerdict {}

    /** Signed by approval-service for exactly this, but it came too late. */
    record Lapsed() implements GrantVerdict {}

    /** Not believed: it says nothing about what approval-service decided. */
    record Refused(String why) implements GrantVerdict {}
}
