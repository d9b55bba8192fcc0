package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.CausingEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Runs all {@link JobQueue} beans. */
@AutoConfiguration(afterName = "io.opsrelay.messaging.outbox.OutboxAutoConfiguration")
class JobAutoConfiguration {

    @Bean
    JobStore jobStore(JdbcTemplate jdbc) {
        return new JobStore(jdbc);
    }

    @Bean
    Backlog backlog() {
        return new Backlog();
    }

    @Bean
    QueueRunners queueRunners(ObjectProvider<JobQueue> queues, JobStore store, Backlog backlog, MeterRegistry meters) {
        return new QueueRunners(queues, store, backlog, meters);
    }

    @Bean
    Jobs jobs(JobStore store, ObjectProvider<QueueRunners> runners) {
        return new WakingJobs(store, runners);
    }

    /** Has this instance look for jobs as soon as the transaction that left them has committed. */
    private record WakingJobs(JobStore store, ObjectProvider<QueueRunners> runners) implements Jobs {

        @Override
        public void addLater(String queue, String clientId, String key, String kind, UUID subject, Duration delay) {
            UUID cause = CausingEvent.current();
            store.add(queue, clientId, key, kind, subject, cause, delay);
            if (delay.isZero()) {
                wakeAfterCommit(queue);
            }
        }

        @Override
        public boolean hasten(String queue, String clientId, String kind, UUID subject) {
            boolean waiting = store.hasten(queue, clientId, kind, subject);
            if (waiting) {
                wakeAfterCommit(queue);
            }
            return waiting;
        }

        private void wakeAfterCommit(String queue) {
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        runners.getObject().wake(queue);
                    }
                });
            }
        }
    }

    /** Starts and stops with the application. The queues are looked up late: their workers add jobs themselves. */
    static final class QueueRunners implements SmartLifecycle {
        private final ObjectProvider<JobQueue> queues;
        private final JobStore store;
        private final Backlog backlog;
        private final MeterRegistry meters;
        private volatile Map<String, QueueRunner> runners = Map.of();

        QueueRunners(ObjectProvider<JobQueue> queues, JobStore store, Backlog backlog, MeterRegistry meters) {
            this.queues = queues;
            this.store = store;
            this.backlog = backlog;
            this.meters = meters;
        }

        void wake(String queue) {
            QueueRunner runner = runners.get(queue);
            if (runner != null) {
                runner.wake();
            }
        }

        @Override
        public void start() {
            List<JobQueue> all = queues.orderedStream().toList();
            runners = all.stream()
                    .collect(Collectors.toUnmodifiableMap(JobQueue::name, (Function<JobQueue, QueueRunner>)
                            queue -> new QueueRunner(queue, store, backlog, meters)));
            runners.values().forEach(QueueRunner::start);
        }

        @Override
        public void stop() {
            runners.values().forEach(runner -> runner.stop(Duration.ofSeconds(5)));
            runners = Map.of();
        }

        @Override
        public boolean isRunning() {
            return !runners.isEmpty();
        }
    }
}
