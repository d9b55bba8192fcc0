package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawSubscription;
import io.opsrelay.messaging.RawSubscription.BatchHandler;
import io.opsrelay.messaging.RawSubscription.Rejection;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.kafka.listener.BatchListenerFailedException;

class RawListenerTest {

    private final MockProducer<byte[], byte[]> kafka =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final List<List<Long>> calls = new ArrayList<>();

    @Test
    void whatTheHandlerRefusesIsSetAsideWithItsReasonAndClient() {
        listener(records -> List.of(
                        new Rejection(records.get(1), "unknown source", null),
                        new Rejection(records.get(2), "no body", "acme")))
                .onMessage(batch(4));

        assertThat(calls).containsExactly(List.of(0L, 1L, 2L, 3L));
        assertThat(kafka.history()).hasSize(2);
        Map<String, String> first = headers(kafka.history().get(0));
        assertThat(first)
                .containsEntry(Headers.DEAD_REASON, "unknown source")
                .containsEntry(Headers.DEAD_ORIGIN, "t-0@1")
                .containsEntry(Headers.DEAD_CONSUMER, "group");
        // The record's own word for whose it is does not count.
        assertThat(first).doesNotContainKey(Headers.DEAD_CLIENT);
        assertThat(headers(kafka.history().get(1))).containsEntry(Headers.DEAD_CLIENT, "acme");
        assertThat(kafka.history().get(1).topic()).isEqualTo("t-dlt");
    }

    @Test
    void afterAFaultTheRecordsComeOneByOneAndTheCulpritIsTold() {
        BatchHandler faulty = records -> {
            if (records.stream().anyMatch(it -> it.offset() == 2)) {
                throw new IllegalStateException("a fault of ours");
            }
            return List.of();
        };

        assertThatThrownBy(() -> listener(faulty).onMessage(batch(4)))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, e -> assertThat(e.getIndex())
                        .isEqualTo(2));
        assertThat(calls).containsExactly(List.of(0L, 1L, 2L, 3L), List.of(0L), List.of(1L), List.of(2L));
    }

    @Test
    void whatPassesByItselfIsTriedAsAWhole() {
        BatchHandler away = records -> {
            throw new QueryTimeoutException("the database is away");
        };

        assertThatThrownBy(() -> listener(away).onMessage(batch(4)))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, e -> assertThat(e.getIndex())
                        .isZero());
        assertThat(calls).hasSize(1);
    }

    @Test
    void anErrorDoesNotEndTheConsumer() {
        BatchHandler broken = records -> {
            throw new StackOverflowError();
        };

        assertThatThrownBy(() -> listener(broken).onMessage(batch(1)))
                .isInstanceOf(BatchListenerFailedException.class)
                .hasCauseInstanceOf(IllegalStateException.class);
    }

    @Test
    void aDeadLetterThatKafkaDoesNotTakeKeepsTheRecordsUndone() {
        kafka.sendException = new KafkaException("away");

        assertThatThrownBy(() -> listener(records -> List.of(new Rejection(records.get(0), "r", null)))
                        .onMessage(batch(2)))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, e -> assertThat(e.getIndex())
                        .isZero());
    }

    @Test
    void aHandlerCannotRefuseWhatItDidNotGet() {
        RawRecord foreign = new RawRecord("t", 0, 0, null, null, List.of(), java.time.Instant.EPOCH);

        assertThatThrownBy(() -> listener(records -> List.of(new Rejection(foreign, "r", null)))
                        .onMessage(batch(1)))
                .hasRootCauseMessage("a handler refuses a record that it did not get: t-0@0");
    }

    private RawListener listener(BatchHandler handler) {
        BatchHandler noting = records -> {
            calls.add(records.stream().map(RawRecord::offset).toList());
            return handler.handle(records);
        };
        return new RawListener(
                new RawSubscription("group", List.of("t"), 1, 100, noting),
                new DeadLetters(kafka, Clock.systemUTC(), new SimpleMeterRegistry()));
    }

    private static List<ConsumerRecord<byte[], byte[]>> batch(int size) {
        return IntStream.range(0, size)
                .mapToObj(offset -> {
                    ConsumerRecord<byte[], byte[]> message =
                            new ConsumerRecord<>("t", 0, offset, new byte[] {1}, new byte[] {2});
                    message.headers().add(Headers.DEAD_CLIENT, "globex".getBytes(StandardCharsets.UTF_8));
                    return message;
                })
                .toList();
    }

    private static Map<String, String> headers(ProducerRecord<byte[], byte[]> letter) {
        Map<String, String> headers = new TreeMap<>();
        letter.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }
}
