package io.opsrelay.approval.request;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.SchedulableInstance;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.opsrelay.security.tenant.PerTransaction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.stereotype.Component;

/**
 * Wakes requests whose time has come, on one of however many instances run: to remind, to escalate, to lapse. A request
 * has one timer, set in the transaction that opens it and moved on each time; those of requests that were decided
 * meanwhile go off without effect.
 */
@Component
class DeadlineTimer implements SmartLifecycle {

    /** Named for what it did first; rows of older instances have this name. */
    private static final String TASK = "approval-expiry";

    private static final int THREADS = 2;
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    /**
     * A timer that has gone off on an instance that died is another one's when so many of these were missed. By the
     * library's own measure that takes half an hour, in which a request neither reminds nor lapses.
     */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int MISSED_HEARTBEATS = 4;

    private final Supplier<Scheduler> schedulers;
    /** Of the running transaction, set together. */
    private final PerTransaction<List<SchedulableInstance<?>>> waiting =
            new PerTransaction<>(ArrayList::new, timers -> this.scheduler.scheduleBatch(timers));

    private volatile Scheduler scheduler;
    private volatile boolean running;

    /** Approvals come late: they set timers, and timers wake them. */
    DeadlineTimer(
            DataSource dataSource, ApprovalProperties properties, Clock clock, ObjectProvider<Approvals> approvals) {
        CustomTask<Void> deadline = Tasks.custom(TASK, Void.class)
                .onFailure(new FailureHandler.OnFailureRetryLater<>(AFTER_FAILURE))
                .execute((instance, context) -> {
                    Due due = Due.parse(instance.getId());
                    return moved(approvals.getObject().wake(due.clientId(), due.approvalId()));
                });
        this.schedulers = () -> Scheduler.create(new TransactionAwareDataSourceProxy(dataSource), deadline)
                .threads(THREADS)
                .pollingInterval(properties.expiryPoll())
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .clock(clock::instant)
                .build();
        this.scheduler = schedulers.get();
    }

    private static CompletionHandler<Void> moved(Optional<Instant> next) {
        return next.<CompletionHandler<Void>>map(at -> (complete, timer) -> timer.reschedule(complete, at))
                .orElseGet(CompletionHandler.OnCompleteRemove::new);
    }

    /** Goes off at {@code at}, if the running transaction commits. A request that is new has none yet. */
    void set(String clientId, UUID approvalId, Instant at) {
        waiting.get()
                .add(SchedulableInstance.of(
                        new TaskInstance<Void>(TASK, new Due(clientId, approvalId).asTaskId()), at));
    }

    @Override
    public void start() {
        scheduler.start();
        running = true;
    }

    @Override
    public void stop() {
        scheduler.stop();
        // One that was stopped cannot be started again; it could still set timers.
        scheduler = schedulers.get();
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
