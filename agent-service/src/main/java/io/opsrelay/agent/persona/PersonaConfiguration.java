package io.opsrelay.agent.persona;

import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queues of looks at who is still at work, and of what is kept no longer. */
@Configuration(proxyBeanMethods = false)
class PersonaConfiguration {

    private static final Duration LEASE = Duration.ofSeconds(6);

    @Bean
    JobQueue presenceQueue(Personas personas) {
        return new JobQueue(Personas.QUEUE, 1, LEASE, personas::settle);
    }

    @Bean
    JobQueue trimmingQueue(Trimming trimming) {
        return new JobQueue(Trimming.QUEUE, 1, LEASE, trimming::trim);
    }
}
