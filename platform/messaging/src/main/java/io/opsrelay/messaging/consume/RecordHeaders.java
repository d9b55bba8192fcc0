package io.opsrelay.messaging.consume;

import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.Envelope;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.security.tenant.ClientId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads the CloudEvents headers of a record, or says what is wrong with them. */
final class RecordHeaders {

    private RecordHeaders() {}

    static String type(ConsumerRecord<?, ?> message) {
        return required(message, Headers.TYPE);
    }

    static Envelope envelope(ConsumerRecord<byte[], byte[]> message) {
        String client = required(message, Headers.CLIENT);
        if (!ClientId.isValid(client)) {
            throw new PoisonException("header " + Headers.CLIENT + " is not a client id: " + clip(client));
        }
        String cause = optional(message, Headers.CAUSATION);
        return new Envelope(
                uuid(Headers.ID, required(message, Headers.ID)),
                type(message),
                required(message, Headers.SOURCE),
                time(required(message, Headers.TIME)),
                client,
                message.key() == null ? "" : new String(message.key(), StandardCharsets.UTF_8),
                cause == null ? null : uuid(Headers.CAUSATION, cause));
    }

    static @Nullable String optional(ConsumerRecord<?, ?> message, String name) {
        Header header = message.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static String required(ConsumerRecord<?, ?> message, String name) {
        String value = optional(message, name);
        if (value == null || value.isBlank()) {
            throw new PoisonException("header " + name + " is missing: not a CloudEvent in binary mode");
        }
        return value;
    }

    private static UUID uuid(String name, String value) {
        try {
            return UUID.fromString(value);
        } catch (IllegalArgumentException e) {
            throw new PoisonException("header " + name + " is not a UUID: " + clip(value), e);
        }
    }

    private static Instant time(String value) {
        try {
            return Instant.parse(value);
        } catch (DateTimeException e) {
            throw new PoisonException("header " + Headers.TIME + " is not an RFC 3339 UTC time: " + clip(value), e);
        }
    }

    private static String clip(String value) {
        return value.length() <= 80 ? value : value.substring(0, 80) + "...";
    }
}
