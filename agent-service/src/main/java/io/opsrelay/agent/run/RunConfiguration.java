package io.opsrelay.agent.run;

import io.opsrelay.agent.erasure.ErasedRuns;
import io.opsrelay.agent.export.ExportedRuns;
import io.opsrelay.agent.offer.OfferedActions;
import io.opsrelay.contracts.ActionEvent.ActionCancelled;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ClientEvent.ActionsOffered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.TicketEvent.RunRequested;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.messaging.Subscription;
import io.opsrelay.messaging.job.JobQueue;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Which events start and resume runs, and the queue that they are worked from. */
@Configuration(proxyBeanMethods = false)
class RunConfiguration {

    /** How long the runs of an instance that vanished wait for another one. */
    private static final Duration LEASE = Duration.ofSeconds(6);

    @Bean
    Subscription runEvents(Runs runs, ErasedRuns erased, ExportedRuns exported, OfferedActions offered) {
        return Subscription.of("agent-service.runs", Topics.TICKET)
                .before(runs::prepare)
                .on(TicketReceived.class, (envelope, ticket) -> runs.start(envelope.clientId(), ticket))
                .on(RunRequested.class, (envelope, requested) -> runs.start(envelope.clientId(), requested))
                .on(CustomerReplied.class, (envelope, replied) -> runs.hear(replied))
                .on(StatusSet.class, (envelope, set) -> runs.stop(set))
                .on(
                        ActionSucceeded.class,
                        (envelope, action) ->
                                runs.hear(action.actionId(), new News.Done(action.actionType(), action.result())))
                .on(
                        ActionFailed.class,
                        (envelope, action) -> runs.hear(
                                action.actionId(),
                                new News.NotDone(action.actionType(), action.code(), action.reason())))
                .on(
                        ActionCancelled.class,
                        (envelope, action) -> runs.hear(
                                action.actionId(), new News.NotDone(action.actionType(), "cancelled", action.reason())))
                .on(
                        ApprovalRejected.class,
                        (envelope, approval) -> runs.hear(approval.actionId(), new News.Rejected(approval.reason())))
                .on(
                        ApprovalResponded.class,
                        (envelope, approval) -> runs.hear(approval.actionId(), new News.Answered(approval.response())))
                .on(ApprovalExpired.class, (envelope, approval) -> runs.hear(approval.actionId(), new News.Lapsed()))
                .on(ActionsOffered.class, (envelope, offer) -> offered.told(envelope.clientId(), offer))
                // These here and not in groups of their own: behind all that came to the ticket before them.
                .on(ExportRequested.class, (envelope, requested) -> {
                    runs.flush();
                    exported.answer(envelope.clientId(), requested);
                })
                .on(CustomerErased.class, (envelope, customer) -> {
                    runs.flush();
                    erased.erase(customer);
                });
    }

    @Bean
    JobQueue runQueue(Runs runs, Triage triage, AgentProperties properties) {
        return new JobQueue(Runs.QUEUE, properties.concurrency(), LEASE, runs::work)
                .together(Runs.TRIAGE, triage::work)
                .after(properties.mostTries(), runs::abandon);
    }

    @Bean
    JobQueue modelQueue(ModelRuns modelRuns, Runs runs, AgentProperties properties) {
        return new JobQueue(ModelRuns.QUEUE, properties.modelConcurrency(), LEASE, modelRuns::turn)
                .after(properties.mostTries(), runs::abandon);
    }

    @Bean
    JobQueue classificationQueue(Triage triage, Runs runs, AgentProperties properties) {
        return new JobQueue(Triage.QUEUE, properties.modelConcurrency(), LEASE, triage::classify)
                .after(properties.mostTries(), runs::abandon);
    }
}
