package io.opsrelay.benchmarks.history;

import io.opsrelay.benchmarks.fanout.FeedTopic;
import io.opsrelay.contracts.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What the feed's topic holds: the truth that dashboards are held against. */
public final class FeedLog implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);

    private final JsonMapper json = JsonMapper.shared();
    private final Consumer<String, byte[]> consumer;
    private final List<TopicPartition> partitions;
    private final List<Written> written = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    /** @param since what Kafka got before is not read */
    public FeedLog(String kafka, Instant since) {
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", kafka), new StringDeserializer(), new ByteArrayDeserializer());
        this.partitions = consumer.partitionsFor(FeedTopic.NAME).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        Map<TopicPartition, OffsetAndTimestamp> first = consumer.offsetsForTimes(partitions.stream()
                .collect(Collectors.toMap(partition -> partition, partition -> since.toEpochMilli())));
        for (TopicPartition partition : partitions) {
            OffsetAndTimestamp offset = first.get(partition);
            if (offset == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, offset.offset());
            }
        }
    }

    /**
     * Reads on to where the topic ends now, and answers all that was read so far. What a producer sent twice counts
     * once, and what no gateway could use not at all, as it is with gateways.
     */
    public List<Written> read() {
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
            for (ConsumerRecord<String, byte[]> found : consumer.poll(POLL)) {
                String channel = header(found, Headers.CHANNEL);
                String client = header(found, Headers.CLIENT);
                if (channel != null && client != null && client.equals(found.key()) && isFirst(found)) {
                    written.add(new Written(
                            found.offset(),
                            client,
                            channel,
                            String.valueOf(header(found, Headers.SUBJECT)),
                            json.readTree(found.value()).path("version").asLong(0)));
                }
            }
        }
        return List.copyOf(written);
    }

    private boolean isFirst(ConsumerRecord<String, byte[]> found) {
        return ids.add(String.valueOf(header(found, Headers.ID)));
    }

    private static @Nullable String header(ConsumerRecord<String, byte[]> found, String name) {
        Header header = found.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
