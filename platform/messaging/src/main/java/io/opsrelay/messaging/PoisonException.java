package io.opsrelay.messaging;

/**
 * The record can never be applied: it goes to the dead-letter topic with this message as its reason, and the consumer
 * goes on. Anything transient must not be reported this way.
 */
public final class PoisonException extends RuntimeException {

    /** @param reason what is wrong with the record, for the person who will look at it */
    public PoisonException(String reason) {
        super(reason);
    }

    /** @param reason what is wrong with the record, for the person who will look at it */
    public PoisonException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
