package io.opsrelay.ingestion.stats;

import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue that rebuilds are worked from, one at a time: each reads all that ever happened to a client's tickets. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(StatsProperties.class)
class StatsConfiguration {

    private static final Duration LEASE = Duration.ofSeconds(30);

    @Bean
    JobQueue rebuildsOfNumbers(Rebuild rebuild) {
        return new JobQueue(Rebuild.QUEUE, 1, LEASE, rebuild::work);
    }
}
