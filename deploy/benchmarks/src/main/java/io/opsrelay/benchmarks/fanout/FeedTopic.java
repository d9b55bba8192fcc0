package io.opsrelay.benchmarks.fanout;

import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The topic that gateways read, and records as services write them. */
public final class FeedTopic {

    /** With the prefix, as services know it. */
    public static final String NAME = "opsrelay." + Topics.FEED;

    private FeedTopic() {}

    /** Creates it and its dead-letter topic. */
    public static void create(String kafka, int partitions) throws ExecutionException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            admin.createTopics(List.of(
                            new NewTopic(NAME, partitions, (short) 1),
                            new NewTopic(NAME + Topics.DEAD_LETTER_SUFFIX, 1, (short) 1)))
                    .all()
                    .get();
        }
    }

    /**
     * A record to be sent.
     *
     * @param data a JSON object
     */
    public static ProducerRecord<String, byte[]> written(
            String id, String client, String channel, String key, byte[] data) {
        ProducerRecord<String, byte[]> written = new ProducerRecord<>(NAME, client, data);
        header(written, Headers.SPEC_VERSION, "1.0");
        header(written, Headers.ID, id);
        header(written, Headers.SOURCE, "bench");
        header(written, Headers.TYPE, FeedRecord.CLOUD_EVENT_TYPE);
        header(written, Headers.TIME, Instant.now().toString());
        header(written, Headers.SUBJECT, key);
        header(written, Headers.CLIENT, client);
        header(written, Headers.CHANNEL, channel);
        header(written, Headers.FRAME, channel + "_updated");
        return written;
    }

    private static void header(ProducerRecord<String, byte[]> written, String name, String value) {
        written.headers().add(name, value.getBytes(StandardCharsets.US_ASCII));
    }
}
