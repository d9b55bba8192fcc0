package io.opsrelay.approval.request;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/**
 * Wakes requests whose time is up, on one of however many instances run. A timer is set in the transaction that opens
 * its request; those of requests that were decided meanwhile go off without effect.
 */
@Component
class ExpiryTimer implements SmartLifecycle {

    private static final String TASK = "approval-expiry";
    private static final int THREADS = 2;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private final Scheduler scheduler;
    private volatile boolean running;

    /** Approvals come late: they set timers, and timers wake them. */
    ExpiryTimer(
            DataSource dataSource, ApprovalProperties properties, Clock clock, ObjectProvider<Approvals> approvals) {
        OneTimeTask<Void> expiry = Tasks.oneTime(TASK)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
                .execute((instance, context) -> {
                    Due due = Due.parse(instance.getId());
                    approvals.getObject().expire(due.clientId(), due.approvalId());
                });
        this.scheduler = Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), expiry)
                .threads(THREADS)
                .pollingInterval(properties.expiryPoll())
                .clock(clock::instant)
                .build();
    }

    /** Goes off at {@code at}, if the running transaction commits. */
    void set(String clientId, UUID approvalId, Instant at) {
        scheduler.scheduleIfNotExists(new TaskInstance<Void>(TASK, new Due(clientId, approvalId).asTaskId()), at);
    }

    @Override
    public void start() {
        scheduler.start();
        running = true;
    }

    @Override
    public void stop() {
        scheduler.stop();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** The id of a timer's task; a client id holds no slash. */
    private record Due(String clientId, UUID approvalId) {

        static Due parse(String taskId) {
            int slash = taskId.indexOf('/');
            return new Due(taskId.substring(0, slash), UUID.fromString(taskId.substring(slash + 1)));
        }

        String asTaskId() {
            return clientId + "/" + approvalId;
        }
    }
}
