package io.opsrelay.standalone.process;

/** Something could not be started; the message is written for the person who tried. */
public class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
