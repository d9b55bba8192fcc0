package io.opsrelay.security.outbound;

import java.io.Serial;

/** There is no usable answer. What it says may be shown: it names neither addresses nor keys. */
public final class OutboundException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String status;
    private final boolean unwell;

    /**
     * @param status in a word or two
     * @param reason in a sentence without its subject, e.g. "did not answer within 3000 ms"
     * @param unwell whether this speaks against asking the same server again soon
     */
    public OutboundException(String status, String reason, boolean unwell) {
        super(reason);
        this.status = status;
        this.unwell = unwell;
    }

    /** Like the other, with what caused it. */
    public OutboundException(String status, String reason, boolean unwell, Throwable cause) {
        super(reason, cause);
        this.status = status;
        this.unwell = unwell;
    }

    /** In a word or two. */
    public String status() {
        return status;
    }

    /** What is wrong. */
    public String reason() {
        return String.valueOf(getMessage());
    }

    /** What kind of trouble caused it, for logs: what it says may quote what the server sent. */
    public String causedBy() {
        return getCause() == null ? "no cause" : getCause().getClass().getSimpleName();
    }

    /** Whether the server is better left alone if this happens often. */
    public boolean unwell() {
        return unwell;
    }
}
