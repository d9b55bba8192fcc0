package io.opsrelay.messaging.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

/**
 * Hands rows to Kafka in their order, many in flight. After a failure nothing more is handed over, and the producer is
 * thrown away with what it still holds, so that nothing overtakes the row that failed. For one thread.
 */
final class RowSender implements AutoCloseable {

    private static final long LOOK_UP_MILLIS = 500;

    private final Supplier<Producer<String, byte[]>> producers;
    private final String source;
    private @Nullable Producer<String, byte[]> producer;

    RowSender(Supplier<Producer<String, byte[]>> producers, String source) {
        this.producers = producers;
        this.source = source;
    }

    /**
     * Sends {@code rows} and waits for their acknowledgements.
     *
     * @param patience asked now and then while Kafka is slow; its exception ends the wait
     */
    Outcome send(List<OutboxRow> rows, Patience patience) throws SQLException, InterruptedException {
        Outcome outcome = new Outcome();
        List<Future<RecordMetadata>> acks = handOver(rows, outcome);
        for (int i = 0; i < acks.size(); i++) {
            OutboxRow row = rows.get(i);
            try {
                await(acks.get(i), patience);
                outcome.acknowledged.add(row);
            } catch (KafkaException e) {
                if (!isHopeless(e)) {
                    outcome.failure = e;
                    break;
                }
                outcome.refused.put(row, e);
            }
        }
        return outcome;
    }

    private List<Future<RecordMetadata>> handOver(List<OutboxRow> rows, Outcome outcome) {
        AtomicBoolean failed = new AtomicBoolean();
        List<Future<RecordMetadata>> acks = new ArrayList<>(rows.size());
        try {
            Producer<String, byte[]> kafka = producer();
            for (OutboxRow row : rows) {
                acks.add(kafka.send(row.toRecord(source), (metadata, e) -> {
                    if (e != null && !isHopeless(e)) {
                        failed.set(true);
                    }
                }));
                // A broker that is away may be back for the next row, which must not go first.
                if (failed.get()) {
                    break;
                }
            }
        } catch (KafkaException e) {
            outcome.failure = e;
        }
        return acks;
    }

    private static void await(Future<RecordMetadata> ack, Patience patience) throws InterruptedException, SQLException {
        while (true) {
            try {
                ack.get(LOOK_UP_MILLIS, TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                patience.isTried();
            } catch (ExecutionException e) {
                throw e.getCause() instanceof KafkaException kafka ? kafka : new KafkaException(e.getCause());
            }
        }
    }

    /** Whether Kafka would answer the same for ever. */
    private static boolean isHopeless(Exception e) {
        return e instanceof RecordTooLargeException
                || e instanceof InvalidTopicException
                || e instanceof SerializationException;
    }

    private Producer<String, byte[]> producer() {
        Producer<String, byte[]> current = producer;
        if (current == null) {
            current = producers.get();
            producer = current;
        }
        return current;
    }

    /** Drops what is in flight; the next rows get a new producer. */
    void startOver() {
        Producer<String, byte[]> current = producer;
        producer = null;
        if (current != null) {
            current.close(java.time.Duration.ZERO);
        }
    }

    @Override
    public void close() {
        startOver();
    }

    /** Ends a wait by an exception. */
    @FunctionalInterface
    interface Patience {
        /**
         * Kafka has not answered for half a second.
         *
         * @throws KafkaException if the wait shall end
         */
        void isTried() throws SQLException;
    }

    /** What became of rows; those in neither collection are unsettled and must be sent again. */
    static final class Outcome {
        final List<OutboxRow> acknowledged = new ArrayList<>();
        final Map<OutboxRow, KafkaException> refused = new LinkedHashMap<>();

        @Nullable
        KafkaException failure;

        private Outcome() {}
    }
}
