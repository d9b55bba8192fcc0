package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.MeterRegistry;
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
    QueueRunners queueRunners(ObjectProvider<JobQueue> queues, JobStore store, MeterRegistry meters) {
        return new QueueRunners(queues, store, meters);
    }

    @Bean
    Jobs jobs(JobStore store, ObjectProvider<QueueRunners> runners) {
        return (queue, clientId, key, kind, subject, delay) -> {
            UUID cause = CausingEvent.current();
            store.add(queue, clientId, key, kind, subject, cause, delay);
            if (delay.isZero() && TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        runners.getObject().wake(queue);
                    }
                });
            }
        };
    }

    /** Starts and stops with the application. The queues are looked up late: their workers add jobs themselves. */
    static final class QueueRunners implements SmartLifecycle {
        private final ObjectProvider<JobQueue> queues;
        private final JobStore store;
        private final MeterRegistry meters;
        private volatile Map<String, QueueRunner> runners = Map.of();

        QueueRunners(ObjectProvider<JobQueue> queues, JobStore store, MeterRegistry meters) {
            this.queues = queues;
            this.store = store;
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
                            queue -> new QueueRunner(queue, store, meters)));
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
