package io.opsrelay.ingestion.deadletter;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.deadletter.LetterStore.Unsettled;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.scheduling.concurrent.SimpleAsyncTaskScheduler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Counts the letters that wait for somebody, and forgets those that are old. */
@Component
class Upkeep implements SmartLifecycle, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration SWEEP = Duration.ofHours(1);
    private static final int MOST_SWEPT = 1_000;

    private final LetterStore store;
    private final DeadLetterProperties properties;
    private final Clock clock;
    private final SimpleAsyncTaskScheduler scheduler = new SimpleAsyncTaskScheduler();
    private volatile Unsettled unsettled = new Unsettled(0, null);
    private volatile List<ScheduledFuture<?>> planned = List.of();

    Upkeep(LetterStore store, DeadLetterProperties properties, MeterRegistry meters, Clock clock) {
        this.store = store;
        this.properties = properties;
        this.clock = clock;
        scheduler.setVirtualThreads(true);
        scheduler.setThreadNamePrefix("dead-letters-");
        Gauge.builder(DeadLetterMetric.OPEN.id(), () -> unsettled.letters()).register(meters);
        Gauge.builder(DeadLetterMetric.OLDEST.id(), this::oldestSeconds).register(meters);
    }

    private double oldestSeconds() {
        Instant oldest = unsettled.oldest();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }

    @Override
    public void start() {
        planned = List.of(
                scheduler.scheduleWithFixedDelay(
                        () -> quietly(() -> unsettled = store.unsettled()), properties.lookEvery()),
                scheduler.scheduleWithFixedDelay(() -> quietly(this::sweep), SWEEP));
    }

    /** What fails now is done the next time. */
    private static void quietly(Runnable work) {
        try {
            work.run();
        } catch (DataAccessException | TransactionException e) {
            LOG.warn("Dead letters wait for the database: {}", e.getMessage());
        }
    }

    void sweep() {
        Instant now = clock.instant();
        long swept;
        do {
            swept = store.sweep(now.minus(properties.keepSettled()), now.minus(properties.keepOpen()), MOST_SWEPT);
        } while (swept > 0);
    }

    @Override
    public void stop() {
        planned.forEach(task -> task.cancel(false));
        planned = List.of();
    }

    @Override
    public boolean isRunning() {
        return !planned.isEmpty();
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
