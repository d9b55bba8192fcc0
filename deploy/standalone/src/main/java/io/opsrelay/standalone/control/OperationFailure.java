package io.opsrelay.standalone.control;

/** An operation could not be done; the message is written for the person who wanted it. */
public class OperationFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OperationFailure(String message) {
        super(message);
    }
}
