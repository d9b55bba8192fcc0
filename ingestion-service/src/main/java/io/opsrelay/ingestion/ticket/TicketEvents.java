package io.opsrelay.ingestion.ticket;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What other services tell about tickets. */
@Configuration(proxyBeanMethods = false)
class TicketEvents {

    @Bean
    Subscription ticketEventsOfOthers(TicketProgress progress, Conversations conversations) {
        return Subscription.of("ingestion-service.tickets", Topics.TICKET)
                .before(events -> {
                    progress.ahead(events);
                    conversations.ahead(events);
                })
                .on(TicketEvent.TicketClassified.class, progress::apply)
                .on(TicketEvent.ReplyDrafted.class, progress::apply)
                .on(RunEvent.RunStarted.class, progress::apply)
                .on(RunEvent.ToolsCalled.class, progress::apply)
                .on(RunEvent.MessageTaken.class, progress::apply)
                .on(RunEvent.RunParked.class, progress::apply)
                .on(RunEvent.RunCompleted.class, (envelope, run) -> {
                    progress.apply(envelope, run);
                    conversations.runEnded(envelope, run);
                })
                .on(ActionEvent.ActionRequested.class, progress::apply)
                .on(ActionEvent.ActionProposed.class, progress::apply)
                .on(ActionEvent.ActionPrepared.class, progress::apply)
                .on(ActionEvent.ActionStarted.class, progress::apply)
                .on(ActionEvent.ActionSucceeded.class, progress::apply)
                .on(ActionEvent.ActionFailed.class, progress::apply)
                .on(ActionEvent.ActionCancelled.class, progress::apply)
                .on(ActionEvent.ActionOutcomeUnknown.class, progress::apply)
                .on(ApprovalEvent.ApprovalRequested.class, progress::apply)
                .on(ApprovalEvent.ApprovalGranted.class, progress::apply)
                .on(ApprovalEvent.ApprovalRejected.class, progress::apply)
                .on(ApprovalEvent.ApprovalResponded.class, progress::apply)
                .on(ApprovalEvent.ApprovalEdited.class, progress::apply)
                .on(ApprovalEvent.ApprovalExpired.class, progress::apply)
                .on(ApprovalEvent.ApprovalWithdrawn.class, progress::apply);
    }
}
