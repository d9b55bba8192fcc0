package io.opsrelay.approval.request;

import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which events this service acts upon. */
@Configuration(proxyBeanMethods = false)
class ApprovalSubscriptions {

    @Bean
    Subscription policy(Approvals approvals) {
        return Subscription.of("approval-service.policy", Topics.TICKET)
                .on(ActionPrepared.class, (envelope, action) -> approvals.open(envelope.clientId(), action))
                .on(ActionFailed.class, (envelope, action) -> approvals.withdraw(envelope.clientId(), action));
    }
}
