package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestServices;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ForwardOnlyConsumerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final TestKafka kafka = TestKafka.withRandomPrefix();
    private final TopicPartition first = new TopicPartition(kafka.topic("ticket.v1"), 0);
    private final TopicPartition second = new TopicPartition(kafka.topic("ticket.v1"), 1);

    private ForwardOnlyConsumer consumer;

    @BeforeEach
    void open() {
        kafka.createTopics(2, "ticket.v1");
        consumer = new ForwardOnlyConsumer(Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                TestServices.get().kafka(),
                ConsumerConfig.GROUP_ID_CONFIG,
                "forward-" + UUID.randomUUID(),
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false));
        consumer.assign(Set.of(first, second));
    }

    @AfterEach
    void close() {
        consumer.close();
    }

    @Test
    void aCommitOfBeforeIsPassedOverAndThoseBesideItAreMade() {
        consumer.commitSync(Map.of(first, at(7)));

        consumer.commitSync(Map.of(first, at(5), second, at(3)), PATIENCE);
        consumer.commitSync(Map.of(first, at(6)));

        assertThat(committed(first)).isEqualTo(7);
        assertThat(committed(second)).isEqualTo(3);
    }

    @Test
    void commitsGoForward() {
        consumer.commitSync(Map.of(first, at(7)), PATIENCE);
        consumer.commitSync(Map.of(first, at(8)));
        consumer.commitSync(Map.of(first, at(9)), PATIENCE);

        assertThat(committed(first)).isEqualTo(9);
    }

    private long committed(TopicPartition partition) {
        return consumer.committed(Set.of(partition)).get(partition).offset();
    }

    private static OffsetAndMetadata at(long offset) {
        return new OffsetAndMetadata(offset);
    }
}
