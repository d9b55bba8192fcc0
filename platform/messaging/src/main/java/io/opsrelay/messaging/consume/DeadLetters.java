package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
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
        String origin = message.topic() + "-" + message.partition() + "@" + message.offset();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(TopicNames.deadLettersOf(message.topic()), message.key(), message.value());
        message.headers().forEach(header -> letter.headers().add(header));
        put(letter, Headers.DEAD_REASON, clip(reason));
        put(letter, Headers.DEAD_CONSUMER, consumer);
        put(letter, Headers.DEAD_ORIGIN, origin);
        put(letter, Headers.DEAD_TIME, clock.instant().toString());
        try {
            producer.send(letter).get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the dead letter of " + origin + " was not taken", e);
        }
        LOG.warn("{} cannot use {}: {} (set aside on {})", consumer, origin, reason, letter.topic());
        meters.counter(MessagingMetric.DEAD_LETTERS.id(), "topic", message.topic(), "consumer", consumer)
                .increment();
    }

    private static String clip(String reason) {
        return reason.length() <= LONGEST_REASON ? reason : reason.substring(0, LONGEST_REASON) + "...";
    }

    private static void put(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
