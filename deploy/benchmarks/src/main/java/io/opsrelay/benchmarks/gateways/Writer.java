package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.fanout.FeedTopic;
import io.opsrelay.benchmarks.history.Written;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes what services would write, for several clients at a constant rate: events and states. What is due while Kafka
 * is away waits in memory.
 */
final class Writer implements Runnable, AutoCloseable {

    /** In every record of a client, and in nobody else's. */
    private static final String MARK = "only-for-";

    private static final String PAD = "x".repeat(32 * 1024);
    private static final int LONG_ONE_IN = 8;

    /** Each as often as it stands here. */
    private static final List<String> CHANNELS = List.of(
            "tickets", "tickets", "tickets", "approvals", "approvals", "actions", "ai", Written.ME, "metrics", "queue");

    private static final List<String> KEYS =
            IntStream.range(0, 12).mapToObj(number -> "k-" + number).toList();

    private final KafkaProducer<String, byte[]> producer;
    private final Map<String, List<String>> people;
    private final List<String> clients;
    private final double perSecond;
    private final Random random;
    private final Map<String, Long> versions = new HashMap<>();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
    private volatile boolean leaving;

    /** @param people of each client */
    Writer(String kafka, Map<String, List<String>> people, double perSecond, Random random) {
        this.people = people;
        this.clients = people.keySet().stream().sorted().toList();
        this.perSecond = perSecond;
        this.random = random;
        this.producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        kafka,
                        "acks",
                        "all",
                        "enable.idempotence",
                        true,
                        "reconnect.backoff.max.ms",
                        500,
                        "request.timeout.ms",
                        5_000,
                        "delivery.timeout.ms",
                        180_000,
                        "max.block.ms",
                        180_000L),
                new StringSerializer(),
                new ByteArraySerializer());
    }

    static String mark(String client) {
        return MARK + client;
    }

    @Override
    public void run() {
        long start = System.nanoTime();
        long number = 0;
        for (; !leaving; number++) {
            long due = start + Math.round(number * 1e9 / perSecond);
            while (System.nanoTime() - due < 0) {
                LockSupport.parkNanos(due - System.nanoTime());
            }
            String client = clients.get((int) (number % clients.size()));
            String channel = CHANNELS.get(random.nextInt(CHANNELS.size()));
            List<String> keys = channel.equals(Written.ME) ? people.getOrDefault(client, KEYS) : KEYS;
            write(client, channel, keys.get(random.nextInt(keys.size())), number);
        }
        // A gateway learns a state that is older than what it reads at its start when the state is reported again.
        for (String client : clients) {
            for (String channel : Written.STATES) {
                for (String key : KEYS) {
                    write(client, channel, key, number++);
                }
            }
        }
    }

    private void write(String client, String channel, String key, long number) {
        long version = versions.merge(client + ' ' + channel + ' ' + key, 1L, Long::sum);
        int length = random.nextInt(LONG_ONE_IN) == 0 ? PAD.length() : random.nextInt(200);
        byte[] data = "{\"version\":%d,\"at\":%d,\"mark\":\"%s\",\"pad\":\"%s\"}"
                .formatted(version, System.nanoTime(), mark(client), PAD.substring(0, length))
                .getBytes(StandardCharsets.US_ASCII);
        producer.send(FeedTopic.written("w-" + number, client, channel, key, data), (metadata, failed) -> {
            if (failed == null) {
                acknowledged.incrementAndGet();
            } else {
                failure.compareAndSet(null, failed);
            }
        });
    }

    /** Writes nothing more. */
    void leave() {
        leaving = true;
    }

    /**
     * Waits until all that was written is acknowledged; answers how much that is.
     *
     * @throws IllegalStateException if something could not be written: then nothing can be judged
     */
    long finish() {
        producer.flush();
        Exception failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("the feed could not be written: " + failed, failed);
        }
        return acknowledged.get();
    }

    @Override
    public void close() {
        leaving = true;
        producer.close(Duration.ofSeconds(5));
    }
}
