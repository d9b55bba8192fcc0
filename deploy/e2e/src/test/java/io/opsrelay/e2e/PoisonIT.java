package io.opsrelay.e2e;

import static io.opsrelay.e2e.Steps.awaitStatus;
import static io.opsrelay.e2e.Steps.postTicket;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.e2e.system.OpsRelay;
import io.opsrelay.e2e.system.Person;
import io.opsrelay.e2e.system.RunningSystem;
import io.opsrelay.e2e.system.Stream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Other systems write to the same broker: what nobody can use is set aside with the reason, and work goes on. */
@RunningSystem
@Order(7)
class PoisonIT {

    private final OpsRelay opsRelay;

    PoisonIT(OpsRelay opsRelay) {
        this.opsRelay = opsRelay;
    }

    static List<Arguments> poison() {
        List<Arguments> cases = new ArrayList<>();
        for (String topic : Topics.ALL) {
            cases.add(Arguments.of(topic, "no header at all", Map.of(), "nonsense"));
            cases.add(Arguments.of(topic, "a type that is not ours", headers("com.example.thing.v1"), "{}"));
            cases.add(Arguments.of(topic, "no value", headers(typeOn(topic)), null));
        }
        cases.add(Arguments.of(Topics.TICKET, "broken JSON", headers(typeOn(Topics.TICKET)), "{\"ticket_id\":"));
        cases.add(Arguments.of(
                Topics.TICKET, "a field is missing", headers(typeOn(Topics.TICKET)), "{\"subject\":\"a\"}"));
        cases.add(Arguments.of(
                Topics.TICKET, "too deep", headers(typeOn(Topics.TICKET)), "[".repeat(200) + "]".repeat(200)));
        return cases;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("poison")
    void aPoisonRecordIsSetAsideWithTheReasonAndThePathStillWorks(
            String topic, String what, Map<String, String> headers, @Nullable String value) {
        String key = "poison-" + UUID.randomUUID();
        Person agent = opsRelay.as("agent@acme.example");
        try (Stream stream = agent.stream("tickets")) {
            write("opsrelay." + topic, key, headers, value);

            ConsumerRecord<String, byte[]> letter = awaitDeadLetter("opsrelay." + topic + "-dlt", key);
            assertThat(header(letter, Headers.DEAD_REASON)).isNotBlank();
            assertThat(header(letter, Headers.DEAD_CONSUMER)).isNotBlank();
            assertThat(header(letter, Headers.DEAD_ORIGIN)).startsWith("opsrelay." + topic + "-");
            assertThat(letter.value()).isEqualTo(value == null ? null : value.getBytes(StandardCharsets.UTF_8));

            String ticketId = postTicket(agent, "A question", "How long do refunds take?");
            stream.awaitInOrder("tickets", ticketId, "ticket_received", "ticket_resolved");
            awaitStatus(agent, ticketId, "resolved");
        }
    }

    private static String typeOn(String topic) {
        return switch (topic) {
            case Topics.FEED -> "io.opsrelay.feed.record.v1";
            case Topics.EXPORT -> "io.opsrelay.export.answered.v1";
            default -> "io.opsrelay.ticket.received.v1";
        };
    }

    private static Map<String, String> headers(String type) {
        return Map.of(
                Headers.SPEC_VERSION, "1.0",
                Headers.ID, UUID.randomUUID().toString(),
                Headers.SOURCE, "a-stranger",
                Headers.TYPE, type,
                Headers.TIME, "2026-01-01T00:00:00Z",
                Headers.CLIENT, "acme");
    }

    private void write(String topic, String key, Map<String, String> headers, @Nullable String value) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", opsRelay.kafka()), new StringSerializer(), new ByteArraySerializer())) {
            ProducerRecord<String, byte[]> message =
                    new ProducerRecord<>(topic, key, value == null ? null : value.getBytes(StandardCharsets.UTF_8));
            headers.forEach((name, text) -> message.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
            producer.send(message);
        }
    }

    private ConsumerRecord<String, byte[]> awaitDeadLetter(String topic, String key) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", opsRelay.kafka(), "allow.auto.create.topics", false),
                new StringDeserializer(),
                new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic, Duration.ofSeconds(20)).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long end = System.nanoTime() + Steps.PATIENCE.toNanos();
            while (System.nanoTime() < end) {
                for (ConsumerRecord<String, byte[]> letter : consumer.poll(Duration.ofMillis(200))) {
                    if (key.equals(letter.key())) {
                        return letter;
                    }
                }
            }
            throw new AssertionError("no record with the key " + key + " came to " + topic);
        }
    }

    private static String header(ConsumerRecord<String, byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }
}
