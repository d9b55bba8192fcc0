package io.opsrelay.ingestion;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.test.context.TestComponent;

/** Plays other systems that write to the upstream topic. */
@TestComponent
public class UpstreamSystems {

    private final TestKafka kafka;

    UpstreamSystems(TestKafka kafka) {
        this.kafka = kafka;
    }

    /** A ticket in the form that needs no mapping. */
    public static String ticket(String externalId, String subject) {
        return """
                {"subject":"%s","body":"The lamp came in pieces.","customer_email":"Mary.Major@example.org",
                 "external_id":"%s","priority":"high","metadata":{"order":4711,"gift":true}}""".formatted(subject, externalId);
    }

    /** Plain JSON with the name of its source. */
    public void plain(String source, @Nullable String key, @Nullable String value) {
        send(key, value, Map.of("source", source));
    }

    /** A CloudEvent in binary mode. */
    public void binary(String source, String id, String type, @Nullable String key, String value) {
        binary(source, id, type, key, value, Map.of());
    }

    /** A CloudEvent in binary mode, with further headers. */
    public void binary(
            String source, String id, String type, @Nullable String key, String value, Map<String, String> more) {
        Map<String, String> headers = new HashMap<>(Map.of(
                Headers.SPEC_VERSION, "1.0",
                Headers.ID, id,
                Headers.SOURCE, source,
                Headers.TYPE, type,
                Headers.CONTENT_TYPE, "application/json; charset=utf-8"));
        headers.putAll(more);
        send(key, value, headers);
    }

    /** A CloudEvent in structured mode. */
    public void structured(@Nullable String key, String event) {
        send(key, event, Map.of(Headers.CONTENT_TYPE, "application/cloudevents+json; charset=UTF-8"));
    }

    /** Exactly this. */
    public void send(@Nullable String key, @Nullable String value, Map<String, String> headers) {
        kafka.send(Topics.UPSTREAM, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8), headers);
    }
}
