package io.opsrelay.ingestion.privacy;

import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.ingestion.privacy.ExportFile.Made;
import io.opsrelay.ingestion.privacy.ExportStore.Export;
import io.opsrelay.ingestion.privacy.ExportStore.Making;
import io.opsrelay.ingestion.privacy.PrivacyStore.Person;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Has all that is held of a customer gathered into one ZIP file, in the background. */
@Component
class Exports {

    private final ClientTransactions transactions;
    private final PrivacyStore customers;
    private final ExportStore store;
    private final ExportAnswers answers;
    private final ExportFile file;
    private final BlobStore blobs;
    private final Jobs jobs;
    private final Audit audit;
    private final PrivacyProperties properties;
    private final Ids ids;
    private final Clock clock;

    Exports(
            ClientTransactions transactions,
            PrivacyStore customers,
            ExportStore store,
            ExportAnswers answers,
            ExportFile file,
            BlobStore blobs,
            Jobs jobs,
            Audit audit,
            PrivacyProperties properties,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.customers = customers;
        this.store = store;
        this.answers = answers;
        this.file = file;
        this.blobs = blobs;
        this.jobs = jobs;
        this.audit = audit;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    /** Asks for one; it is made in the background. */
    Export request(Caller caller, UUID id) {
        String clientId = caller.clientId();
        UUID exportId = ids.next();
        return transactions.call(clientId, () -> {
            // Looked at first: the customer's row is locked for as long as a step of an erasure takes.
            refuseWhileErased(id);
            // Locked: an erasure that begins at the same time either sees this export and ends it, or is seen here.
            Person person = customers.lock(id).orElseThrow(() -> ProblemException.notFound("customer", id));
            UUID customerId = person.customerId();
            refuseWhileErased(customerId);
            store.insert(clientId, exportId, customerId, caller.asActor(), now());
            PrivacyJobs.gather(jobs, clientId, exportId);
            audit.record(
                    clientId,
                    new AuditEntry(
                            caller.asActor(),
                            "customer.exported",
                            "customer",
                            customerId.toString(),
                            null,
                            null,
                            Map.of(),
                            Map.of("export_id", exportId.toString())));
            return store.find(exportId).orElseThrow();
        });
    }

    private void refuseWhileErased(UUID id) {
        if (customers
                .erasure(customers.rootOf(id))
                .filter(it -> it.endedAt() == null)
                .isPresent()) {
            throw ProblemException.conflict("customer " + id + " is being erased");
        }
    }

    Optional<Export> find(String clientId, UUID exportId) {
        return transactions.call(clientId, () -> store.find(exportId));
    }

    /** The file of an export that is ready. */
    Optional<InputStream> open(String clientId, UUID exportId) {
        return blobs.open(BlobStore.keyOf(clientId, exportId), 0);
    }

    /** Does what is next: asks the other services, waits for their answers, makes the file. */
    void gather(Job job) throws IOException {
        String clientId = job.clientId();
        Optional<Making> export = transactions.call(clientId, () -> store.making(job.subject()));
        if (export.isPresent() && export.get().askedAt() == null) {
            answers.ask(job, export.get());
        } else if (export.isEmpty() || answers.close(job)) {
            end(job, export.isPresent() ? file.make(clientId, export.get()) : null);
        }
    }

    private void end(Job job, @Nullable Made made) {
        String clientId = job.clientId();
        transactions.run(clientId, () -> {
            boolean kept = made != null
                    && store.ready(job.subject(), made.size(), made.missing().keySet(), now());
            // What was erased while it was gathered must not stay in the file.
            PrivacyJobs.delete(jobs, clientId, job.subject(), kept ? properties.exportKept() : Duration.ZERO);
            job.done();
        });
    }

    /** Removes its file, and whatever else there is of it but that there was one. */
    void delete(Job job) {
        blobs.delete(BlobStore.keyOf(job.clientId(), job.subject()));
        transactions.run(job.clientId(), () -> {
            store.expire(job.subject());
            job.done();
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
