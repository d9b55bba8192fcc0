package io.opsrelay.action.deployment;

/** A provider of deployments does not answer; nothing was asked of it. */
public final class UnreachableException extends RuntimeException {

    /** @param reason for a person */
    public UnreachableException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** What is the matter, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
