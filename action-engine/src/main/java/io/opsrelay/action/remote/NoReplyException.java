package io.opsrelay.action.remote;

import java.io.Serial;

/** A system was asked and gave no answer that can be read. */
public final class NoReplyException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final boolean sent;

    /**
     * @param reason what happened, for a person; names neither addresses nor secrets
     * @param sent whether the request may have reached the system, which then may have done what was asked
     */
    public NoReplyException(String reason, boolean sent, Throwable cause) {
        super(reason, cause);
        this.sent = sent;
    }

    /** What happened, for a person. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** Whether the request may have reached the system. */
    public boolean sent() {
        return sent;
    }
}
