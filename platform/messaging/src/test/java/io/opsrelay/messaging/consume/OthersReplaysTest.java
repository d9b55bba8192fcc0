package io.opsrelay.messaging.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.messaging.MessagingMetric;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.kafka.listener.BatchListenerFailedException;

class OthersReplaysTest {

    private final List<Long> seen = new ArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

    @Test
    void aGroupPassesOverWhatIsPublishedAgainForAnother() {
        listener(-1).onMessage(batch("t", null, "theirs", "ours", null, "theirs"));

        assertThat(seen).containsExactly(0L, 2L, 3L);
        assertThat(passedOver()).isEqualTo(2);
    }

    @Test
    void nothingIsHandedOnWhereAllIsForOthers() {
        listener(-1).onMessage(batch("t", "theirs"));

        assertThat(seen).isEmpty();
        assertThat(passedOver()).isEqualTo(1);
    }

    @Test
    void aFailureIsToldByItsPlaceAmongAllRecords() {
        assertThatThrownBy(() -> listener(1).onMessage(batch("t", "theirs", null, "theirs", null)))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, e -> assertThat(e.getIndex())
                        .isEqualTo(3))
                .hasCauseInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> listener(1).onMessage(batch("t", null, null)))
                .isInstanceOfSatisfying(BatchListenerFailedException.class, e -> assertThat(e.getIndex())
                        .isEqualTo(1));
    }

    @Test
    void aReplayThatFailsAgainIsADeadLetterLikeOthers() {
        listener(-1).onMessage(batch("t-dlt", "theirs"));

        assertThat(seen).containsExactly(0L);
    }

    private double passedOver() {
        return meters.get(MessagingMetric.REPLAYS_PASSED_OVER.id())
                .tag("consumer", "ours")
                .counter()
                .count();
    }

    /** Of the group {@code ours}; fails at that place of what it gets, if it is not negative. */
    private OthersReplays listener(int failing) {
        return new OthersReplays(
                "ours",
                messages -> {
                    messages.forEach(message -> seen.add(message.offset()));
                    if (failing >= 0) {
                        throw new BatchListenerFailedException("failed", new IllegalStateException("a fault"), failing);
                    }
                },
                meters);
    }

    /** A record for each group, whose offset is its place. */
    private static List<ConsumerRecord<byte[], byte[]>> batch(String topic, @Nullable String... groups) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String group : Arrays.asList(groups)) {
            ConsumerRecord<byte[], byte[]> message =
                    new ConsumerRecord<>(topic, 0, records.size(), new byte[0], new byte[0]);
            if (group != null) {
                message.headers().add(Headers.REPLAY_FOR, group.getBytes(StandardCharsets.UTF_8));
            }
            records.add(message);
        }
        return records;
    }
}
