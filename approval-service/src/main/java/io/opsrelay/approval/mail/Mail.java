package io.opsrelay.approval.mail;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A mail to one recipient, and what became of it.
 *
 * @param notices how many it tells
 * @param error what went wrong last
 */
record Mail(
        UUID mailId,
        String recipient,
        Status status,
        int attempts,
        int notices,
        @Nullable String error,
        Instant createdAt,
        @Nullable Instant settledAt) {

    enum Status {
        PENDING,
        SENT,
        /** Refused by the server, or tried often enough. */
        FAILED,
        /** Its recipient was struck off the list meanwhile. */
        DROPPED
    }
}
