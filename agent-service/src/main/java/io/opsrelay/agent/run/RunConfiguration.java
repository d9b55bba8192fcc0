package io.opsrelay.agent.run;

import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
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
    Subscription runEvents(Runs runs) {
        return Subscription.of("agent-service.runs", Topics.TICKET)
                .on(TicketReceived.class, (envelope, ticket) -> runs.start(envelope.clientId(), ticket))
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
                        ApprovalRejected.class,
                        (envelope, approval) -> runs.hear(approval.actionId(), new News.Rejected(approval.reason())))
                .on(
                        ApprovalResponded.class,
                        (envelope, approval) -> runs.hear(approval.actionId(), new News.Answered(approval.response())))
                .on(ApprovalExpired.class, (envelope, approval) -> runs.hear(approval.actionId(), new News.Lapsed()));
    }

    @Bean
    JobQueue runQueue(Runs runs, AgentProperties properties) {
        return new JobQueue(Runs.QUEUE, properties.concurrency(), LEASE, runs::work);
    }
}
