package io.opsrelay.ingestion.privacy;

import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.ingestion.privacy.PrivacyStore.Export;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Makes files of exports and removes them when their time is over; looks after erasures. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(PrivacyProperties.class)
class PrivacyJobs {

    static final String QUEUE = "customer-exports";
    static final String DELETE = "delete";
    private static final String GATHER = "gather";
    private static final int CONCURRENCY = 2;
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Bean
    JobQueue exportQueue(
            Exports exports,
            PrivacyStore store,
            BlobStore blobs,
            ClientTransactions transactions,
            Jobs jobs,
            PrivacyProperties properties,
            Clock clock) {
        return new JobQueue(QUEUE, CONCURRENCY, LEASE, job -> {
            switch (job.kind()) {
                case GATHER -> work(job, exports, store, transactions, jobs, properties, clock);
                case DELETE -> {
                    blobs.delete(BlobStore.keyOf(job.clientId(), job.subject()));
                    transactions.run(job.clientId(), () -> {
                        store.expire(job.subject());
                        job.done();
                    });
                }
                default -> throw new IllegalStateException("no work of this queue: " + job.kind());
            }
        });
    }

    @Bean
    JobQueue erasureQueue(Erasure erasure) {
        return new JobQueue(Erasure.QUEUE, 1, LEASE, erasure::work);
    }

    private static void work(
            Job job,
            Exports exports,
            PrivacyStore store,
            ClientTransactions transactions,
            Jobs jobs,
            PrivacyProperties properties,
            Clock clock)
            throws IOException {
        String clientId = job.clientId();
        Optional<Export> export =
                exports.find(clientId, job.subject()).filter(it -> it.status().equals("pending"));
        long size = export.isPresent() ? exports.gather(clientId, export.get()) : 0;
        transactions.run(clientId, () -> {
            boolean kept = store.ready(job.subject(), size, clock.instant());
            jobs.addLater(
                    QUEUE,
                    clientId,
                    DELETE + "/" + job.subject(),
                    DELETE,
                    job.subject(),
                    // What was erased while it was gathered must not stay in the file.
                    kept ? properties.exportKept() : Duration.ZERO);
            job.done();
        });
    }

    static void gather(Jobs jobs, String clientId, UUID exportId) {
        jobs.add(QUEUE, clientId, GATHER + "/" + exportId, GATHER, exportId);
    }

    static void delete(Jobs jobs, String clientId, UUID exportId) {
        jobs.add(QUEUE, clientId, "erase/" + exportId, DELETE, exportId);
    }
}
