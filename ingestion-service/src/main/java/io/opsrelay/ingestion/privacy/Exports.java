package io.opsrelay.ingestion.privacy;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.TicketFile;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.ingestion.privacy.PrivacyStore.Export;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Caller;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.springframework.stereotype.Component;

/** Gathers all that this service holds of a customer into one ZIP file, in the background, ticket by ticket. */
@Component
class Exports {

    private static final String PERSON = """
            select c.*, (select jsonb_agg(to_jsonb(a) - 'client_id' - 'root' - 'name_in_lower' order by a.created_at) from customer a
                    where a.root = c.customer_id and a.customer_id <> c.customer_id) as other_addresses,
                (select jsonb_agg(to_jsonb(i) - 'client_id' order by i.created_at) from customer_identity i
                    where i.customer_id = c.customer_id) as external_ids,
                (select jsonb_agg(to_jsonb(n) - 'client_id' order by n.created_at) from customer_note n
                    where n.customer_id = c.customer_id) as notes
            from customer c where c.customer_id = :id""";

    private static final String TICKET = """
            select t.*, (select jsonb_agg(to_jsonb(m) - 'client_id' order by m.seq) from message m
                    where m.ticket_id = t.ticket_id) as messages,
                (select jsonb_agg(to_jsonb(e) - 'client_id' order by e.seq) from timeline_entry e
                    where e.ticket_id = t.ticket_id) as timeline
            from ticket t where t.ticket_id = :id""";

    private final ClientTransactions transactions;
    private final PrivacyStore store;
    private final Attachments attachments;
    private final BlobStore blobs;
    private final Jobs jobs;
    private final Audit audit;
    private final Ids ids;
    private final Clock clock;

    Exports(
            ClientTransactions transactions,
            PrivacyStore store,
            Attachments attachments,
            BlobStore blobs,
            Jobs jobs,
            Audit audit,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.attachments = attachments;
        this.blobs = blobs;
        this.jobs = jobs;
        this.audit = audit;
        this.ids = ids;
        this.clock = clock;
    }

    /** Asks for one; it is made in the background. */
    Export request(Caller caller, UUID id) {
        String clientId = caller.clientId();
        UUID exportId = ids.next();
        return transactions.call(clientId, () -> {
            UUID customerId = store.root(id).orElseThrow(() -> ProblemException.notFound("customer", id));
            if (store.erasure(customerId).filter(it -> it.endedAt() == null).isPresent()) {
                throw ProblemException.conflict("customer " + id + " is being erased");
            }
            store.insertExport(clientId, exportId, customerId, caller.asActor(), now());
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
            return store.export(exportId).orElseThrow();
        });
    }

    Optional<Export> find(String clientId, UUID exportId) {
        return transactions.call(clientId, () -> store.export(exportId));
    }

    /** The file of an export that is ready. */
    Optional<InputStream> open(String clientId, UUID exportId) {
        return blobs.open(BlobStore.keyOf(clientId, exportId), 0);
    }

    /** Gathers it, or does nothing if it is not wanted any more. */
    long gather(String clientId, Export export) throws IOException {
        Path file = Files.createTempFile("export", ".zip");
        try {
            try (OutputStream to = Files.newOutputStream(file);
                    ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8)) {
                write(clientId, export.customerId(), zip);
            }
            try (InputStream content = Files.newInputStream(file)) {
                blobs.put(BlobStore.keyOf(clientId, export.exportId()), content);
            }
            return Files.size(file);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void write(String clientId, UUID customerId, ZipOutputStream zip) throws IOException {
        entry(zip, "customer.json", transactions.call(clientId, () -> store.json(PERSON, customerId)));
        for (UUID ticketId : transactions.call(clientId, () -> store.tickets(customerId))) {
            String folder = "tickets/" + ticketId + "/";
            entry(zip, folder + "ticket.json", transactions.call(clientId, () -> store.json(TICKET, ticketId)));
            for (TicketFile file : attachments.ofTicket(clientId, ticketId)) {
                Optional<InputStream> bytes = attachments.open(clientId, file.fileId());
                if (bytes.isPresent()) {
                    try (InputStream content = bytes.get()) {
                        zip.putNextEntry(new ZipEntry(folder + "files/" + file.fileId() + "-" + file.fileName()));
                        content.transferTo(zip);
                        zip.closeEntry();
                    }
                }
            }
        }
    }

    private static void entry(ZipOutputStream zip, String name, List<String> rows) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(String.join("\n", rows).getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
