package io.opsrelay.gateway.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from Kafka what has left memory: one reading at a time for a client, whatever number of connections wait for it;
 * few readers for all clients, each no faster than is fair to the feed itself.
 */
final class Archive implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Archive.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final int MOST_WAITING = 1_000;
    private static final Past GONE = new Past.Missing("retention");
    private static final Past NO_ROOM = new Past.Missing("busy");

    private final FeedProperties properties;
    private final String topic;
    private final Map<String, Object> kafka;
    private final Counter readings;
    private final ExecutorService readers;
    private final HistoryMemory memory;
    private final Counter refused;
    /** Readings that have not begun, by client; also the lock of both. */
    private final Map<String, Reading> waiting = new HashMap<>();
    /** Clients with a reading that goes on or is about to. */
    private final Set<String> busy = new HashSet<>();

    /** @param kafka settings of a consumer */
    Archive(FeedProperties properties, String topic, Map<String, Object> kafka, MeterRegistry meters) {
        this.properties = properties;
        this.topic = topic;
        this.kafka = Map.copyOf(kafka);
        this.readings = Counter.builder(FeedMetric.READINGS.id())
                .baseUnit(FeedMetric.READINGS.unit())
                .description(FeedMetric.READINGS.meaning())
                .register(meters);
        this.memory = new HistoryMemory(properties.historyMemory().toBytes());
        this.refused = Counter.builder(FeedMetric.HISTORY_REFUSED.id())
                .baseUnit(FeedMetric.HISTORY_REFUSED.unit())
                .description(FeedMetric.HISTORY_REFUSED.meaning())
                .register(meters);
        Gauge.builder(FeedMetric.HISTORY_BYTES.id(), memory, HistoryMemory::held)
                .baseUnit(FeedMetric.HISTORY_BYTES.unit())
                .description(FeedMetric.HISTORY_BYTES.meaning())
                .register(meters);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                properties.historyReaders(),
                properties.historyReaders(),
                30,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(MOST_WAITING),
                Thread.ofPlatform().name("feed-history-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        this.readers = pool;
    }

    /**
     * The client's events behind the offset, up to what the gateway has read by then. Whoever asks is given the segment
     * for their own use, and releases it.
     */
    CompletionStage<Past> read(String client, FeedPartition partition, int number, long after) {
        CompletableFuture<Past> result = new CompletableFuture<>();
        Reading reading = new Reading(client, partition, number, after);
        Reading former;
        boolean first;
        synchronized (waiting) {
            former = waiting.get(client);
            if (former != null && former.partition == partition) {
                former.after = Math.min(former.after, after);
                former.results.add(result);
                return result;
            }
            reading.results.add(result);
            waiting.put(client, reading);
            first = busy.add(client);
        }
        if (former != null) {
            former.results.forEach(asked -> asked.complete(GONE)); // its offsets are void
        }
        if (first) {
            start(reading);
        }
        return result;
    }

    private void start(Reading reading) {
        try {
            readers.execute(reading);
        } catch (RejectedExecutionException e) {
            reading.giveUp();
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
    }

    /** One pass over a client's partition. Who comes before it has begun is served by it as well. */
    private final class Reading implements Runnable {

        private final String client;
        private final FeedPartition partition;
        private final TopicPartition source;
        /** Of those who wait for it. Nobody joins them once it has begun. */
        private final List<CompletableFuture<Past>> results = new ArrayList<>();

        private long after;
        private long taken;

        Reading(String client, FeedPartition partition, int number, long after) {
            this.client = client;
            this.partition = partition;
            this.source = new TopicPartition(topic, number);
            this.after = after;
        }

        @Override
        public void run() {
            begin();
            readings.increment();
            Past found = GONE;
            try {
                found = segment();
            } catch (KafkaException e) {
                LOG.warn("The past of {} cannot be read now: {}", client, e.toString());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException e) {
                LOG.error("The past of {} could not be read", client, e);
            }
            tell(found);
            end();
        }

        void giveUp() {
            Reading later;
            synchronized (waiting) {
                later = waiting.remove(client); // itself, unless another has taken its place
                busy.remove(client);
            }
            refused.increment();
            tell(NO_ROOM);
            if (later != null) {
                later.tell(NO_ROOM);
            }
        }

        /** Whoever has come meanwhile is next: two readings of one client would contend for its share of memory. */
        private void end() {
            Reading next;
            synchronized (waiting) {
                next = waiting.get(client);
                if (next == null) {
                    busy.remove(client);
                }
            }
            if (next != null) {
                start(next);
            }
        }

        private void tell(Past found) {
            if (found instanceof Segment segment) {
                for (CompletableFuture<Past> result : results) {
                    segment.retain();
                    if (!result.complete(segment)) {
                        segment.release();
                    }
                }
                segment.release(); // this reading's own
            } else {
                memory.give(client, taken);
                results.forEach(result -> result.complete(found));
            }
        }

        /** From here on others start a reading of their own. */
        private void begin() {
            synchronized (waiting) {
                waiting.remove(client, this);
            }
        }

        private Past segment() throws InterruptedException {
            long upTo = partition.position();
            long from = after;
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                List<TopicPartition> one = List.of(source);
                consumer.assign(one);
                if (consumer.beginningOffsets(one).getOrDefault(source, 0L) > from + 1) {
                    return GONE;
                }
                consumer.seek(source, from + 1);
                return read(consumer, upTo);
            }
        }

        private Past read(Consumer<byte[], byte[]> consumer, long upTo) throws InterruptedException {
            List<Frame> frames = new ArrayList<>();
            Map<String, Long> previous = new HashMap<>();
            Set<String> ids = new HashSet<>();
            long most = Math.min(properties.historySize().toBytes(), memory.mostOfClient());
            long readBytes = 0;
            long began = System.nanoTime();
            long deadline = began + properties.historyPatience().toNanos();
            while (consumer.position(source) <= upTo) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                if (System.nanoTime() - deadline > 0) {
                    LOG.warn("The past of {} took too long to read", client);
                    return GONE;
                }
                for (ConsumerRecord<byte[], byte[]> found : consumer.poll(POLL)) {
                    readBytes += Math.max(0, found.serializedValueSize());
                    Frame frame = found.offset() <= upTo ? frame(found, previous, ids) : null;
                    if (frame != null) {
                        if (taken + frame.bytes() > most) {
                            return GONE;
                        }
                        if (!memory.take(client, frame.bytes(), deadline)) {
                            LOG.warn("There is no room for the past of {} now", client);
                            refused.increment();
                            return NO_ROOM;
                        }
                        taken += frame.bytes();
                        frames.add(frame);
                    }
                }
                slowDown(began, readBytes);
            }
            return new Segment(upTo, frames, () -> memory.give(client, taken));
        }

        private @Nullable Frame frame(
                ConsumerRecord<byte[], byte[]> found, Map<String, Long> previous, Set<String> ids) {
            if (found.key() == null || !client.equals(new String(found.key(), StandardCharsets.UTF_8))) {
                return null; // another client's, not even looked at
            }
            try {
                FeedRow row = FeedRow.of(found, partition.count());
                if (!FeedChannels.EVENT.contains(row.channel()) || (!row.id().isEmpty() && !ids.add(row.id()))) {
                    return null;
                }
                String byKey = row.channel() + ' ' + row.key();
                Frame frame = new Frame(
                        -1,
                        partition.epoch(),
                        found.offset(),
                        row.type(),
                        row.channel(),
                        row.key(),
                        previous.getOrDefault(row.channel(), -1L),
                        previous.getOrDefault(byKey, -1L),
                        row.tail());
                previous.put(row.channel(), found.offset());
                previous.put(byKey, found.offset());
                return frame;
            } catch (PoisonRecordException e) {
                return null; // it was set aside when it came
            }
        }

        /** Who reads the past must not take the disk and the network from who reads the present. */
        private void slowDown(long began, long bytes) throws InterruptedException {
            long due = began + Math.round(bytes * 1e9 / properties.historyRate().toBytes());
            long early = due - System.nanoTime();
            if (early > 0) {
                TimeUnit.NANOSECONDS.sleep(early);
            }
        }
    }
}
