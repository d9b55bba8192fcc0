package io.opsrelay.action.catalogue;

/** An action may have been done or not. */
public final class OutcomeUnknownException extends RuntimeException {

    /** @param reason what happened, for a person */
    public OutcomeUnknownException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** What happened, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
