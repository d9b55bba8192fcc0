package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.ingestion.privacy.ExportStore.Making;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Asks the other services what they hold of a customer's tickets, by an event for each ticket, and keeps their answers,
 * sealed, until the file is made.
 */
@Component
class ExportAnswers {

    /** Tickets of one commit: their events leave together. */
    static final int BATCH = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ExportAnswers.class);
    private static final List<String> SERVICES =
            Arrays.stream(Holder.values()).map(Holder::service).toList();

    private final ClientTransactions transactions;
    private final ExportStore store;
    private final PrivacyStore customers;
    private final Jobs jobs;
    private final Outbox outbox;
    private final PrivacyProperties properties;
    private final Clock clock;

    ExportAnswers(
            ClientTransactions transactions,
            ExportStore store,
            PrivacyStore customers,
            Jobs jobs,
            Outbox outbox,
            PrivacyProperties properties,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.customers = customers;
        this.jobs = jobs;
        this.outbox = outbox;
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Asks about some tickets in each commit, then puts the job off until all is answered or the time for that is over.
     * Whoever dies between two commits has the job taken over, and it goes on behind the last ticket that was asked about.
     */
    void ask(Job job, Making export) {
        String clientId = job.clientId();
        if (export.publicKey() == null) {
            // Outside a transaction: it takes a while.
            SealedParts.Keys keys = SealedParts.newKeys();
            transactions.run(clientId, () -> store.keep(export.exportId(), keys));
        }
        boolean more = true;
        while (more) {
            more = transactions.call(clientId, () -> {
                Making now = store.lock(job.subject()).orElse(null);
                if (now == null) {
                    job.done();
                    return false;
                }
                return askSome(job, now);
            });
        }
    }

    /** @return whether there are more tickets */
    private boolean askSome(Job job, Making export) {
        String clientId = job.clientId();
        UUID exportId = export.exportId();
        String publicKey = export.publicKey();
        if (publicKey == null) {
            throw new IllegalStateException("export " + exportId + " has no keys");
        }
        List<UUID> tickets = customers.tickets(customers.rootOf(export.customerId()), export.lastTicket(), BATCH);
        if (!tickets.isEmpty()) {
            store.expect(clientId, exportId, tickets, SERVICES);
            store.advance(exportId, tickets.getLast());
        }
        for (UUID ticketId : tickets) {
            outbox.publish(clientId, new ExportRequested(exportId, ticketId, export.customerId(), publicKey));
        }
        if (tickets.size() == BATCH) {
            return true;
        }
        store.asked(exportId, now());
        job.again(store.isAnswered(exportId) ? Duration.ZERO : properties.exportAnswersWithin());
        return false;
    }

    /** Answers are about to be applied together: locks their exports. In the listener's transaction. */
    void foresee(List<Event> events) {
        store.lockAll(events.stream()
                .filter(ExportAnswered.class::isInstance)
                .map(event -> ((ExportAnswered) event).exportId())
                .distinct()
                .toList());
    }

    /**
     * Keeps a part. One that is here already, that nobody asked for, or that comes when the file is being made, made or not
     * wanted any more is dropped. In the listener's transaction.
     */
    void take(String clientId, ExportAnswered answered) {
        UUID exportId = answered.exportId();
        Optional<Making> export = store.lock(exportId).filter(it -> it.closedAt() == null);
        if (export.isEmpty()) {
            LOG.debug("An answer of {} for export {} comes too late", answered.service(), exportId);
            return;
        }
        if (store.add(answered) && export.get().askedAt() != null && store.isAnswered(exportId)) {
            jobs.hasten(PrivacyJobs.QUEUE, clientId, PrivacyJobs.GATHER, exportId);
        }
    }

    /**
     * Takes no more answers if all are here or their time is over; otherwise puts the job off.
     *
     * @return whether the file is to be made
     */
    boolean close(Job job) {
        return transactions.call(job.clientId(), () -> {
            Making export = store.lock(job.subject()).orElse(null);
            if (export == null || export.closedAt() != null) {
                return true;
            }
            Duration left = left(export.askedAt());
            if (left.isPositive() && !store.isAnswered(export.exportId())) {
                job.again(left);
                return false;
            }
            store.close(export.exportId(), now());
            return true;
        });
    }

    private Duration left(@Nullable Instant askedAt) {
        return askedAt == null
                ? Duration.ZERO
                : Duration.between(now(), askedAt.plus(properties.exportAnswersWithin()));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
