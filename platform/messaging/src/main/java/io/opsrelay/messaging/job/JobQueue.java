package io.opsrelay.messaging.job;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A queue and its worker, declared as a bean.
 *
 * @param name unique within the service
 * @param concurrency most jobs of this queue that this instance works at once
 * @param lease how long a worker that vanished keeps its job
 * @param worker does a job; must end it by {@link Job#done} or {@link Job#again}. If it throws, the job is tried again
 *     with growing pauses, at most a minute, without end unless something else is said by {@link #after}
 * @param together workers by the kind of job that does several at once
 * @param yields whether such work is held back while this instance has fallen behind with its events; work that waits for
 *     others more than it computes is not helped by that
 * @param lastResort what becomes of a job that no try helps; null if it is tried for ever
 */
public record JobQueue(
        String name,
        int concurrency,
        Duration lease,
        Worker worker,
        Map<String, BatchWorker> together,
        boolean yields,
        @Nullable LastResort lastResort) {

    public JobQueue {
        if (concurrency < 1 || lease.isNegative() || lease.isZero()) {
            throw new IllegalArgumentException("a queue needs a concurrency of at least 1 and a positive lease");
        }
        together = Map.copyOf(together);
    }

    /** One whose jobs are worked one by one. */
    public JobQueue(String name, int concurrency, Duration lease, Worker worker) {
        this(name, concurrency, lease, worker, Map.of(), true, null);
    }

    /** With a worker that does several jobs of that kind at once, where several are due. */
    public JobQueue together(String kind, BatchWorker batchWorker) {
        Map<String, BatchWorker> more = new LinkedHashMap<>(together);
        more.put(kind, batchWorker);
        return new JobQueue(name, concurrency, lease, worker, more, yields, lastResort);
    }

    /** One that takes up jobs whatever else there is to do. */
    public JobQueue unyielding() {
        return new JobQueue(name, concurrency, lease, worker, together, false, lastResort);
    }

    /**
     * With an end of jobs that no try helps.
     *
     * @param tries from which on a failure that no waiting mends is a job's last; while a database or a broker is away jobs
     *     are tried on
     */
    public JobQueue after(int tries, Abandoning abandoning) {
        return new JobQueue(name, concurrency, lease, worker, together, yields, new LastResort(tries, abandoning));
    }

    /**
     * What becomes of a job that no try helps.
     *
     * @param tries at least so many
     */
    public record LastResort(int tries, Abandoning abandoning) {
        public LastResort {
            if (tries < 1) {
                throw new IllegalArgumentException("a job is tried at least once");
            }
        }
    }

    /** Ends what cannot be done, where people see it, on a virtual thread, outside any transaction. */
    @FunctionalInterface
    public interface Abandoning {

        /** Must end the job by {@link Job#done}; if it throws, the job is tried again. */
        void abandon(Job job, Throwable failure) throws Exception;
    }

    /** Does one job, on a virtual thread, outside any transaction. */
    @FunctionalInterface
    public interface Worker {

        /** Does it. */
        void work(Job job) throws Exception;
    }

    /** Does jobs of one kind and one client, each with a key of its own, on a virtual thread, outside any transaction. */
    @FunctionalInterface
    public interface BatchWorker {

        /** Does all of them, or throws: then each is worked alone. */
        void work(Batch batch) throws Exception;
    }

    /** Jobs that were claimed together. */
    public interface Batch {

        /** At least two. */
        List<Job> jobs();

        /** The client (tenant) whose work they are. */
        String clientId();

        /**
         * Ends all of them in the running transaction, together with their effects.
         *
         * @throws LeaseLostException if another worker has one of them by now: the transaction must not commit
         */
        void done();

        /**
         * Ends some of them in the running transaction, together with their effects.
         *
         * @throws LeaseLostException as {@link #done()}
         */
        void done(Collection<Job> some);

        /**
         * Puts all of them off in the running transaction.
         *
         * @throws LeaseLostException as {@link #done()}
         */
        void again(Duration delay);
    }
}
