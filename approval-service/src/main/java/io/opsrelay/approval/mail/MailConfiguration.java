package io.opsrelay.approval.mail;

import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of mails. */
@Configuration(proxyBeanMethods = false)
class MailConfiguration {

    private static final Duration LEASE = Duration.ofMinutes(1);

    @Bean
    JobQueue mailQueue(Postman postman, MailProperties properties) {
        return new JobQueue(Postman.QUEUE, properties.concurrency(), LEASE, postman::work);
    }
}
