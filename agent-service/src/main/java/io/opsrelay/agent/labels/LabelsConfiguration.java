package io.opsrelay.agent.labels;

import io.opsrelay.messaging.job.JobQueue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The queue that trainings are worked from, one at a time, since each takes all the processors it may have. */
@Configuration(proxyBeanMethods = false)
class LabelsConfiguration {

    @Bean
    JobQueue labelTrainings(Training training, LabelsProperties properties) {
        return new JobQueue(Training.QUEUE, 1, properties.lease(), training::work);
    }
}
