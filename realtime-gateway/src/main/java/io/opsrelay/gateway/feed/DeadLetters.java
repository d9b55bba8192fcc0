package io.opsrelay.gateway.feed;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets unusable records aside on the dead-letter topic, whole, with the reason, while the feed goes on. A record may be
 * set aside more than once, by each gateway and at each start: {@link Headers#DEAD_ORIGIN} tells it is the same.
 */
final class DeadLetters implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);
    private static final String CONSUMER = "gateway";
    private static final int WAITING = 1_000;

    private final Map<String, Object> kafka;
    private final Clock clock;
    private final MeterRegistry meters;
    private final ThreadPoolExecutor sending;
    private @Nullable Producer<byte[], byte[]> producer; // the sending thread's own; most gateways never need one

    DeadLetters(Map<String, Object> kafka, Clock clock, MeterRegistry meters) {
        this.kafka = kafka;
        this.clock = clock;
        this.meters = meters;
        this.sending = new ThreadPoolExecutor(
                0,
                1,
                30,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING),
                Thread.ofPlatform().daemon().name("feed-dead-letters").factory(),
                (task, executor) -> {
                    LOG.error("More unusable feed records than can be set aside: this one is only counted");
                    lost();
                });
    }

    /** Returns at once. */
    void add(ConsumerRecord<byte[], byte[]> kafkaRecord, String reason) {
        meters.counter(FeedMetric.POISON.id()).increment();
        sending.execute(() -> send(kafkaRecord, reason));
    }

    private void send(ConsumerRecord<byte[], byte[]> kafkaRecord, String reason) {
        String origin = kafkaRecord.topic() + "-" + kafkaRecord.partition() + "@" + kafkaRecord.offset();
        ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(
                kafkaRecord.topic() + Topics.DEAD_LETTER_SUFFIX, kafkaRecord.key(), kafkaRecord.value());
        kafkaRecord.headers().forEach(header -> letter.headers().add(header));
        put(letter, Headers.DEAD_REASON, reason);
        put(letter, Headers.DEAD_CONSUMER, CONSUMER);
        put(letter, Headers.DEAD_ORIGIN, origin);
        put(letter, Headers.DEAD_TIME, clock.instant().toString());
        try {
            if (producer == null) {
                producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
            }
            var unused = producer.send(letter, (metadata, failure) -> {
                if (failure == null) {
                    LOG.warn("The feed cannot use {}: {} (set aside on {})", origin, reason, letter.topic());
                } else {
                    failed(origin, reason, failure);
                }
            });
        } catch (KafkaException e) {
            failed(origin, reason, e);
        }
    }

    private void failed(String origin, String reason, Exception failure) {
        LOG.error("The feed cannot use {}: {}, and it could not be set aside: {}", origin, reason, failure.toString());
        lost();
    }

    private void lost() {
        meters.counter(FeedMetric.DEAD_LETTERS_LOST.id()).increment();
    }

    private static void put(ProducerRecord<byte[], byte[]> letter, String name, String value) {
        letter.headers().remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() {
        sending.execute(() -> {
            if (producer != null) {
                producer.close(Duration.ofSeconds(2));
            }
        });
        sending.shutdown();
    }
}
