package io.opsrelay.action.payment;

/** The provider answered, and what it says leaves open what became of a call. No sign that the provider is in trouble. */
public final class UndecidedException extends AnswerLostException {

    /** See {@link AnswerLostException}. */
    public UndecidedException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** See {@link AnswerLostException}. */
    public UndecidedException(String reason) {
        super(reason);
    }
}
