package io.opsrelay.action.remote;

import java.io.Serial;

/** A system takes no requests for a while: it did nothing, and will do it later. */
public final class BusyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    BusyException(String reason) {
        super(reason);
    }

    /** What happened, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
