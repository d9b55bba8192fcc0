package io.opsrelay.approval.webhook;

import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of what is to be sent. */
@Configuration(proxyBeanMethods = false)
class WebhookConfiguration {

    private static final Duration LEASE = Duration.ofSeconds(30);

    @Bean
    JobQueue webhookQueue(Sender sender, WebhookProperties properties) {
        return new JobQueue(Sender.QUEUE, properties.concurrency(), LEASE, sender::work);
    }
}
