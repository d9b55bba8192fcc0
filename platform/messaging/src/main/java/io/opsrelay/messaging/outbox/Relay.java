package io.opsrelay.messaging.outbox;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.MessagingProperties;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Brings outbox rows to Kafka. One instance of a service relays, holding a lease; the others stand by, call it when they
 * have committed rows, and take over when it lapses. A row is forgotten only after Kafka's acknowledgement, so a crash in between sends it again.
 *
 * <p>A round reads the oldest rows, sends all their feed rows and awaits them, then all their events. Rounds do not
 * overlap, and a round never begins behind an unsent row that it can see; so even an instance that was stopped, lost
 * its lease unawares and wakes up again can only repeat rows, never put one before another for the first time.
 */
final class Relay implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_FAREWELL = Duration.ofSeconds(10);

    private final RelayStore store;
    private final RowSender sender;
    private final MessagingProperties properties;
    private final String owner;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Timer delay;
    private final Counter retries;
    private final Map<String, Counter> sentByTopic = new HashMap<>();

    private final RelayCalls calls;
    private final Semaphore wakeUps = new Semaphore(0);
    private volatile boolean running;
    private volatile boolean active;
    private volatile @Nullable Instant oldest;
    private volatile @Nullable String trouble;
    private @Nullable Thread thread;
    private long leaseUntilNanos;
    private long renewAtNanos;
    private boolean woken;

    Relay(
            RelayStore store,
            RowSender sender,
            MessagingProperties properties,
            String owner,
            Clock clock,
            MeterRegistry meters) {
        this.store = store;
        this.sender = sender;
        this.properties = properties;
        this.owner = owner;
        this.clock = clock;
        this.meters = meters;
        this.calls = new RelayCalls(store, this::called);
        this.delay = Timer.builder(MessagingMetric.OUTBOX_DELAY.id())
                .publishPercentileHistogram()
                .register(meters);
        this.retries = meters.counter(MessagingMetric.OUTBOX_RETRIES.id());
        Gauge.builder(MessagingMetric.OUTBOX_LAG.id(), this::lagSeconds).register(meters);
        Gauge.builder(MessagingMetric.OUTBOX_ACTIVE.id(), () -> active ? 1 : 0).register(meters);
    }

    /** Rows were committed here: look now, or call the instance that relays. Cheap, from any thread. */
    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    /** Rows were committed elsewhere. An instance that stands by has nothing to do with them. */
    private void called() {
        if (active) {
            wake();
        }
    }

    /** Why rows cannot be sent at the moment; null while all is well. */
    @Nullable
    String trouble() {
        return trouble;
    }

    /** Whether this instance relays. */
    boolean isActive() {
        return active;
    }

    @Override
    public void start() {
        running = true;
        Thread relay = Thread.ofPlatform().name("outbox-relay").unstarted(this::run);
        thread = relay;
        relay.start();
        calls.start();
    }

    @Override
    public void stop() {
        running = false;
        wakeUps.release();
        Thread relay = thread;
        try {
            calls.stop();
            if (relay != null && !relay.join(LONGEST_FAREWELL)) {
                LOG.info("Outbox rows are left for the next instance: Kafka does not take them now");
                relay.interrupt();
                relay.join(LONGEST_FAREWELL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts before and stops after the consumers and the web server: what they commit at the last moment is still sent. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }

    private void run() {
        try {
            relayUntilStopped();
            finish();
        } catch (InterruptedException e) {
            LOG.debug("Interrupted while stopping", e);
        } finally {
            active = false;
            oldest = null;
            sender.close();
        }
    }

    private void relayUntilStopped() throws InterruptedException {
        Duration pause = Duration.ZERO;
        while (running) {
            try {
                boolean relays = holdsLease();
                if (!relays && woken) {
                    store.call();
                }
                boolean more = relays && relayOnce();
                trouble = null;
                pause = Duration.ZERO;
                if (!more) {
                    await(
                            relays
                                    ? properties.pollInterval()
                                    : properties.leaseDuration().dividedBy(8));
                }
            } catch (SQLException | RuntimeException e) {
                // Whatever it is, this thread must outlive it: nobody else sends these rows.
                pause = pause.isZero() ? FIRST_PAUSE : min(pause.multipliedBy(2), LONGEST_PAUSE);
                trouble = String.valueOf(e.getMessage());
                retries.increment();
                LOG.warn("Outbox rows wait, trying again in {}: {}", pause, e.toString());
                LOG.debug("Outbox rows wait", e);
                active = active && System.nanoTime() - leaseUntilNanos < 0;
                sender.startOver();
                await(pause);
            }
        }
    }

    private void finish() throws InterruptedException {
        try {
            while (holdsLease() && relayOnce()) {
                LOG.debug("Sending what was committed at the end");
            }
            store.release(owner);
        } catch (SQLException | RuntimeException e) {
            LOG.info("Outbox rows are left for the next instance: {}", e.toString());
        }
    }

    /** One round. True if there may be more to do at once. */
    private boolean relayOnce() throws SQLException, InterruptedException {
        List<OutboxRow> rows = store.unsent(properties.batchSize());
        oldest = rows.isEmpty() ? null : rows.getFirst().occurredAt();
        if (rows.isEmpty()) {
            return false;
        }
        RowSender.Outcome feed =
                sender.send(rows.stream().filter(OutboxRow::feed).toList(), this::kafkaIsSlow);
        if (feed.failure == null) {
            RowSender.Outcome events =
                    sender.send(rows.stream().filter(row -> !row.feed()).toList(), this::kafkaIsSlow);
            feed.acknowledged.addAll(events.acknowledged);
            feed.refused.putAll(events.refused);
            feed.failure = events.failure;
        }
        settle(feed);
        if (feed.failure != null) {
            throw feed.failure;
        }
        // What was committed meanwhile has left a wake-up behind, or is found at the next poll.
        return rows.size() == properties.batchSize();
    }

    private void settle(RowSender.Outcome outcome) throws SQLException {
        for (Map.Entry<OutboxRow, KafkaException> refusal : outcome.refused.entrySet()) {
            refuse(refusal.getKey(), refusal.getValue());
        }
        if (outcome.acknowledged.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        for (OutboxRow row : outcome.acknowledged) {
            sentByTopic
                    .computeIfAbsent(
                            row.topic(), topic -> meters.counter(MessagingMetric.OUTBOX_SENT.id(), "topic", topic))
                    .increment();
            delay.record(Duration.between(row.occurredAt(), now));
        }
        Failpoint.AFTER_SEND_BEFORE_MARK.pass();
        store.remove(outcome.acknowledged.stream().map(OutboxRow::id).toList());
    }

    private void refuse(OutboxRow row, KafkaException e) throws SQLException {
        LOG.error("Kafka refuses outbox row {} ({}) for good; it stays there with the reason", row.id(), row.type(), e);
        meters.counter(MessagingMetric.OUTBOX_REFUSED.id(), "topic", row.topic())
                .increment();
        store.refuse(row.id(), e.getMessage());
    }

    private void kafkaIsSlow() throws SQLException {
        trouble = "Kafka is slow to acknowledge";
        if (!holdsLease()) {
            throw new KafkaException("the lease went to another instance while Kafka was slow");
        }
    }

    /** Renews at a third of the lease. By the monotonic clock, which goes on while this process is stopped. */
    private boolean holdsLease() throws SQLException {
        long now = System.nanoTime();
        if (active && now - renewAtNanos < 0) {
            return true;
        }
        boolean held = store.lease(owner, properties.leaseDuration());
        if (held) {
            leaseUntilNanos = now + properties.leaseDuration().toNanos();
            renewAtNanos = now + properties.leaseDuration().toNanos() / 3;
        }
        if (held && !active) {
            LOG.info("This instance relays the outbox");
        }
        if (!held && active) {
            LOG.warn("Another instance relays now");
            sender.startOver();
        }
        if (!held) {
            oldest = null;
        }
        active = held;
        return held && System.nanoTime() - leaseUntilNanos < 0;
    }

    private double lagSeconds() {
        Instant since = oldest;
        return since == null
                ? 0
                : Math.max(0, Duration.between(since, clock.instant()).toMillis() / 1000.0);
    }

    private void await(Duration duration) throws InterruptedException {
        woken = wakeUps.tryAcquire(duration.toNanos(), TimeUnit.NANOSECONDS);
        if (woken) {
            wakeUps.drainPermits();
        }
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
