package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.job.JobStore.Claim;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Claims a queue's jobs and runs each on a virtual thread, as many at once as the queue allows. */
final class QueueRunner {

    private static final Logger LOG = LoggerFactory.getLogger(QueueRunner.class);
    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final JobQueue queue;
    private final JobStore store;
    private final MeterRegistry meters;
    private final Semaphore free;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;

    QueueRunner(JobQueue queue, JobStore store, MeterRegistry meters) {
        this.queue = queue;
        this.store = store;
        this.meters = meters;
        this.free = new Semaphore(queue.concurrency());
        Gauge.builder(MessagingMetric.JOBS_RUNNING.id(), running, Set::size)
                .tag("queue", queue.name())
                .register(meters);
    }

    void start() {
        Thread.ofVirtual().name("jobs-" + queue.name()).start(this::claimLoop);
        Thread.ofVirtual().name("job-leases-" + queue.name()).start(this::renewLoop);
    }

    /** Claims no more and waits for what runs, at most {@code patience}; what is left is claimed anew elsewhere. */
    void stop(Duration patience) {
        stopped = true;
        wake();
        try {
            if (!free.tryAcquire(queue.concurrency(), patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("{} jobs of {} are left to be taken up again", running.size(), queue.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    private void claimLoop() {
        while (!stopped) {
            try {
                if (claimSome() == 0) {
                    if (wakeUps.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                        wakeUps.drainPermits();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("Jobs of {} wait for the database: {}", queue.name(), e.getMessage());
                pause();
            }
        }
    }

    private int claimSome() throws InterruptedException {
        free.acquire();
        int places = 1 + free.drainPermits();
        List<Claim> claims = List.of();
        try {
            // A client alone may have all places; several share them, so that one's bulk import starves nobody.
            claims = store.claim(queue.name(), places, Math.max(1, queue.concurrency() / 2), queue.lease());
        } finally {
            free.release(places - claims.size());
        }
        for (Claim claim : claims) {
            running.add(claim);
            Thread.ofVirtual().name("job-" + queue.name() + "-" + claim.id()).start(() -> work(claim));
        }
        return claims.size();
    }

    private void work(Claim claim) {
        try {
            UUID cause = claim.cause();
            Attempt attempt = new Attempt(claim);
            if (cause == null) {
                run(attempt);
            } else {
                CausingEvent.run(cause, () -> run(attempt));
            }
        } finally {
            running.remove(claim);
            free.release();
            // The next job of the same key may have waited for this one.
            wake();
        }
    }

    private void run(Attempt attempt) {
        Claim claim = attempt.claim;
        try {
            queue.worker().work(attempt);
            meters.counter(MessagingMetric.JOBS_DONE.id(), "queue", queue.name(), "kind", claim.kind())
                    .increment();
        } catch (LeaseLostException e) {
            LOG.warn("{}: {}", queue.name(), e.getMessage());
        } catch (Exception e) {
            Duration pause = pauseAfter(claim.attempts());
            meters.counter(MessagingMetric.JOBS_RETRIED.id(), "queue", queue.name(), "kind", claim.kind())
                    .increment();
            LOG.warn(
                    "{} {} of {} failed (try {}), again in {}",
                    queue.name(),
                    claim.kind(),
                    claim.subject(),
                    claim.attempts(),
                    pause,
                    e);
            putOff(claim, pause);
        }
    }

    private void putOff(Claim claim, Duration pause) {
        try {
            store.due(claim, pause);
        } catch (DataAccessException | TransactionException e) {
            // The lease runs out by itself.
            LOG.warn("Job {} is taken up when its lease ends: {}", claim.id(), e.getMessage());
        }
    }

    private void renewLoop() {
        long everyMillis = queue.lease().toMillis() / 3;
        while (!stopped || !running.isEmpty()) {
            try {
                TimeUnit.MILLISECONDS.sleep(everyMillis);
                if (!running.isEmpty()) {
                    store.renew(Set.copyOf(running), queue.lease());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (DataAccessException | TransactionException e) {
                LOG.warn("Leases of {} were not renewed: {}", queue.name(), e.getMessage());
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Duration pauseAfter(int attempts) {
        Duration pause = Duration.ofMillis(200).multipliedBy(1L << Math.min(attempts - 1, 10));
        return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }

    /** A claimed job in its worker's hands. */
    private final class Attempt implements Job {
        private final Claim claim;

        Attempt(Claim claim) {
            this.claim = claim;
        }

        @Override
        public String clientId() {
            return claim.clientId();
        }

        @Override
        public String kind() {
            return claim.kind();
        }

        @Override
        public UUID subject() {
            return claim.subject();
        }

        @Override
        public int attempt() {
            return claim.attempts();
        }

        @Override
        public void done() {
            if (!store.delete(claim)) {
                throw new LeaseLostException(claim.id());
            }
        }

        @Override
        public void again(Duration delay) {
            if (!store.due(claim, delay)) {
                throw new LeaseLostException(claim.id());
            }
        }
    }
}
