package io.opsrelay.action.payment;

/** The provider was called and its answer never came: it may have done what was asked, or not. */
public final class AnswerLostException extends RuntimeException {

    AnswerLostException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** What happened, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
