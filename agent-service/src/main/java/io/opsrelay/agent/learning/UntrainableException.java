package io.opsrelay.agent.learning;

/** Nothing can be learned from these examples. The message says why and what to do, for the person who sent them. */
public final class UntrainableException extends RuntimeException {

    UntrainableException(String reason) {
        super(reason);
    }
}
