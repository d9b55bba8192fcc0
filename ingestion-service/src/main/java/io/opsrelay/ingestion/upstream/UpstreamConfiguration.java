package io.opsrelay.ingestion.upstream;

import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.RawSubscription;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Reads the upstream topic. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(UpstreamProperties.class)
class UpstreamConfiguration {

    @Bean
    RawSubscription upstreamTickets(UpstreamIntake intake, UpstreamProperties properties) {
        return new RawSubscription(
                "ingestion-service.upstream",
                List.of(Topics.UPSTREAM),
                properties.consumers(),
                properties.mostTogether(),
                intake::take);
    }
}
