package io.opsrelay.messaging;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as it lies in a topic, whoever wrote it.
 *
 * @param topic full name
 * @param key as written; absent if it has none
 * @param value as written; absent if it has none
 * @param headers in their order; a name may stand there more than once
 * @param time when it was written, by its writer's or the broker's clock
 */
public record RawRecord(
        String topic,
        int partition,
        long offset,
        byte @Nullable [] key,
        byte @Nullable [] value,
        List<RawHeader> headers,
        Instant time) {

    public RawRecord {
        headers = List.copyOf(headers);
    }

    /** Where it lies: topic-partition@offset. */
    public String origin() {
        return topic + "-" + partition + "@" + offset;
    }

    /** The text of the last header of that name; null if there is none, or it is empty. */
    public @Nullable String header(String name) {
        for (RawHeader header : headers.reversed()) {
            if (header.name().equals(name)) {
                byte[] value = header.value();
                return value == null || value.length == 0 ? null : new String(value, StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** A header as written. */
    public record RawHeader(String name, byte @Nullable [] value) {

        /** With a text, in UTF-8. */
        public static RawHeader of(String name, String value) {
            return new RawHeader(name, value.getBytes(StandardCharsets.UTF_8));
        }
    }
}
