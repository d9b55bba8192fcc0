package io.opsrelay.gateway.feed;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all partitions of the feed topic, without a group: every gateway shows everything. First the newest records,
 * then what comes. A broker that is away is waited for; nothing that was read is given up meanwhile.
 */
final class FeedReader implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FeedReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    /** Answered fetches: Kafka answers also where nothing is new, and a consumer does not say that it was not answered. */
    private static final String FETCHES = "fetch-total";

    private static final Duration IDENTITY_CHECK = Duration.ofSeconds(30);

    private final Feed feed;
    private final FeedProperties properties;
    private final String topic;
    private final Map<String, Object> kafka;
    private final DeadLetters deadLetters;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Counter frames;
    private final Counter evictions;

    private volatile boolean stopping;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;
    private boolean forgetPositions; // the reading thread's own

    FeedReader(
            Feed feed,
            FeedProperties properties,
            String topic,
            Map<String, Object> kafka,
            DeadLetters deadLetters,
            Clock clock,
            MeterRegistry meters) {
        this.feed = feed;
        this.properties = properties;
        this.topic = topic;
        this.kafka = kafka;
        this.deadLetters = deadLetters;
        this.clock = clock;
        this.meters = meters;
        this.frames = meters.counter(FeedMetric.FRAMES.id());
        this.evictions = meters.counter(FeedMetric.EVICTED.id());
    }

    /** Reads until {@link #stop()}; may be run again afterwards, and then goes on where it stood. */
    @Override
    public void run() {
        stopping = false;
        while (!stopping) {
            try {
                FeedIdentity identity = FeedIdentity.ask(topic, kafka);
                try (Consumer<byte[], byte[]> opened = open()) {
                    consumer = opened;
                    follow(opened, identity);
                } finally {
                    consumer = null;
                    feed.lag(OptionalLong.empty());
                }
            } catch (WakeupException e) {
                LOG.debug("The feed is told to stop");
            } catch (InterruptException | InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (OffsetOutOfRangeException e) {
                // Too far behind, or the topic was made anew under the same name: begin again, readers are told.
                LOG.warn("The feed's offsets are not there any more; reading begins anew: {}", e.getMessage());
                meters.counter(FeedMetric.INTERRUPTIONS.id()).increment();
                forgetPositions = true;
            } catch (KafkaException e) {
                LOG.warn("The feed topic {} cannot be read now: {}", topic, e.toString());
                meters.counter(FeedMetric.INTERRUPTIONS.id()).increment();
                pause();
            }
        }
    }

    void stop() {
        stopping = true;
        Consumer<byte[], byte[]> current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    private void follow(Consumer<byte[], byte[]> opened, FeedIdentity identity) {
        List<TopicPartition> partitions = IntStream.range(0, identity.partitions())
                .mapToObj(number -> new TopicPartition(topic, number))
                .toList();
        opened.assign(partitions);
        Rings known = feed.current();
        Rings rings;
        if (known != null && known.identity().equals(identity) && !forgetPositions) {
            rings = known;
            partitions.forEach(partition -> opened.seek(
                    partition, known.partition(partition.partition()).position() + 1));
        } else {
            if (known != null) {
                meters.counter(FeedMetric.RESTARTS.id()).increment();
            }
            rings = warm(opened, identity, partitions);
            forgetPositions = false;
            feed.replaceBy(rings);
        }
        Metric fetches = fetchesOf(opened);
        Object answered = fetches.metricValue();
        feed.readAt(clock.instant());
        long checkAt = System.nanoTime() + IDENTITY_CHECK.toNanos();
        while (!stopping) {
            apply(opened, rings, opened.poll(POLL));
            feed.lag(lagOf(opened, partitions));
            Object answeredNow = fetches.metricValue();
            if (!answeredNow.equals(answered)) {
                answered = answeredNow;
                feed.readAt(clock.instant());
            }
            if (System.nanoTime() - checkAt > 0) {
                if (partitionsNow(opened) != identity.partitions()) {
                    LOG.info("The feed topic has got more partitions; positions begin anew");
                    return;
                }
                checkAt = System.nanoTime() + IDENTITY_CHECK.toNanos();
            }
        }
    }

    /** Reads the newest records of each partition up to the end that it has now; those before them for states alone. */
    private Rings warm(Consumer<byte[], byte[]> opened, FeedIdentity identity, List<TopicPartition> partitions) {
        long began = System.nanoTime();
        Map<TopicPartition, Long> beginnings = opened.beginningOffsets(partitions);
        Map<TopicPartition, Long> ends = opened.endOffsets(partitions);
        List<FeedPartition> states = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long end = ends.getOrDefault(partition, 0L);
            long start = Math.max(beginning, end - properties.warmRecords());
            states.add(new FeedPartition(identity.epochOf(partition.partition()), start, partitions.size()));
            opened.seek(partition, Math.max(beginning, end - properties.stateRecords()));
        }
        Rings rings = new Rings(identity, states, properties.ringSize().toBytes());
        while (!stopping && ends.entrySet().stream().anyMatch(end -> opened.position(end.getKey()) < end.getValue())) {
            apply(opened, rings, opened.poll(POLL));
        }
        LOG.info(
                "The feed is warm: {} partitions, {} clients, {} KiB in {} ms",
                states.size(),
                rings.all().size(),
                rings.bytes() / 1024,
                Duration.ofNanos(System.nanoTime() - began).toMillis());
        return rings;
    }

    private void apply(Consumer<byte[], byte[]> opened, Rings rings, ConsumerRecords<byte[], byte[]> records) {
        if (records.isEmpty()) {
            return;
        }
        Set<ClientRing> touched = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> kafkaRecord : records) {
            try {
                FeedRow row = FeedRow.of(kafkaRecord, rings.identity().partitions());
                if (!rings.partition(kafkaRecord.partition()).isFirst(row)) {
                    meters.counter(FeedMetric.REPEATED.id()).increment();
                } else if (FeedChannels.isKnown(row.channel())) {
                    evictions.increment(rings.append(row, kafkaRecord.offset()));
                    frames.increment();
                    touched.add(rings.of(row.client()));
                } else {
                    meters.counter(FeedMetric.SKIPPED.id(), "channel", "unknown")
                            .increment();
                }
            } catch (PoisonRecordException e) {
                if (kafkaRecord.offset()
                        >= rings.partition(kafkaRecord.partition()).start()) {
                    deadLetters.add(kafkaRecord, e.reason());
                }
            }
            // Only now: who sees the position finds the frame.
            rings.partition(kafkaRecord.partition()).advanceTo(kafkaRecord.offset());
        }
        // Control records of transactions and compacted ones have offsets, too.
        for (TopicPartition partition : records.partitions()) {
            rings.partition(partition.partition()).advanceTo(opened.position(partition) - 1);
        }
        touched.forEach(ClientRing::wakeListeners);
    }

    private static Metric fetchesOf(Consumer<byte[], byte[]> opened) {
        return opened.metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(FETCHES))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("this Kafka client does not count " + FETCHES))
                .getValue();
    }

    /** As the consumer knows it from its last answers: asks nobody. */
    private static OptionalLong lagOf(Consumer<byte[], byte[]> opened, List<TopicPartition> partitions) {
        long sum = 0;
        for (TopicPartition partition : partitions) {
            OptionalLong lag = opened.currentLag(partition);
            if (lag.isEmpty()) {
                return lag;
            }
            sum += lag.getAsLong();
        }
        return OptionalLong.of(sum);
    }

    private int partitionsNow(Consumer<byte[], byte[]> opened) {
        try {
            return opened.partitionsFor(topic, Duration.ofSeconds(2)).size();
        } catch (TimeoutException e) {
            return opened.assignment().size(); // the broker is away: nothing is known to have changed
        }
    }

    private Consumer<byte[], byte[]> open() {
        return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }
}
