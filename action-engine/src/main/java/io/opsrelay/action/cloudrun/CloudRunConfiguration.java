package io.opsrelay.action.cloudrun;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The provider of the target type {@code cloud_run}, where a project is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("opsrelay.cloudrun.projects[0].name")
class CloudRunConfiguration {

    @Bean
    CloudRunClients cloudRunClients(CloudRunProperties properties, MeterRegistry meters) {
        return new CloudRunClients(properties, meters, null);
    }

    @Bean
    CloudRunDeployments cloudRunDeployments(
            CloudRunProperties properties, CloudRunClients clients, Clock clock, MeterRegistry meters) {
        return new CloudRunDeployments(properties, clients, clock, meters);
    }

    /** Trouble with Google does not make this service unfit; it is told. */
    @Bean
    HealthIndicator cloudRunHealthIndicator(CloudRunDeployments deployments) {
        return () -> {
            String trouble = deployments.trouble();
            return trouble == null
                    ? Health.up().build()
                    : Health.up().withDetail("trouble", trouble).build();
        };
    }
}
