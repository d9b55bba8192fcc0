package io.opsrelay.messaging.consume;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.MessagingMetric;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.BatchMessageListener;

/** Passes over records that were published again for another consumer group: this one has had them. */
final class OthersReplays implements BatchMessageListener<byte[], byte[]> {

    private final String group;
    private final BatchMessageListener<byte[], byte[]> listener;
    private final Counter passedOver;

    OthersReplays(String group, BatchMessageListener<byte[], byte[]> listener, MeterRegistry meters) {
        this.group = group;
        this.listener = listener;
        this.passedOver = meters.counter(MessagingMetric.REPLAYS_PASSED_OVER.id(), "consumer", group);
    }

    @Override
    public void onMessage(List<ConsumerRecord<byte[], byte[]>> messages) {
        if (messages.stream().noneMatch(this::isForOthers)) {
            listener.onMessage(messages);
            return;
        }
        List<ConsumerRecord<byte[], byte[]>> ours = new ArrayList<>(messages.size());
        List<Integer> places = new ArrayList<>(messages.size());
        for (int i = 0; i < messages.size(); i++) {
            if (!isForOthers(messages.get(i))) {
                ours.add(messages.get(i));
                places.add(i);
            }
        }
        try {
            if (!ours.isEmpty()) {
                listener.onMessage(ours);
            }
            passedOver.increment(messages.size() - ours.size());
        } catch (BatchListenerFailedException e) {
            // What failed is told by its place among all.
            throw new BatchListenerFailedException(
                    String.valueOf(e.getMessage()), e.getCause(), places.get(e.getIndex()));
        }
    }

    /** A dead letter keeps the headers of the record it was, but is for whoever reads dead letters. */
    private boolean isForOthers(ConsumerRecord<byte[], byte[]> message) {
        String meant = RecordHeaders.optional(message, Headers.REPLAY_FOR);
        return meant != null && !meant.equals(group) && !message.topic().endsWith(Topics.DEAD_LETTER_SUFFIX);
    }
}
