package io.opsrelay.ingestion.deadletter;

import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.RawSubscription;
import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the dead-letter topics of all services, and works what is to be replayed. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeadLetterProperties.class)
class DeadLetterConfiguration {

    private static final int MOST_TOGETHER = 100;
    private static final int REPLAYS_AT_ONCE = 4;
    private static final Duration LEASE = Duration.ofMinutes(1);

    @Bean
    RawSubscription deadLetterRecords(Recorder recorder) {
        return new RawSubscription(
                "ingestion-service.dead-letters",
                Topics.ALL.stream()
                        .map(topic -> topic + Topics.DEAD_LETTER_SUFFIX)
                        .toList(),
                1,
                MOST_TOGETHER,
                recorder::take);
    }

    @Bean
    JobQueue deadLetterReplays(Replays replays) {
        return new JobQueue(Replays.QUEUE, REPLAYS_AT_ONCE, LEASE, replays::work);
    }
}
