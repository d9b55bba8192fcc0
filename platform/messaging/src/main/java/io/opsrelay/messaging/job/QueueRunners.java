package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.Backlog;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;

/**
 * A service's queues, started and stopped with it. They are looked up late: their workers add jobs themselves. Jobs of
 * this instance wake their queue as they are committed; for all others, those that become due among them, one question
 * is asked on behalf of all queues.
 */
final class QueueRunners implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(QueueRunners.class);
    private static final Duration LOOK_EVERY = Duration.ofMillis(250);
    private static final Duration FAREWELL = Duration.ofSeconds(5);

    private final Supplier<List<JobQueue>> queues;
    private final JobStore store;
    private final Backlog backlog;
    private final MeterRegistry meters;
    private volatile Map<String, QueueRunner> runners = Map.of();
    private @Nullable Thread lookout;

    QueueRunners(Supplier<List<JobQueue>> queues, JobStore store, Backlog backlog, MeterRegistry meters) {
        this.queues = queues;
        this.store = store;
        this.backlog = backlog;
        this.meters = meters;
    }

    /** Something that was due at once has been committed. */
    void wake(String queue) {
        QueueRunner runner = runners.get(queue);
        if (runner != null) {
            runner.wake();
        }
    }

    @Override
    public void start() {
        runners = queues.get().stream()
                .collect(Collectors.toUnmodifiableMap(JobQueue::name, (Function<JobQueue, QueueRunner>)
                        queue -> new QueueRunner(queue, store, backlog, meters)));
        runners.values().forEach(QueueRunner::start);
        lookout = Thread.ofVirtual().name("jobs-due").start(this::lookForDue);
    }

    @Override
    public void stop() {
        if (lookout != null) {
            lookout.interrupt();
        }
        runners.values().forEach(runner -> runner.stop(FAREWELL));
        runners = Map.of();
    }

    @Override
    public boolean isRunning() {
        return !runners.isEmpty();
    }

    private void lookForDue() {
        while (isRunning()) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_EVERY.toMillis());
                store.due(runners.keySet()).forEach(this::wake);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException e) {
                LOG.warn("Due jobs are not found: {}", e.getMessage());
            }
        }
    }
}
