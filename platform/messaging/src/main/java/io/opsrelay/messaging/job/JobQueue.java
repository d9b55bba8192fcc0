package io.opsrelay.messaging.job;

import java.time.Duration;

/**
 * A queue and its worker, declared as a bean.
 *
 * @param name unique within the service
 * @param concurrency most jobs of this queue that this instance works at once
 * @param lease how long a worker that vanished keeps its job
 * @param worker does a job; must end it by {@link Job#done} or {@link Job#again}. If it throws, the job is tried again
 *     with growing pauses, at most a minute, without end
 */
public record JobQueue(String name, int concurrency, Duration lease, Worker worker) {

    public JobQueue {
        if (concurrency < 1 || lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("a queue needs a concurrency of at least 1 and a positive lease");
        }
    }

    /** Does one job, on a virtual thread, outside any transaction. */
    @FunctionalInterface
    public interface Worker {

        /** Does it. */
        void work(Job job) throws Exception;
    }
}
