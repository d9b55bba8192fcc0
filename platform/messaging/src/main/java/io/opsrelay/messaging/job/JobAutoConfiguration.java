package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.SidePool;
import java.time.Duration;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Runs all {@link JobQueue} beans. */
@AutoConfiguration(afterName = "io.opsrelay.messaging.outbox.OutboxAutoConfiguration")
class JobAutoConfiguration {

    @Bean
    SidePool jobDatabase(DataSourceProperties database) {
        return SidePool.to(
                database, "jobs", database.determineUsername(), database.determinePassword(), JobStore.PLANS);
    }

    @Bean
    JobStore jobStore(JdbcTemplate jdbc, @Qualifier("jobDatabase") SidePool claiming) {
        return new JobStore(jdbc, new JdbcTemplate(claiming.pool()));
    }

    @Bean
    Backlog backlog() {
        return new Backlog();
    }

    @Bean
    QueueRunners queueRunners(ObjectProvider<JobQueue> queues, JobStore store, Backlog backlog, MeterRegistry meters) {
        return new QueueRunners(() -> queues.orderedStream().toList(), store, backlog, meters);
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
}
