package io.opsrelay.ingestion.zendesk;

import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.zendesk.remote.ZendeskApi;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.job.JobQueue;
import io.opsrelay.security.outbound.GuardedHttp;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of what is fetched from Zendesk and written to it. */
@Configuration(proxyBeanMethods = false)
class ZendeskConfiguration {

    static final String QUEUE = "zendesk";

    /** Accounts are slow and limit their callers: few calls at a time do. */
    private static final int CONCURRENCY = 8;

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Bean
    ZendeskApi zendeskApi(GuardedHttp http, ZendeskProperties properties) {
        return new ZendeskApi(http, properties.timeout(), properties.allowPrivate());
    }

    @Bean
    JobQueue zendeskQueue(Pull pull, WriteBack writeBack) {
        return new JobQueue(QUEUE, CONCURRENCY, LEASE, job -> {
            if (job.kind().equals(Pull.KIND)) {
                pull.work(job);
            } else {
                writeBack.work(job);
            }
        });
    }

    @Bean
    Subscription zendeskOutcomes(Outcomes outcomes) {
        return Subscription.of("ingestion-service.zendesk", Topics.TICKET).on(RunCompleted.class, outcomes::runEnded);
    }
}
