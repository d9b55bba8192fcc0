package io.opsrelay.ingestion.ticket;

import java.util.Locale;
import java.util.Set;

/** How far a message to a customer has come. */
public enum MessageState {
    /** It waits to be sent. */
    PENDING,
    /** Handed over for delivery, or to be read where the customer asked. */
    SENT,
    /** It has arrived. */
    DELIVERED,
    /** Somebody has seen it. */
    READ,
    /** It will not arrive. */
    FAILED;

    /** The word in the API and the database. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static MessageState of(String wireName) {
        return valueOf(wireName.toUpperCase(Locale.ROOT));
    }

    /** Whether it may become that. A bounce may come after a server said that it had delivered. */
    boolean mayBecome(MessageState next) {
        Set<MessageState> allowed =
                switch (this) {
                    case PENDING -> Set.of(SENT, DELIVERED, FAILED);
                    case SENT -> Set.of(DELIVERED, READ, FAILED);
                    case DELIVERED -> Set.of(READ, FAILED);
                    case FAILED -> Set.of(PENDING);
                    case READ -> Set.of();
                };
        return allowed.contains(next);
    }
}
