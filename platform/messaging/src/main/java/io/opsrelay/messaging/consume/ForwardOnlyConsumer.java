package io.opsrelay.messaging.consume;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A consumer whose commits never take an offset back. Two commit here: the container what was applied, a few times a
 * second, and {@link PartitionPausingErrorHandler} at once what it has set aside. What the container still holds then
 * is of before, and would have the record set aside again after a restart.
 */
final class ForwardOnlyConsumer extends KafkaConsumer<byte[], byte[]> {

    /** Kept when a partition leaves: what others commit for it meanwhile lies further on. */
    private final Map<TopicPartition, Long> committed = new HashMap<>();

    ForwardOnlyConsumer(Map<String, Object> settings) {
        super(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> forward = forward(offsets);
        if (!forward.isEmpty()) {
            super.commitSync(forward);
            remember(forward);
        }
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        Map<TopicPartition, OffsetAndMetadata> forward = forward(offsets);
        if (!forward.isEmpty()) {
            super.commitSync(forward, timeout);
            remember(forward);
        }
    }

    private Map<TopicPartition, OffsetAndMetadata> forward(Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<TopicPartition, OffsetAndMetadata> forward = new HashMap<>(offsets);
        forward.entrySet().removeIf(entry -> entry.getValue().offset() <= committed.getOrDefault(entry.getKey(), -1L));
        return forward;
    }

    private void remember(Map<TopicPartition, OffsetAndMetadata> offsets) {
        offsets.forEach((partition, offset) -> committed.put(partition, offset.offset()));
    }
}
