package io.opsrelay.agent.persona;

import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import org.springframework.stereotype.Component;

/**
 * Removes activities that are old or too many, and what measured runs that ended as long ago: beside all other work, a batch
 * in each transaction, so that nobody waits for it.
 */
@Component
class Trimming {

    static final String QUEUE = "agent.trimming";

    private static final String TRIM = "trim";
    private static final Duration EVERY = Duration.ofHours(1);
    private static final int BATCH = 1_000;

    private final EmployeeStore store;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final PersonaProperties properties;
    private final Ids ids;
    private final Clock clock;
    private final Map<String, Instant> asked = new ConcurrentHashMap<>();

    Trimming(
            EmployeeStore store,
            Jobs jobs,
            ClientTransactions transactions,
            PersonaProperties properties,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.jobs = jobs;
        this.transactions = transactions;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * The client has one more: leaves a job, at most one an hour from this instance. A job more, from another instance, finds
     * nothing to do. In the running transaction.
     */
    void grown(String clientId) {
        Instant now = clock.instant();
        Instant last = asked.get(clientId);
        if (last == null || !now.isBefore(last.plus(EVERY))) {
            asked.put(clientId, now);
            jobs.add(QUEUE, clientId, TRIM + "/" + clientId, TRIM, ids.next());
        }
    }

    /** Outside any transaction. */
    void trim(Job job) {
        Instant before = clock.instant().minus(properties.activityRetention());
        inBatches(job.clientId(), () -> store.removeActivities(before, properties.mostActivities(), BATCH));
        inBatches(job.clientId(), () -> store.removeWork(before, BATCH));
        transactions.run(job.clientId(), job::done);
    }

    private void inBatches(String clientId, IntSupplier remove) {
        int removed = BATCH;
        while (removed == BATCH) {
            removed = transactions.call(clientId, remove::getAsInt);
        }
    }
}
