package io.opsrelay.approval.webhook;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One notice for one endpoint.
 *
 * @param messageId the same for all endpoints, attempts and replays: the header {@code webhook-id}
 * @param payload the body, byte for byte
 * @param attempts all there were
 * @param tries those since it was last begun anew
 * @param nextAt when it is tried again; null while its turn has come, and when it is over
 */
record Delivery(
        UUID deliveryId,
        UUID endpointId,
        UUID messageId,
        String type,
        String payload,
        Status status,
        int attempts,
        int tries,
        @Nullable Instant nextAt,
        Instant createdAt,
        @Nullable Instant settledAt) {

    enum Status {
        PENDING,
        DELIVERED,
        FAILED
    }

    /** Whether it is to be sent now. */
    boolean isDue() {
        return status == Status.PENDING && nextAt == null;
    }
}
