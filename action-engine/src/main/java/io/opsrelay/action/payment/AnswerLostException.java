package io.opsrelay.action.payment;

/** The provider was called and its answer never came: it may have done what was asked, or not. */
public sealed class AnswerLostException extends RuntimeException permits UndecidedException {

    /** @param reason what happened and what to do, for a person; without anything secret */
    public AnswerLostException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** @param reason what happened and what to do, for a person; without anything secret */
    public AnswerLostException(String reason) {
        super(reason);
    }

    /** What happened, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
