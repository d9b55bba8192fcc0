package io.opsrelay.benchmarks.fanout;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes feed records at a constant rate, the clients in turn. Each carries a number that counts up by client and the
 * moment it was due, both at a fixed place before the frame's end.
 */
final class Publisher implements AutoCloseable {

    /** {@code {"n":"0000000001","at":"0000000000000001","pad":"..."}}, and the frame's own brace. */
    private static final String DATA = "{\"n\":\"%010d\",\"at\":\"%019d\",\"pad\":\"%s\"}";
    /** Makes the whole frame about 300 bytes long. */
    private static final String PAD = "x".repeat(36);
    /** From the frame's end back to the first digit of n. */
    static final int N_FROM_END = DATA.formatted(0L, 0L, PAD).length() + 1 - "{\"n\":\"".length();
    /** From the frame's end back to the first digit of at. */
    static final int AT_FROM_END = N_FROM_END - 10 - "\",\"at\":\"".length();

    private final KafkaProducer<String, byte[]> producer;
    private final List<String> clients;
    private final long[] numbers;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    Publisher(String kafka, List<String> clients) {
        this.clients = List.copyOf(clients);
        this.numbers = new long[clients.size()];
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka, "acks", "1", "linger.ms", "0"),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    /** Publishes for so long; returns how many were published. */
    long run(double perSecond, Duration lasting) throws Exception {
        long start = System.nanoTime();
        long count = Math.round(perSecond * lasting.toMillis() / 1000.0);
        for (long i = 0; i < count; i++) {
            long due = start + Math.round(i * 1e9 / perSecond);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            publish((int) (i % clients.size()), due);
        }
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw failed;
        }
        return count;
    }

    private void publish(int number, long due) {
        String client = clients.get(number);
        byte[] data = DATA.formatted(++numbers[number], due, PAD).getBytes(StandardCharsets.US_ASCII);
        String id = new UUID(due, numbers[number] << 20 | number).toString();
        String key = "t-%08d".formatted(number).toLowerCase(Locale.ROOT);
        producer.send(FeedTopic.written(id, client, "tickets", key, data), (metadata, failed) -> {
            if (failed != null) {
                failure.compareAndSet(null, failed);
            }
        });
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
