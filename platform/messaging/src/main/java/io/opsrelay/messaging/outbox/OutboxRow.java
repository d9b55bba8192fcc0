package io.opsrelay.messaging.outbox;

import io.opsrelay.contracts.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A row of the outbox as the relay reads it.
 *
 * @param topic full name
 * @param headers further Kafka headers, a line each: name, tab, value
 */
record OutboxRow(
        long id,
        String clientId,
        boolean feed,
        String topic,
        String key,
        UUID eventId,
        String type,
        Instant occurredAt,
        String headers,
        byte[] payload) {

    ProducerRecord<String, byte[]> toRecord(String source) {
        ProducerRecord<String, byte[]> message = new ProducerRecord<>(topic, key, payload);
        add(message, Headers.SPEC_VERSION, "1.0");
        add(message, Headers.ID, eventId.toString());
        add(message, Headers.SOURCE, source);
        add(message, Headers.TYPE, type);
        add(message, Headers.TIME, occurredAt.toString());
        add(message, Headers.CLIENT, clientId);
        add(message, Headers.CONTENT_TYPE, "application/json");
        headers.lines().forEach(line -> {
            int tab = line.indexOf('\t');
            add(message, line.substring(0, tab), line.substring(tab + 1));
        });
        return message;
    }

    private static void add(ProducerRecord<String, byte[]> message, String name, String value) {
        message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
