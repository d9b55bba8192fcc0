package io.opsrelay.action.execution;

import io.opsrelay.action.catalogue.Offers;
import io.opsrelay.action.erasure.ErasedActions;
import io.opsrelay.action.export.ExportedActions;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ApprovalEvent.ApprovalEdited;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRequested;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalWithdrawn;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.job.JobQueue;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which events this service acts upon, and who does its slow work. */
@Configuration(proxyBeanMethods = false)
class ExecutionConfiguration {

    @Bean
    Subscription actionEvents(Actions actions, ErasedActions erased, ExportedActions exported, Offers offers) {
        return Subscription.of("action-engine.actions", Topics.TICKET)
                .before(actions::foresee)
                .meeting(offers::meet)
                .on(ActionProposed.class, (envelope, e) -> actions.propose(envelope.clientId(), e))
                .on(ApprovalRequested.class, (envelope, e) -> actions.await(envelope.clientId(), e))
                .on(ApprovalEdited.class, (envelope, e) -> actions.edit(envelope.clientId(), e))
                .on(ApprovalRejected.class, (envelope, e) -> actions.reject(envelope.clientId(), e))
                .on(ApprovalResponded.class, (envelope, e) -> actions.respond(envelope.clientId(), e))
                .on(ApprovalExpired.class, (envelope, e) -> actions.expire(envelope.clientId(), e))
                .on(ApprovalWithdrawn.class, (envelope, e) -> actions.withdraw(envelope.clientId(), e))
                .on(ApprovalGranted.class, (envelope, e) -> actions.grant(envelope.clientId(), e))
                // These here and not in groups of their own: behind all that came to the ticket before them.
                .on(ExportRequested.class, (envelope, e) -> {
                    actions.flush();
                    exported.answer(envelope.clientId(), e);
                })
                .on(CustomerErased.class, (envelope, e) -> erased.erase(e));
    }

    @Bean
    JobQueue actionQueue(Preparer preparer, Executor executor, ExecutionProperties properties) {
        return new JobQueue(ActionJob.QUEUE, properties.concurrency(), properties.lease(), job -> {
                    switch (ActionJob.ofKind(job.kind())) {
                        case PREPARE -> preparer.work(job);
                        case EXECUTE -> executor.work(job);
                    }
                })
                .together(ActionJob.PREPARE.kind(), preparer::work)
                .together(ActionJob.EXECUTE.kind(), executor::work)
                .unyielding();
    }

    /** Rollouts are watched to their end, so they wait far more than they work. */
    @Bean
    JobQueue longActionQueue(Executor executor, ExecutionProperties properties) {
        return new JobQueue(ActionJob.LONG_QUEUE, properties.longConcurrency(), properties.lease(), executor::work);
    }
}
