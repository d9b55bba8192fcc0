package io.opsrelay.messaging.job;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.messaging.Backlog;
import io.opsrelay.messaging.CausingEvent;
import io.opsrelay.messaging.MessagingMetric;
import io.opsrelay.messaging.consume.FailureKind;
import io.opsrelay.messaging.job.JobStore.Claim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Claims a queue's jobs and runs each on a virtual thread, as many at once as the queue allows. */
final class QueueRunner {

    private static final Logger LOG = LoggerFactory.getLogger(QueueRunner.class);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MOST_TOGETHER = 16;
    private static final int KEPT_PART = 8;
    private static final Duration MOMENT = Duration.ofMillis(20);
    private static final Duration GATHERING = Duration.ofMillis(10);
    /** In the time of a lease: several may fail before it is lost. */
    private static final int RENEWALS = 6;

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final JobQueue queue;
    private final JobStore store;
    private final Backlog backlog;
    private final MeterRegistry meters;
    private final Semaphore free;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Set<Claim> running = ConcurrentHashMap.newKeySet();
    private volatile boolean stopped;
    private volatile boolean sureOfWork = true;
    private boolean manyWait;
    private long claimedAtNanos = System.nanoTime();

    QueueRunner(JobQueue queue, JobStore store, Backlog backlog, MeterRegistry meters) {
        this.queue = queue;
        this.store = store;
        this.backlog = backlog;
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
        look();
        try {
            if (!free.tryAcquire(queue.concurrency(), patience.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.info("{} jobs of {} are left to be taken up again", running.size(), queue.name());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something is due. */
    void wake() {
        sureOfWork = true;
        look();
    }

    /** Something may be due. */
    private void look() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    private void claimLoop() {
        while (!stopped) {
            try {
                // Asked anew: what the end was told by may have been taken while holding back.
                if (!claimSome() && !stopped) {
                    awaitWork();
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

    private void awaitWork() throws InterruptedException {
        do {
            wakeUps.acquire();
            wakeUps.drainPermits();
        } while (!sureOfWork && !stopped && store.due(List.of(queue.name())).isEmpty());
    }

    /** Whether there may be more to claim at once. */
    private boolean claimSome() throws InterruptedException {
        // Jobs that are worked by the batch take the processor from what takes events in: then one batch at a time.
        while (holdsBack() && !running.isEmpty() && !stopped) {
            wakeUps.tryAcquire(MOMENT.toMillis(), TimeUnit.MILLISECONDS);
        }
        gather();
        free.acquire();
        int places = 1;
        // With many waiting it pays to wait a moment for room for several, but not for as long as slow jobs last.
        if (manyWait && free.tryAcquire(MOST_TOGETHER - 1, MOMENT.toMillis(), TimeUnit.MILLISECONDS)) {
            places = MOST_TOGETHER;
        }
        places += free.drainPermits();
        if (holdsBack() && places > MOST_TOGETHER) {
            free.release(places - MOST_TOGETHER);
            places = MOST_TOGETHER;
        }
        if (stopped) {
            free.release(places);
            return false;
        }
        sureOfWork = false;
        List<Claim> claims = List.of();
        try {
            Map<String, Integer> perClient =
                    running.stream().collect(Collectors.groupingBy(Claim::clientId, Collectors.summingInt(claim -> 1)));
            claims = store.claim(queue.name(), places, perClient, mostOfOneClient(), queue.lease());
        } finally {
            free.release(places - claims.size());
        }
        boolean full = claims.size() == places;
        manyWait = !queue.together().isEmpty() && full;
        running.addAll(claims);
        for (List<Claim> group : groups(claims)) {
            Thread.ofVirtual()
                    .name("job-" + queue.name() + "-" + group.getFirst().id())
                    .start(() -> work(group));
        }
        return full;
    }

    /** Who works already loses nothing by a moment in which more jobs come together; a lone job is claimed at once. */
    private void gather() throws InterruptedException {
        long since = System.nanoTime() - claimedAtNanos;
        if (!queue.yields() && !queue.together().isEmpty() && !running.isEmpty() && since < GATHERING.toNanos()) {
            TimeUnit.NANOSECONDS.sleep(GATHERING.toNanos() - since);
        }
        claimedAtNanos = System.nanoTime();
    }

    private boolean holdsBack() {
        return queue.yields() && !queue.together().isEmpty() && backlog.isThere();
    }

    /** Some places are kept for others, so that nobody waits for one client's slow jobs. */
    private int mostOfOneClient() {
        return Math.max(1, queue.concurrency() - Math.max(1, queue.concurrency() / KEPT_PART));
    }

    /** Jobs that one worker does at once; those that nobody does at once stand alone. */
    private List<List<Claim>> groups(List<Claim> claims) {
        List<List<Claim>> groups = new ArrayList<>();
        Map<List<String>, List<Claim>> alike = new LinkedHashMap<>();
        for (Claim claim : claims) {
            // One that failed before is not let spoil the work of others.
            if (claim.attempts() > 1 || !queue.together().containsKey(claim.kind())) {
                groups.add(List.of(claim));
            } else {
                alike.computeIfAbsent(List.of(claim.clientId(), claim.kind()), key -> new ArrayList<>())
                        .add(claim);
            }
        }
        for (List<Claim> all : alike.values()) {
            for (int from = 0; from < all.size(); from += MOST_TOGETHER) {
                groups.add(all.subList(from, Math.min(all.size(), from + MOST_TOGETHER)));
            }
        }
        return groups;
    }

    private void work(List<Claim> group) {
        List<Claim> left = new ArrayList<>(group);
        try {
            if (group.size() > 1 && workedTogether(group)) {
                return;
            }
            while (!left.isEmpty()) {
                workAlone(left.getFirst());
                end(List.of(left.removeFirst()));
            }
        } finally {
            end(left);
        }
    }

    private void end(List<Claim> claims) {
        claims.forEach(running::remove);
        free.release(claims.size());
        // The next jobs of the same keys may have waited for these.
        look();
    }

    private boolean workedTogether(List<Claim> group) {
        String kind = group.getFirst().kind();
        try {
            Objects.requireNonNull(queue.together().get(kind)).work(new Together(group));
            count(MessagingMetric.JOBS_DONE, kind, group.size());
            return true;
        } catch (Throwable e) {
            count(MessagingMetric.JOBS_RETRIED, kind, group.size());
            LOG.warn("{} {} of {} could not be done together, now one by one", group.size(), kind, queue.name(), e);
            return false;
        }
    }

    private void workAlone(Claim claim) {
        Attempt attempt = new Attempt(claim);
        attempt.caused(() -> run(attempt));
    }

    private void run(Attempt attempt) {
        Claim claim = attempt.claim;
        try {
            queue.worker().work(attempt);
            count(MessagingMetric.JOBS_DONE, claim.kind(), 1);
        } catch (LeaseLostException e) {
            LOG.warn("{}: {}", queue.name(), e.getMessage());
        } catch (Throwable e) {
            // An Error, too: a text that a pattern cannot stand, say, is of this job alone.
            if (abandoned(attempt, e)) {
                return;
            }
            Duration pause = pauseAfter(claim.attempts());
            count(MessagingMetric.JOBS_RETRIED, claim.kind(), 1);
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

    /** Whether that was the job's last try, and it is ended as one that cannot be done. */
    private boolean abandoned(Attempt attempt, Throwable failure) {
        JobQueue.LastResort last = queue.lastResort();
        if (last == null || attempt.attempt() < last.tries() || FailureKind.of(failure) == FailureKind.TRANSIENT) {
            return false;
        }
        try {
            last.abandoning().abandon(attempt, failure);
            count(MessagingMetric.JOBS_ABANDONED, attempt.kind(), 1);
            LOG.error(
                    "{} {} of {} failed (try {}) and is given up",
                    queue.name(),
                    attempt.kind(),
                    attempt.subject(),
                    attempt.attempt(),
                    failure);
            return true;
        } catch (Throwable e) {
            LOG.warn("{} {} of {} could not be given up", queue.name(), attempt.kind(), attempt.subject(), e);
            return false;
        }
    }

    private void count(MessagingMetric metric, String kind, int jobs) {
        meters.counter(metric.id(), "queue", queue.name(), "kind", kind).increment(jobs);
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
        long everyMillis = queue.lease().toMillis() / RENEWALS;
        while (!stopped || !running.isEmpty()) {
            try {
                TimeUnit.MILLISECONDS.sleep(everyMillis);
                List<Claim> old = running.stream()
                        .filter(claim -> System.nanoTime() - claim.claimedAt() > everyMillis * NANOS_PER_MILLI)
                        .toList();
                if (!old.isEmpty()) {
                    store.renew(old, queue.lease());
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
            if (!store.delete(List.of(claim))) {
                throw new LeaseLostException(claim.id());
            }
        }

        @Override
        public void caused(Runnable work) {
            UUID cause = claim.cause();
            if (cause == null) {
                work.run();
            } else {
                CausingEvent.run(cause, work);
            }
        }

        @Override
        public void again(Duration delay) {
            if (!store.due(claim, delay)) {
                throw new LeaseLostException(claim.id());
            }
        }
    }

    /** Claimed jobs in one worker's hands. */
    private final class Together implements JobQueue.Batch {
        private final List<Claim> claims;

        Together(List<Claim> claims) {
            this.claims = claims;
        }

        @Override
        public List<Job> jobs() {
            return claims.stream().<Job>map(Attempt::new).toList();
        }

        @Override
        public String clientId() {
            return claims.getFirst().clientId();
        }

        @Override
        public void done() {
            end(claims);
        }

        @Override
        public void done(Collection<Job> some) {
            Set<UUID> subjects = some.stream().map(Job::subject).collect(Collectors.toSet());
            end(claims.stream()
                    .filter(claim -> subjects.contains(claim.subject()))
                    .toList());
        }

        private void end(List<Claim> ended) {
            if (!ended.isEmpty() && !store.delete(ended)) {
                throw new LeaseLostException(ended.getFirst().id());
            }
        }

        @Override
        public void again(Duration delay) {
            if (!store.due(claims, delay)) {
                throw new LeaseLostException(claims.getFirst().id());
            }
        }
    }
}
