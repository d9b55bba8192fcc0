package io.opsrelay.ingestion.mime;

import java.util.Objects;

/** What came in is no mail, or more than a mail may be. Nothing else about a mail makes the parser give up. */
public final class MailFormatException extends Exception {

    private static final long serialVersionUID = 1L;

    /** Why it was refused. */
    public enum Reason {
        /** Not a single byte but white space. */
        EMPTY,
        /** None of the headers a mail has. */
        NOT_A_MAIL,
        /** More bytes than {@link MailLimits#maxBytes()}. */
        TOO_LARGE
    }

    private final Reason reason;

    /** @param message for people */
    public MailFormatException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }
}
