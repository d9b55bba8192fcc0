package io.opsrelay.gateway;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** Writes feed records as the services' outbox does. */
public record TestFeed(TestKafka kafka) {

    /** One record of the client. */
    public void send(String client, String channel, String type, String key, String data) {
        send(client, data.getBytes(StandardCharsets.UTF_8), headers(client, channel, type, key));
    }

    /** The record as the outbox writes it, with its version among the data. */
    public void send(String client, FeedRecord told) {
        Map<String, Object> data = new LinkedHashMap<>(told.data());
        data.put("version", told.version());
        send(
                client,
                ContractJson.mapper().writeValueAsBytes(data),
                headers(client, told.channel(), told.type(), told.key()));
    }

    /** Any record, sensible or not. */
    public void send(String recordKey, byte[] value, Map<String, String> headers) {
        kafka.send(Topics.FEED, recordKey, value, headers);
    }

    /** Sensible headers, to be spoilt. */
    public static Map<String, String> headers(String client, String channel, String type, String key) {
        Map<String, String> headers = new HashMap<>();
        headers.put(Headers.SPEC_VERSION, "1.0");
        headers.put(Headers.ID, UUID.randomUUID().toString());
        headers.put(Headers.SOURCE, "test");
        headers.put(Headers.TYPE, FeedRecord.CLOUD_EVENT_TYPE);
        headers.put(Headers.TIME, "2026-11-20T10:00:00.123Z");
        headers.put(Headers.SUBJECT, key);
        headers.put(Headers.CLIENT, client);
        headers.put(Headers.CHANNEL, channel);
        headers.put(Headers.FRAME, type);
        return headers;
    }
}
