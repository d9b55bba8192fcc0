package io.opsrelay.ingestion.attachment;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Duration;
import java.util.UUID;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Removes the bytes of files that nobody attached, and of those that were forgotten. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AttachmentProperties.class)
class FileJobs {

    static final String QUEUE = "attachments";

    /** A day after a file came. */
    static final String SWEEP = "sweep";

    /** After the database forgot it. */
    static final String DELETE = "delete";

    private static final int CONCURRENCY = 4;
    private static final Duration LEASE = Duration.ofSeconds(60);

    @Bean
    JobQueue attachmentQueue(
            ClientTransactions transactions, AttachmentStore store, BlobStore blobs, MeterRegistry meters) {
        return new JobQueue(QUEUE, CONCURRENCY, LEASE, job -> {
            switch (job.kind()) {
                case SWEEP -> sweep(job, transactions, store, blobs, meters);
                case DELETE -> {
                    blobs.delete(BlobStore.keyOf(job.clientId(), job.subject()));
                    transactions.run(job.clientId(), job::done);
                }
                default -> throw new IllegalStateException("no work of this queue: " + job.kind());
            }
        });
    }

    private static void sweep(
            Job job, ClientTransactions transactions, AttachmentStore store, BlobStore blobs, MeterRegistry meters) {
        UUID fileId = job.subject();
        // Nobody can attach it from here on, so its bytes may go.
        boolean orphan = transactions.call(job.clientId(), () -> store.condemn(fileId));
        if (orphan) {
            blobs.delete(BlobStore.keyOf(job.clientId(), fileId));
        }
        transactions.run(job.clientId(), () -> {
            store.forget(fileId);
            job.done();
        });
        if (orphan) {
            AttachmentMetric.SWEPT.add(meters, 1);
        }
    }

    /** Its own for each kind: of one key the older job runs first, and the sweep's is not due for a day. */
    static String keyOf(String kind, UUID fileId) {
        return kind + "/" + fileId;
    }
}
