package io.opsrelay.messaging;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What stands around a received event.
 *
 * @param id unique per event
 * @param type CloudEvents type
 * @param source the service that wrote it
 * @param time when it happened
 * @param clientId the client (tenant) that owns it
 * @param key its Kafka key
 * @param causationId the event that caused it, if one did
 */
public record Envelope(
        UUID id,
        String type,
        String source,
        Instant time,
        String clientId,
        String key,
        @Nullable UUID causationId) {}
