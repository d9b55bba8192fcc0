package io.opsrelay.messaging.consume;

import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.RawRecord;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.RawSubscription;
import io.opsrelay.messaging.RawSubscription.Rejection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;

/** Hands a poll's records to a {@link RawSubscription} and sets aside what it cannot use. */
final class RawListener implements BatchMessageListener<byte[], byte[]> {

    private static final Logger LOG = LoggerFactory.getLogger(RawListener.class);

    private final RawSubscription subscription;
    private final DeadLetters deadLetters;

    RawListener(RawSubscription subscription, DeadLetters deadLetters) {
        this.subscription = subscription;
        this.deadLetters = deadLetters;
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> messages) {
        try {
            apply(messages);
        } catch (RuntimeException e) {
            if (messages.size() == 1 || FailureKind.of(e) == FailureKind.TRANSIENT) {
                throw failed(e, 0);
            }
            LOG.debug("{} failed on {} records, now one by one", subscription.group(), messages.size(), e);
            applyOneByOne(messages);
        }
        Failpoint.BEFORE_OFFSET_COMMIT.pass();
    }

    private void applyOneByOne(List<ConsumerRecord<byte[], byte[]>> messages) {
        for (int i = 0; i < messages.size(); i++) {
            try {
                apply(messages.subList(i, i + 1));
            } catch (RuntimeException e) {
                throw failed(e, i);
            }
        }
    }

    private void apply(List<ConsumerRecord<byte[], byte[]>> messages) {
        List<RawRecord> records = messages.stream().map(RawListener::raw).toList();
        List<Rejection> rejections;
        try {
            rejections = subscription.handler().handle(records);
        } catch (StackOverflowError | LinkageError | AssertionError e) {
            // The container would end its thread on an Error, and the consumer with it.
            throw new IllegalStateException("the handler of " + subscription.group() + " is broken", e);
        }
        if (rejections.isEmpty()) {
            return;
        }
        List<DeadLetters.Letter> letters = new ArrayList<>(rejections.size());
        for (Rejection rejection : rejections) {
            letters.add(new DeadLetters.Letter(
                    messages.get(indexOf(records, rejection.rawRecord())), rejection.reason(), rejection.clientId()));
        }
        try {
            deadLetters.addAll(letters, subscription.group());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while records were set aside", e);
        }
    }

    @SuppressWarnings("ReferenceEquality") // Two records may say the same.
    private static int indexOf(List<RawRecord> records, RawRecord rawRecord) {
        for (int i = 0; i < records.size(); i++) {
            if (records.get(i) == rawRecord) {
                return i;
            }
        }
        throw new IllegalStateException("a handler refuses a record that it did not get: " + rawRecord.origin());
    }

    private static RawRecord raw(ConsumerRecord<byte[], byte[]> message) {
        List<RawHeader> headers = new ArrayList<>();
        for (Header header : message.headers()) {
            headers.add(new RawHeader(header.key(), header.value()));
        }
        return new RawRecord(
                message.topic(),
                message.partition(),
                message.offset(),
                message.key(),
                message.value(),
                headers,
                Instant.ofEpochMilli(message.timestamp()));
    }

    private static BatchListenerFailedException failed(RuntimeException cause, int index) {
        return new BatchListenerFailedException("a record could not be applied", cause, index);
    }
}
