package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.messaging.MessagingProperties;
import io.opsrelay.messaging.PoisonException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.util.unit.DataSize;

/** Where a consumer goes on after a record has failed. */
class PartitionPausingErrorHandlerTest {

    private static final TopicPartition PARTITION = new TopicPartition("opsrelay.ticket.v1", 0);

    private final MockProducer<byte[], byte[]> producer =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());

    @Test
    void aCommitThatComesTooLateLeavesNoRecordBehind() {
        try (MockConsumer<byte[], byte[]> consumer = whoseCommitsComeTooLate()) {
            handler()
                    .handleBatch(
                            poisonAt(2), polled(), consumer, Mockito.mock(MessageListenerContainer.class), () -> {});

            assertThat(consumer.position(PARTITION)).isEqualTo(3);
            assertThat(producer.history()).singleElement().satisfies(letter -> assertThat(letter.key())
                    .isEqualTo("key-2".getBytes(StandardCharsets.UTF_8)));
        }
    }

    @Test
    void aRecordThatCannotBeAppliedNowIsTriedAgainAlsoIfWhatStoodBeforeCouldNotBeCommitted() {
        try (MockConsumer<byte[], byte[]> consumer = whoseCommitsComeTooLate()) {
            handler()
                    .handleBatch(
                            new BatchListenerFailedException("not now", new IllegalStateException("a fault"), 2),
                            polled(),
                            consumer,
                            Mockito.mock(MessageListenerContainer.class),
                            () -> {});

            assertThat(consumer.position(PARTITION)).isEqualTo(2);
            assertThat(producer.history()).isEmpty();
        }
    }

    private PartitionPausingErrorHandler handler() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new PartitionPausingErrorHandler(
                "a-group",
                new DeadLetters(producer, Clock.systemUTC(), meters),
                new MessagingProperties(
                        "a-user",
                        "",
                        1,
                        Duration.ofMillis(1),
                        Duration.ofSeconds(1),
                        1,
                        Duration.ZERO,
                        1,
                        5,
                        Duration.ofSeconds(1),
                        DataSize.ofMegabytes(1),
                        1),
                Mockito.mock(TaskScheduler.class),
                Clock.systemUTC(),
                meters);
    }

    private static BatchListenerFailedException poisonAt(int index) {
        return new BatchListenerFailedException("no event", new PoisonException("no JSON"), index);
    }

    private static ConsumerRecords<byte[], byte[]> polled() {
        List<ConsumerRecord<byte[], byte[]>> records = List.of(at(0), at(1), at(2), at(3), at(4));
        return new ConsumerRecords<>(Map.of(PARTITION, records), Map.of());
    }

    private static ConsumerRecord<byte[], byte[]> at(long offset) {
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                ("key-" + offset).getBytes(StandardCharsets.UTF_8),
                new byte[0]);
    }

    /** It has read all that was polled. */
    private static MockConsumer<byte[], byte[]> whoseCommitsComeTooLate() {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
            @Override
            public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets) {
                throw new CommitFailedException("stale member epoch");
            }
        };
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.seek(PARTITION, 5);
        return consumer;
    }
}
