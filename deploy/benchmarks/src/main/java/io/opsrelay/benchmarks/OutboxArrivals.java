package io.opsrelay.benchmarks;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads a topic from its end and notes how long each key was under way. */
final class OutboxArrivals implements AutoCloseable {

    private final Map<String, Long> marks = new ConcurrentHashMap<>();
    private final AtomicLong leftCount = new AtomicLong();
    private final AtomicLong settled = new AtomicLong();
    private final Histogram micros = new SynchronizedHistogram(3);
    private final KafkaConsumer<String, byte[]> consumer;
    private final Thread reader;

    OutboxArrivals(String bootstrapServers, String topic) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reader = Thread.ofPlatform().name("arrivals").start(this::read);
    }

    /** The commit has returned. What is never said to have left, as during the warm-up, is not counted. */
    void left(String key) {
        leftCount.incrementAndGet();
        meet(key, System.nanoTime());
    }

    private void read() {
        try {
            while (true) {
                var batch = consumer.poll(Duration.ofSeconds(1));
                long now = System.nanoTime();
                batch.forEach(message -> meet(message.key(), -now));
            }
        } catch (WakeupException e) {
            consumer.close();
        }
    }

    /** An arrival is negative: it may be seen before the committing thread runs on. */
    private void meet(String key, long time) {
        Long other = marks.putIfAbsent(key, time);
        if (other == null || (other < 0) == (time < 0)) {
            return;
        }
        marks.remove(key);
        long arrived = time < 0 ? -time : -other;
        long left = time < 0 ? other : time;
        micros.recordValue(Math.max(0, arrived - left) / 1000);
        settled.incrementAndGet();
    }

    void awaitLast(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (missing() > 0 && System.nanoTime() - deadline < 0) {
            Thread.sleep(5);
        }
    }

    long missing() {
        return leftCount.get() - settled.get();
    }

    /** From commit to arrival. */
    Histogram micros() {
        return micros;
    }

    @Override
    public void close() throws InterruptedException {
        consumer.wakeup();
        reader.join();
    }
}
