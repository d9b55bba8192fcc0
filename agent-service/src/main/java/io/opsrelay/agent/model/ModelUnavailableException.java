package io.opsrelay.agent.model;

import dev.langchain4j.exception.HttpException;

/** The model gave no usable answer: it is away, too slow, too busy, broken or refuses. The message is meant for people. */
public final class ModelUnavailableException extends RuntimeException {

    ModelUnavailableException(String reason, Throwable cause) {
        super(reason, cause);
    }

    /** For this reason. */
    public ModelUnavailableException(String reason) {
        super(reason);
    }

    /** Whether it refuses what it was sent, and would refuse it again: that it cannot be read, or is too long. */
    public boolean refusesTheText() {
        for (Throwable cause = getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof HttpException answered) {
                return answered.statusCode() == 400 || answered.statusCode() == 413;
            }
        }
        return false;
    }

    /** The reason. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
