package io.opsrelay.agent.accuracy;

import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What people do to tickets that says something about their classification. */
@Configuration(proxyBeanMethods = false)
class AccuracyConfiguration {

    @Bean
    Subscription judgementsOfPeople(Judgements judgements) {
        return Subscription.of("agent-service.accuracy", Topics.TICKET)
                .on(
                        TicketCorrected.class,
                        (envelope, said) -> judgements.hear(envelope.clientId(), said, envelope.time()))
                .on(StatusSet.class, (envelope, set) -> judgements.hear(envelope.clientId(), set, envelope.time()));
    }
}
