package io.opsrelay.messaging;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer group does with records that are not events of ours. Declared as a bean. It gets what a poll brings,
 * at once, and has no inbox: what comes again after a crash its handler must recognise by itself.
 *
 * @param group consumer group, {@code <service>.<purpose>}
 * @param topics without the prefix
 * @param consumers threads of this instance, each with partitions of its own
 * @param mostTogether most records that the handler gets at once
 * @param handler applies them
 */
public record RawSubscription(
        String group, List<String> topics, int consumers, int mostTogether, BatchHandler handler) {

    public RawSubscription {
        topics = List.copyOf(topics);
        if (topics.isEmpty() || consumers < 1 || mostTogether < 1) {
            throw new IllegalArgumentException(group + " needs a topic, a consumer and a record at least");
        }
    }

    /** Applies records. */
    @FunctionalInterface
    public interface BatchHandler {

        /**
         * Applies all records but those that it answers with: they are set aside, each with its reason, and the others
         * count as done. Records of one partition are in their order. May be called again with records that it has
         * applied.
         *
         * @throws RuntimeException if none of them shall count as done. While the cause is transient they come again for
         *     ever; otherwise they come one by one, so that only the one at fault is set aside in the end
         */
        List<Rejection> handle(List<RawRecord> records);
    }

    /**
     * A record that can never be applied as it is.
     *
     * @param reason what is wrong with it, for the person who will look at it
     * @param clientId the client (tenant) it belongs to, where that is known from elsewhere than the record
     */
    public record Rejection(
            RawRecord rawRecord, String reason, @Nullable String clientId) {}
}
