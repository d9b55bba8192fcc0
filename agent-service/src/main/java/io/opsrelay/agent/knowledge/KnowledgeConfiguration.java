package io.opsrelay.agent.knowledge;

import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue that passages are embedded from. */
@Configuration(proxyBeanMethods = false)
class KnowledgeConfiguration {

    /** Batches under way from one instance; an embedding server works on one at a time anyway. */
    private static final int AT_ONCE = 2;

    private static final Duration LEASE = Duration.ofSeconds(10);

    @Bean
    JobQueue vectorQueue(VectorIndexing indexing) {
        return new JobQueue(VectorIndexing.QUEUE, AT_ONCE, LEASE, indexing::work);
    }
}
