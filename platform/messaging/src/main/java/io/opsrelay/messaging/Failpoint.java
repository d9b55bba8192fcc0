package io.opsrelay.messaging;

import java.util.Locale;

/**
 * Points at which a fault test ends the process as kill -9 would: between two steps of which each is safe by itself.
 * Armed by the environment (see {@link Failpoints}); without it a passage costs next to nothing.
 */
public enum Failpoint {
    /** A transaction's events are written; the commit has not begun. */
    BEFORE_COMMIT,
    /** A transaction with events is committed; nobody has been told. */
    AFTER_COMMIT,
    /** Kafka has acknowledged outbox rows; they still stand in the outbox. */
    AFTER_SEND_BEFORE_MARK,
    /** The provider is about to be called; nothing of that is committed. */
    BEFORE_INTENT,
    /** The intent is committed; the provider has not been called. */
    BEFORE_PROVIDER_CALL,
    /** The provider has answered; the outcome is not committed. */
    AFTER_PROVIDER_CALL,
    /** The outcome is committed, and so is the end of the work. */
    AFTER_RECORD,
    /** Events are applied and committed; their offsets are not. */
    BEFORE_OFFSET_COMMIT;

    /** The name in the environment and of the marker file, behind the service's where it is that service's alone. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Does nothing, unless this is the passage it is armed for: then the process ends here. */
    public void pass() {
        Failpoints.ofThisProcess().pass(this);
    }
}
