package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.fanout.FeedTopic;
import io.opsrelay.contracts.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import tools.jackson.databind.json.JsonMapper;

/** All that the feed's topic holds: the truth that clients are held against. */
final class FeedLog {

    private static final Duration POLL = Duration.ofMillis(500);

    private FeedLog() {}

    /** Reads all of it. What a producer sent twice counts once, as it does for gateways. */
    static List<Written> read(String kafka) {
        JsonMapper json = JsonMapper.shared();
        List<Written> written = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        try (Consumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(FeedTopic.NAME).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, byte[]> found : consumer.poll(POLL)) {
                    if (ids.add(header(found, Headers.ID))) {
                        written.add(new Written(
                                found.offset(),
                                found.key(),
                                header(found, Headers.CHANNEL),
                                header(found, Headers.SUBJECT),
                                json.readTree(found.value()).path("version").asLong(0)));
                    }
                }
            }
        }
        return written;
    }

    private static String header(ConsumerRecord<String, byte[]> found, String name) {
        return new String(found.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
