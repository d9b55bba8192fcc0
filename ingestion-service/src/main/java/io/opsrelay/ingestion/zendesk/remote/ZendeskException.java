package io.opsrelay.ingestion.zendesk.remote;

import java.io.Serial;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Zendesk did not do what it was asked. The message is for people and holds no secret. */
public final class ZendeskException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Kind kind;
    private final @Nullable Duration retryAfter;

    ZendeskException(Kind kind, String message, @Nullable Duration retryAfter) {
        super(message);
        this.kind = kind;
        this.retryAfter = retryAfter;
    }

    /** What follows from it. */
    public enum Kind {
        /** Too many requests, trouble of its own, or no answer: try later. What was asked may have been done. */
        PASSING,
        /** The ticket was changed since it was read, and nothing was done. */
        CONFLICT,
        /** The account's token or address is wrong, or may not do this: a person must see to it. */
        SIGN_IN,
        /** Asking again would be refused again. */
        REFUSED
    }

    /** What follows. */
    public Kind kind() {
        return kind;
    }

    /** How long Zendesk said to wait. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    /** The message, for people. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
