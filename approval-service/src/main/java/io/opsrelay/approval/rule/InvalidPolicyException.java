package io.opsrelay.approval.rule;

/** A policy that cannot be. */
public final class InvalidPolicyException extends IllegalArgumentException {

    private final String field;

    InvalidPolicyException(String field, String reason) {
        super(reason);
        this.field = field;
    }

    /** What is wrong, seen from the record that refused, e.g. {@code up_to}. */
    public String field() {
        return field;
    }

    /** What was wrong and what to do. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
