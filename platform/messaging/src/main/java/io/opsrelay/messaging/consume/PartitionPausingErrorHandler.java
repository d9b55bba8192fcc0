package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.MessagingProperties;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.CommonErrorHandler;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.scheduling.TaskScheduler;

/**
 * Pauses only the partition whose record failed and tries again, for ever while the cause is transient; the other
 * partitions go on. Poison is set aside and stepped over.
 */
final class PartitionPausingErrorHandler implements CommonErrorHandler {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionPausingErrorHandler.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

    private final String group;
    private final DeadLetters deadLetters;
    private final MessagingProperties properties;
    private final TaskScheduler scheduler;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Map<TopicPartition, Failures> failures = new ConcurrentHashMap<>();

    PartitionPausingErrorHandler(
            String group,
            DeadLetters deadLetters,
            MessagingProperties properties,
            TaskScheduler scheduler,
            Clock clock,
            MeterRegistry meters) {
        this.group = group;
        this.deadLetters = deadLetters;
        this.properties = properties;
        this.scheduler = scheduler;
        this.clock = clock;
        this.meters = meters;
    }

    /** What is done is committed here, record by record; the container must not commit the rest. */
    @Override
    public boolean isAckAfterHandle() {
        return false;
    }

    @Override
    public void handleBatch(
            Exception thrown,
            ConsumerRecords<?, ?> batch,
            Consumer<?, ?> consumer,
            MessageListenerContainer container,
            Runnable invokeListener) {
        List<ConsumerRecord<?, ?>> all = new ArrayList<>();
        batch.forEach(all::add);
        int failed = indexOf(thrown);
        Map<TopicPartition, OffsetAndMetadata> done = new LinkedHashMap<>();
        for (ConsumerRecord<?, ?> before : all.subList(0, failed)) {
            done.put(
                    new TopicPartition(before.topic(), before.partition()), new OffsetAndMetadata(before.offset() + 1));
        }
        if (!done.isEmpty()) {
            commit(consumer, done);
        }
        handleRemaining(thrown, all.subList(failed, all.size()), consumer, container);
    }

    /**
     * What cannot be committed now, say since partitions are being handed over, is delivered again, and the inbox absorbs it.
     * Thrown from here, it would have the container go on behind records that were never handled.
     */
    private void commit(Consumer<?, ?> consumer, Map<TopicPartition, OffsetAndMetadata> offsets) {
        try {
            consumer.commitSync(offsets);
        } catch (KafkaException e) {
            LOG.warn("{} could not commit {}: {}", group, offsets, e.getMessage());
        }
    }

    private static int indexOf(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof BatchListenerFailedException failure) {
                return failure.getIndex();
            }
        }
        return 0;
    }

    @Override
    public void handleRemaining(
            Exception thrown,
            List<ConsumerRecord<?, ?>> remaining,
            Consumer<?, ?> consumer,
            MessageListenerContainer container) {
        ConsumerRecord<?, ?> failed = remaining.getFirst();
        TopicPartition partition = new TopicPartition(failed.topic(), failed.partition());
        boolean setAside = shallBeSetAside(thrown, partition, failed) && setAside(thrown, failed);
        Map<TopicPartition, Long> positions = new LinkedHashMap<>();
        if (setAside) {
            positions.put(partition, failed.offset() + 1);
        }
        for (ConsumerRecord<?, ?> next : remaining) {
            positions.putIfAbsent(new TopicPartition(next.topic(), next.partition()), next.offset());
        }
        positions.forEach(consumer::seek);
        if (setAside) {
            failures.remove(partition);
            commit(consumer, Map.of(partition, new OffsetAndMetadata(failed.offset() + 1)));
        } else {
            pause(thrown, partition, failed, container);
        }
    }

    private boolean shallBeSetAside(Exception thrown, TopicPartition partition, ConsumerRecord<?, ?> failed) {
        return switch (FailureKind.of(thrown)) {
            case POISON -> !isLetter(failed);
            case TRANSIENT -> false;
            case FAULT -> !isLetter(failed) && attempt(partition, failed.offset()) >= properties.attempts();
        };
    }

    /** What is set aside already can be set aside nowhere else: it waits until the fault is mended. */
    private static boolean isLetter(ConsumerRecord<?, ?> failed) {
        return failed.topic().endsWith(Topics.DEAD_LETTER_SUFFIX);
    }

    private boolean setAside(Exception thrown, ConsumerRecord<?, ?> failed) {
        try {
            deadLetters.add(bytes(failed), group, FailureKind.reasonOf(thrown));
            return true;
        } catch (KafkaException e) {
            LOG.warn("A dead letter could not be written, trying again: {}", e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    private void pause(
            Exception thrown,
            TopicPartition partition,
            ConsumerRecord<?, ?> failed,
            MessageListenerContainer container) {
        int attempt = failures.compute(partition, (key, known) -> Failures.next(known, failed.offset()))
                .attempts();
        Duration pause = pauseAfter(attempt);
        FailureKind kind = FailureKind.of(thrown);
        retried(kind.name().toLowerCase(Locale.ROOT));
        LOG.warn(
                "{} could not apply {}@{} ({}, try {}), again in {}: {}",
                group,
                partition,
                failed.offset(),
                kind,
                attempt,
                pause,
                FailureKind.reasonOf(thrown));
        container.pausePartition(partition);
        scheduler.schedule(
                () -> container.resumePartition(partition), clock.instant().plus(pause));
    }

    private void retried(String cause) {
        meters.counter(MessagingMetric.EVENTS_RETRIED.id(), "consumer", group, "cause", cause)
                .increment();
    }

    private int attempt(TopicPartition partition, long offset) {
        Failures known = failures.get(partition);
        return known == null || known.offset() != offset ? 1 : known.attempts() + 1;
    }

    private Duration pauseAfter(int attempt) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(attempt - 1, 16));
        return pause.compareTo(properties.maxBackOff()) < 0 ? pause : properties.maxBackOff();
    }

    @SuppressWarnings("unchecked") // so are the containers built
    private static ConsumerRecord<byte[], byte[]> bytes(ConsumerRecord<?, ?> message) {
        return (ConsumerRecord<byte[], byte[]>) message;
    }

    @Override
    public void handleOtherException(
            Exception thrown, Consumer<?, ?> consumer, MessageListenerContainer container, boolean batchListener) {
        // The broker is away, or a commit was late: the container polls again, and the inbox absorbs what comes twice.
        LOG.warn("{} has trouble with the broker: {}", group, FailureKind.reasonOf(thrown));
        retried("broker");
        try {
            Thread.sleep(FIRST_PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How often the record at an offset has failed. */
    private record Failures(long offset, int attempts) {
        static Failures next(@Nullable Failures known, long offset) {
            return new Failures(offset, known == null || known.offset != offset ? 1 : known.attempts + 1);
        }
    }
}
