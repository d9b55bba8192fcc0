package io.opsrelay.agent.classify;

/** A model's answer is not what was asked for. The message says why, without words of the answer. */
public final class UnusableAnswerException extends RuntimeException {

    UnusableAnswerException(String reason) {
        super(reason);
    }

    /** The reason. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
