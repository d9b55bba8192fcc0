package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.privacy.PrivacyStore.ErasureState;
import io.opsrelay.ingestion.privacy.PrivacyStore.Owned;
import io.opsrelay.ingestion.privacy.PrivacyStore.Person;
import io.opsrelay.ingestion.privacy.PrivacyStore.Workload;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Erases all that is personal about a customer, here in commits of some tickets each, and by an event for each ticket in
 * the other services. Numbers of tickets, their states and times stay, so that no count changes.
 */
@Component
class Erasure {

    static final String QUEUE = "customer-erasures";
    static final String AGAIN = "again";
    static final String GO_ON = "go-on";
    /** Tickets of one commit: their rows are locked meanwhile, and their events leave together. */
    static final int BATCH = 200;

    private static final Duration AGAIN_AFTER = Duration.ofMinutes(10);

    /** Ended: nobody writes into such a ticket any more. */
    private static final Set<String> OVER = Set.of("resolved", "escalated", "failed", "closed");

    private final ClientTransactions transactions;
    private final PrivacyStore store;
    private final ExportStore exports;
    private final List<PersonalData> holders;
    private final Attachments attachments;
    private final Jobs jobs;
    private final Outbox outbox;
    private final Audit audit;
    private final Clock clock;

    Erasure(
            ClientTransactions transactions,
            PrivacyStore store,
            ExportStore exports,
            List<PersonalData> holders,
            Attachments attachments,
            Jobs jobs,
            Outbox outbox,
            Audit audit,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.exports = exports;
        this.holders = List.copyOf(holders);
        this.attachments = attachments;
        this.jobs = jobs;
        this.outbox = outbox;
        this.audit = audit;
        this.clock = clock;
    }

    /**
     * Begins, and erases the first tickets at once; of most customers these are all.
     *
     * @param confirmed the customer's address, as the caller repeats it
     * @throws ProblemException 404 without such a customer; 422 if another address is repeated; 409 if one of the tickets
     *     is being worked, or an erasure began before
     */
    Erased erase(Caller caller, UUID id, String confirmed, String reason) {
        String clientId = caller.clientId();
        return transactions.call(clientId, () -> {
            // Looked at first: the customer's row is locked for as long as a step of the erasure takes.
            refuseSecond(id, store.find(id));
            Person person = refuseSecond(id, store.lock(id));
            if (!person.email().equalsIgnoreCase(confirmed.strip())) {
                throw ProblemException.unprocessable("confirm", "must be the customer's address, as the page shows it");
            }
            UUID customerId = person.customerId();
            Workload workload = store.workload(customerId, OVER);
            if (workload.open() > 0) {
                throw ProblemException.conflict(workload.open()
                        + " of the customer's tickets are being worked: wait for their end, or close them");
            }
            begin(caller, customerId, workload.tickets(), reason);
            step(clientId, customerId);
            return shown(customerId).orElseThrow();
        });
    }

    private static Person refuseSecond(UUID id, Optional<Person> found) {
        Person person = found.orElseThrow(() -> ProblemException.notFound("customer", id));
        if (person.erased()) {
            throw ProblemException.conflict("customer " + id + " was erased");
        }
        return person;
    }

    /** From here on nobody finds the customer, who is somebody new when writing again, and no export is made. */
    private void begin(Caller caller, UUID customerId, int tickets, String reason) {
        String clientId = caller.clientId();
        store.beginErasure(
                clientId,
                new ErasureState(
                        customerId, store.addresses(customerId), caller.asActor(), tickets, 0, null, now(), null),
                reason);
        exports.expireAll(customerId).forEach(export -> PrivacyJobs.delete(jobs, clientId, export));
        store.eraseCustomer(customerId, now());
        tell(clientId, caller.asActor(), "customer.erasure_begun", customerId, reason, tickets);
        jobs.add(QUEUE, clientId, GO_ON + "/" + customerId, GO_ON, customerId);
    }

    /** Where it stands; empty if none was begun. */
    Optional<Erased> find(String clientId, UUID id) {
        return transactions.call(clientId, () -> store.root(id).flatMap(this::shown));
    }

