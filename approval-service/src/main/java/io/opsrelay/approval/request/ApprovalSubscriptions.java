package io.opsrelay.approval.request;

import io.opsrelay.approval.erasure.ErasedApprovals;
import io.opsrelay.approval.export.ExportedApprovals;
import io.opsrelay.approval.stop.Stops;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionOutcomeUnknown;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ClientEvent.BreakerOpened;
import io.opsrelay.contracts.ClientEvent.KillSwitchTurned;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which events this service acts upon. */
@Configuration(proxyBeanMethods = false)
class ApprovalSubscriptions {

    @Bean
    Subscription policy(
            Approvals approvals,
            Proposals proposals,
            ActionEnds ends,
            ErasedApprovals erased,
            ExportedApprovals exported,
            Stops stops) {
        return Subscription.of("approval-service.policy", Topics.TICKET)
                .before(approvals::foresee)
                .on(ActionProposed.class, (envelope, action) -> proposals.add(envelope.clientId(), action))
                .on(ActionPrepared.class, (envelope, action) -> approvals.open(envelope.clientId(), action))
                .on(ActionSucceeded.class, (envelope, action) -> ends.succeeded(envelope.clientId(), action))
                .on(ActionOutcomeUnknown.class, (envelope, action) -> ends.unknown(envelope.clientId(), action))
                .on(ActionFailed.class, (envelope, action) -> {
                    approvals.withdraw(envelope.clientId(), action.actionId(), "the action failed: " + action.reason());
                    ends.failed(envelope.clientId(), action);
                })
                .on(ActionCancelled.class, (envelope, action) -> {
                    approvals.withdraw(
                            envelope.clientId(),
                            action.actionId(),
                            action.by() + " called the action off: " + action.reason());
                    ends.cancelled(envelope.clientId(), action);
                })
                .on(KillSwitchTurned.class, (envelope, turned) -> stops.turned(envelope.clientId(), turned))
                .on(BreakerOpened.class, (envelope, opened) -> stops.opened(envelope.clientId(), opened))
                .on(RunStarted.class, (envelope, run) -> approvals.overtake(envelope.clientId(), run))
                .on(RunCompleted.class, (envelope, run) -> approvals.leave(envelope.clientId(), run))
                .on(CustomerReplied.class, (envelope, reply) -> approvals.hear(envelope.clientId(), reply))
                // These here and not in groups of their own: behind all that came to the ticket before them.
                .on(ExportRequested.class, (envelope, requested) -> {
                    approvals.letGo();
                    exported.answer(envelope.clientId(), requested);
                })
                .on(CustomerErased.class, (envelope, customer) -> {
                    // First what is said of them, then that they are off: the notices tell no more than what is left.
                    approvals.letGo();
                    erased.erase(customer);
                    approvals.forget(envelope.clientId(), customer);
                });
    }
}
