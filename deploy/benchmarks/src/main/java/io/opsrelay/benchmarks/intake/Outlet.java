package io.opsrelay.benchmarks.intake;

import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.contracts.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What comes out at the other end: events of the tickets' topic since this was opened, counted. */
final class Outlet implements AutoCloseable {

    private static final String RECEIVED =
            EventCatalog.typeOf(TicketEvent.TicketReceived.class).value();
    private static final String COMPLETED =
            EventCatalog.typeOf(RunEvent.RunCompleted.class).value();
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Thread reader = new Thread(this::read, "outlet");
    private final AtomicLong received = new AtomicLong();
    private final AtomicLong completed = new AtomicLong();
    private volatile boolean closed;
    private volatile long lastReceivedAt = System.nanoTime();

    /** @param bootstrap addresses of Kafka */
    Outlet(String bootstrap) {
        consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "enable.auto.commit", "false"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = Topics.allOf(Topics.TICKET).stream()
                .flatMap(topic -> consumer.partitionsFor("opsrelay." + topic).stream())
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        while (!closed) {
            for (ConsumerRecord<byte[], byte[]> message : consumer.poll(POLL)) {
                Header type = message.headers().lastHeader(Headers.TYPE);
                String name = type == null ? "" : new String(type.value(), StandardCharsets.UTF_8);
                if (name.equals(RECEIVED)) {
                    received.incrementAndGet();
                    lastReceivedAt = System.nanoTime();
                } else if (name.equals(COMPLETED)) {
                    completed.incrementAndGet();
                }
            }
        }
        consumer.close();
    }

    /** Tickets that were told to the other services. */
    long received() {
        return received.get();
    }

    /** Tickets that the agent has finished with, at least once. */
    long completed() {
        return completed.get();
    }

    /**
     * Waits until so many tickets were told.
     *
     * @return {@link System#nanoTime()} when the last one was
     * @throws IllegalStateException if that takes longer than {@code limit}
     */
    long awaitReceived(long count, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (received.get() < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("only " + received.get() + " of " + count + " tickets reached Kafka in "
                        + limit.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
        return lastReceivedAt;
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join(5000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