    private Optional<Erased> shown(UUID customerId) {
        return store.erasure(customerId)
                .map(it -> new Erased(
                        customerId,
                        it.endedAt() == null ? "erasing" : "erased",
                        it.tickets(),
                        it.erased(),
                        it.startedAt(),
                        it.endedAt()));
    }

    /** Does one job of the queue. */
    void work(Job job) {
        if (job.kind().equals(AGAIN)) {
            again(job);
            return;
        }
        boolean more = true;
        while (more) {
            more = transactions.call(job.clientId(), () -> {
                boolean left = store.lock(job.subject()).isPresent() && step(job.clientId(), job.subject());
                if (!left) {
                    job.done();
                }
                return left;
            });
        }
    }

    /**
     * Erases some of the tickets, in the running transaction, which holds the customer's row. Whoever dies between two of
     * these has the job taken over, and the next one begins behind the last ticket that was erased.
     *
     * @return whether there are more
     */
    private boolean step(String clientId, UUID customerId) {
        ErasureState state = store.erasure(customerId).orElse(null);
        if (state == null || state.endedAt() != null) {
            return false;
        }
        List<Owned> tickets = store.lockTickets(customerId, state.lastTicket(), BATCH);
        // One that somebody has taken up again meanwhile is erased when that is over.
        List<UUID> over = tickets.stream()
                .filter(ticket -> OVER.contains(ticket.status()))
                .map(Owned::ticketId)
                .toList();
        eraseTickets(clientId, new ErasedCustomer(customerId, state.addresses(), over, state.actor()));
        if (!tickets.isEmpty()) {
            store.advanceErasure(customerId, over.size(), tickets.getLast().ticketId());
        }
        if (tickets.size() == BATCH) {
            return true;
        }
        store.endErasure(customerId, now());
        tell(clientId, state.actor(), "customer.erased", customerId, null, state.erased() + over.size());
        jobs.addLater(QUEUE, clientId, AGAIN + "/" + customerId, AGAIN, customerId, AGAIN_AFTER);
        return false;
    }

    private void tell(
            String clientId, String actor, String action, UUID customerId, @Nullable String reason, int tickets) {
        audit.record(
                clientId,
                new AuditEntry(
                        actor,
                        action,
                        "customer",
                        customerId.toString(),
                        null,
                        reason,
                        Map.of(),
                        Map.of("tickets", tickets)));
    }

    private void eraseTickets(String clientId, ErasedCustomer customer) {
        holders.forEach(holder -> holder.erase(clientId, customer));
        for (UUID ticketId : customer.ticketIds()) {
            attachments.removeOfTicket(clientId, ticketId);
            outbox.publish(clientId, new CustomerErased(ticketId, customer.customerId()));
        }
    }

    /**
     * Erases what came to the tickets afterwards: a mail that was being stored in that moment, a reply from a run that
     * nobody waited for any more. Looks again while one of them is being worked.
     */
    private void again(Job job) {
        String clientId = job.clientId();
        transactions.run(clientId, () -> {
            boolean working = false;
            Optional<Person> person = store.lock(job.subject());
            if (person.isPresent() && person.get().erased()) {
                UUID customerId = person.get().customerId();
                List<Owned> late = store.lockLate(customerId);
                List<UUID> over = late.stream()
                        .filter(ticket -> OVER.contains(ticket.status()))
                        .map(Owned::ticketId)
                        .toList();
                working = over.size() < late.size();
                if (!over.isEmpty()) {
                    eraseTickets(
                            clientId,
                            new ErasedCustomer(
                                    customerId, store.addresses(customerId), over, "system:ingestion-service"));
                }
            }
            if (working) {
                job.again(AGAIN_AFTER);
            } else {
                job.done();
            }
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * An erasure as the API shows it.
     *
     * @param status erasing, erased
     * @param tickets how many the customer had
     * @param erased of how many of them everything personal is erased
     */
    record Erased(
            UUID customerId,
            String status,
            int tickets,
            int erased,
            Instant startedAt,
            @Nullable Instant endedAt) {

        boolean isOver() {
            return endedAt != null;
        }
    }
}
