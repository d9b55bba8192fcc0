package io.opsrelay.ingestion.deadletter;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.PoisonException;
import io.opsrelay.messaging.RawRecord.RawHeader;
import io.opsrelay.messaging.Redelivery;
import io.opsrelay.messaging.TopicNames;
import io.opsrelay.messaging.job.Job;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Publishes letters again. Kafka's acknowledgement comes before the commit that says so: a crash in between publishes
 * the record once more, under the same event id, which its consumer drops.
 */
@Component
class Replays {

    static final String QUEUE = "dead-letters";
    static final String KIND = "replay";

    private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

    private final LetterStore store;
    private final Owners owners;
    private final Redelivery redelivery;
    private final TopicNames topics;
    private final MeterRegistry meters;

    Replays(LetterStore store, Owners owners, Redelivery redelivery, TopicNames topics, MeterRegistry meters) {
        this.store = store;
        this.owners = owners;
        this.redelivery = redelivery;
        this.topics = topics;
        this.meters = meters;
    }

    /** Does one job of the queue. */
    void work(Job job) throws InterruptedException {
        Letter letter =
                owners.call(job.clientId(), () -> store.find(job.subject())).orElse(null);
        if (letter == null || letter.state() != LetterState.REPLAYING) {
            owners.run(job.clientId(), job::done);
            return;
        }
        try {
            requireKnown(letter.topic());
            redelivery.send(
                    letter.topic(),
                    letter.key(),
                    letter.edited() == null ? letter.value() : letter.edited(),
                    headersOf(letter));
        } catch (PoisonException e) {
            LOG.warn("The dead letter {} cannot be replayed: {}", letter.letterId(), e.getMessage());
            owners.run(job.clientId(), () -> {
                job.done();
                store.settle(letter.letterId(), LetterState.OPEN, null, null, null, "not replayed: " + e.getMessage());
            });
            return;
        }
        owners.run(job.clientId(), () -> {
            job.done();
            // Erased with its customer meanwhile, it must not come back.
            store.lock(letter.letterId())
                    .filter(now -> now.state() == LetterState.REPLAYING)
                    .ifPresent(now -> store.settle(
                            now.letterId(),
                            LetterState.REPLAYED,
                            now.edited(),
                            now.settledBy(),
                            now.settledAt(),
                            null));
        });
        DeadLetterMetric.REPLAYED.count(meters, letter.topic());
    }

    /** Whoever can write a dead letter must not reach other topics by it. */
    private void requireKnown(String topic) {
        if (Topics.ALL.stream().map(topics::full).noneMatch(topic::equals)) {
            throw new PoisonException(topic + " is not a topic of this system");
        }
    }

    private static List<RawHeader> headersOf(Letter letter) {
        List<RawHeader> headers = new ArrayList<>();
        letter.headers().stream()
                .filter(header -> !header.name().equals(Headers.REPLAY_FOR)
                        && !header.name().equals(Headers.REPLAY_OF))
                .forEach(headers::add);
        // Where nobody knows who set it aside, it is for all: who has applied it passes it over.
        if (!letter.consumer().equals(Recorder.UNKNOWN)) {
            headers.add(RawHeader.of(Headers.REPLAY_FOR, letter.consumer()));
        }
        headers.add(RawHeader.of(Headers.REPLAY_OF, letter.letterId().toString()));
        return headers;
    }
}
