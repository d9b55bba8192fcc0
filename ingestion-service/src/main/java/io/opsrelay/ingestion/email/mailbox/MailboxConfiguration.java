package io.opsrelay.ingestion.email.mailbox;

import io.opsrelay.ingestion.email.EmailProperties;
import io.opsrelay.messaging.job.JobQueue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue of mailboxes to be read. */
@Configuration(proxyBeanMethods = false)
class MailboxConfiguration {

    /** Mailboxes that this instance reads at the same time. */
    private static final int CONCURRENCY = 8;

    @Bean
    JobQueue mailboxQueue(MailboxPolls polls, EmailProperties properties) {
        return new JobQueue(MailboxPolls.QUEUE, CONCURRENCY, properties.mailboxLease(), polls::work);
    }
}
