package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.messaging.job.Jobs;
import java.time.Duration;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes files of exports and removes them when their time is over; looks after erasures. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PrivacyProperties.class)
class PrivacyJobs {

    static final String QUEUE = "customer-exports";
    static final String GATHER = "gather";
    private static final String DELETE = "delete";
    private static final int CONCURRENCY = 2;
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Bean
    Subscription answersOfOthers(ExportAnswers answers) {
        return Subscription.of("ingestion-service.exports", Topics.EXPORT)
                .before(answers::foresee)
                .on(ExportAnswered.class, (envelope, answered) -> answers.take(envelope.clientId(), answered));
    }

    @Bean
    JobQueue exportQueue(Exports exports) {
        return new JobQueue(QUEUE, CONCURRENCY, LEASE, job -> {
            switch (job.kind()) {
                case GATHER -> exports.gather(job);
                case DELETE -> exports.delete(job);
                default -> throw new IllegalStateException("no work of this queue: " + job.kind());
            }
        });
    }

    @Bean
    JobQueue erasureQueue(Erasure erasure) {
        return new JobQueue(Erasure.QUEUE, 1, LEASE, erasure::work);
    }

    static void gather(Jobs jobs, String clientId, UUID exportId) {
        jobs.add(QUEUE, clientId, GATHER + "/" + exportId, GATHER, exportId);
    }

    /** Deletes its file at once, also while another one is being made. */
    static void delete(Jobs jobs, String clientId, UUID exportId) {
        jobs.add(QUEUE, clientId, "erase/" + exportId, DELETE, exportId);
    }

    /** Deletes its file after a while. */
    static void delete(Jobs jobs, String clientId, UUID exportId, Duration delay) {
        jobs.addLater(QUEUE, clientId, DELETE + "/" + exportId, DELETE, exportId, delay);
    }
}
