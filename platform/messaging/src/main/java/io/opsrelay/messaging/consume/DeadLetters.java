package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets records aside on the dead-letter topic beside theirs, whole, with the reason. */
final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final int LONGEST_REASON = 2000;

    private final Producer<byte[], byte[]> producer;
    private final Clock clock;
    private final MeterRegistry meters;

    DeadLetters(Producer<byte[], byte[]> producer, Clock clock, MeterRegistry meters) {
        this.producer = producer;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * Returns once Kafka has it.
     *
     * @throws KafkaException if Kafka does not take it now; the record must then be tried again
     */
    void add(ConsumerRecord<byte[], byte[]> message, String consumer, String reason) throws InterruptedException {
        addAll(List.of(new Letter(message, reason, null)), consumer);
    }

    /**
     * Returns once Kafka has all of them.
     *
     * @throws KafkaException if Kafka does not take one now; all of them must then be tried again
     */
    void addAll(List<Letter> letters, String consumer) throws InterruptedException {
        List<Future<RecordMetadata>> acknowledgements = new ArrayList<>(letters.size());
        for (Letter letter : letters) {
            acknowledgements.add(producer.send(recordOf(letter, consumer)));
        }
        for (int i = 0; i < letters.size(); i++) {
            ConsumerRecord<byte[], byte[]> message = letters.get(i).message();
            try {
                acknowledgements.get(i).get(30, TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                throw new KafkaException("the dead letter of " + originOf(message) + " was not taken", e);
            }
            LOG.warn(
                    "{} cannot use {}: {} (set aside)",
                    consumer,
                    originOf(message),
                    letters.get(i).reason());
            meters.counter(MessagingMetric.DEAD_LETTERS.id(), "topic", message.topic(), "consumer", consumer)
                    .increment();
        }
    }

    private ProducerRecord<byte[], byte[]> recordOf(Letter letter, String consumer) {
        ConsumerRecord<byte[], byte[]> message = letter.message();
        ProducerRecord<byte[], byte[]> kafkaRecord =
                new ProducerRecord<>(TopicNames.deadLettersOf(message.topic()), message.key(), message.value());
        message.headers().forEach(header -> kafkaRecord.headers().add(header));
        // The writer of the record has no say in whose it is.
        kafkaRecord.headers().remove(Headers.DEAD_CLIENT);
        put(kafkaRecord, Headers.DEAD_REASON, clip(letter.reason()));
        put(kafkaRecord, Headers.DEAD_CONSUMER, consumer);
        put(kafkaRecord, Headers.DEAD_ORIGIN, originOf(message));
        put(kafkaRecord, Headers.DEAD_TIME, clock.instant().toString());
        if (letter.clientId() != null) {
            put(kafkaRecord, Headers.DEAD_CLIENT, letter.clientId());
        }
        return kafkaRecord;
    }

    private static String originOf(ConsumerRecord<?, ?> message) {
        return message.topic() + "-" + message.partition() + "@" + message.offset();
    }

    private static String clip(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    private static void put(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * A record to be set aside.
     *
     * @param clientId the client (tenant) it belongs to, where the consumer knows it from elsewhere than the record
     */
    record Letter(
            ConsumerRecord<byte[], byte[]> message,
            String reason,
            @Nullable String clientId) {}
}
