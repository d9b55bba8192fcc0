package io.opsrelay.ingestion.deadletter;

import io.opsrelay.messaging.RawRecord.RawHeader;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record that was set aside.
 *
 * @param owner a client, or {@link Owners#NOBODY}
 * @param topic full name of the topic it was read from
 * @param origin topic-partition@offset at which it was read
 * @param consumer the group that could not use it
 * @param reason why, in that group's words
 * @param eventType CloudEvents type, if it states one
 * @param eventId CloudEvents id, if it states one
 * @param headers as they were on the record
 * @param replayOf the letter that it was before it was replayed
 * @param edited what is published in place of the value
 * @param settledBy who has replayed or discarded it
 * @param note why it was discarded, or why a replay came to nothing
 */
record Letter(
        String owner,
        UUID letterId,
        LetterState state,
        String topic,
        String origin,
        String consumer,
        String reason,
        @Nullable String eventType,
        @Nullable String eventId,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RawHeader> headers,
        @Nullable UUID replayOf,
        Instant setAsideAt,
        Instant createdAt,
        byte @Nullable [] edited,
        @Nullable String settledBy,
        @Nullable Instant settledAt,
        @Nullable String note) {}
