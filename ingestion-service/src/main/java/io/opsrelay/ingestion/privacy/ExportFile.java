package io.opsrelay.ingestion.privacy;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.TicketFile;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.ingestion.privacy.ExportStore.Making;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes the ZIP file of an export, ticket by ticket: what this service holds, and what the others have answered. */
@Component
class ExportFile {

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

    private static final Logger LOG = LoggerFactory.getLogger(ExportFile.class);

    private final ClientTransactions transactions;
    private final ExportStore store;
    private final PrivacyStore customers;
    private final Attachments attachments;
    private final BlobStore blobs;

    ExportFile(
            ClientTransactions transactions,
            ExportStore store,
            PrivacyStore customers,
            Attachments attachments,
            BlobStore blobs) {
        this.transactions = transactions;
        this.store = store;
        this.customers = customers;
        this.attachments = attachments;
        this.blobs = blobs;
    }

    /**
     * A file that was made.
     *
     * @param size bytes
     * @param missing tickets that a service has not answered about, by service
     */
    record Made(long size, SortedMap<String, List<UUID>> missing) {}

    /** Makes it, in place of one that was made before. */
    Made make(String clientId, Making export) throws IOException {
        SortedMap<String, List<UUID>> missing = new TreeMap<>();
        Path file = Files.createTempFile("export", ".zip");
        try {
            try (OutputStream to = Files.newOutputStream(file);
                    ZipOutputStream zip = new ZipOutputStream(to, StandardCharsets.UTF_8)) {
                write(clientId, export, zip, missing);
            }
            try (InputStream content = Files.newInputStream(file)) {
                blobs.put(BlobStore.keyOf(clientId, export.exportId()), content);
            }
            return new Made(Files.size(file), missing);
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private void write(String clientId, Making export, ZipOutputStream zip, SortedMap<String, List<UUID>> missing)
            throws IOException {
        List<String> person =
                transactions.call(clientId, () -> customers.json(PERSON, customers.rootOf(export.customerId())));
        entry(zip, "customer.json", bytes(person));
        for (UUID ticketId : transactions.call(clientId, () -> store.tickets(export.exportId()))) {
            String folder = "tickets/" + ticketId + "/";
            entry(
                    zip,
                    folder + "ticket.json",
                    bytes(transactions.call(clientId, () -> customers.json(TICKET, ticketId))));
            for (Holder holder : Holder.values()) {
                Optional<byte[]> answer = answer(clientId, export, ticketId, holder);
                if (answer.isPresent()) {
                    entry(zip, folder + holder.file(), answer.get());
                } else {
                    missing.computeIfAbsent(holder.service(), service -> new ArrayList<>())
                            .add(ticketId);
                }
            }
            files(clientId, ticketId, folder, zip);
        }
        if (!missing.isEmpty()) {
            entry(zip, "missing.json", ContractJson.mapper().writeValueAsBytes(Map.of("tickets_by_service", missing)));
        }
    }

    private void files(String clientId, UUID ticketId, String folder, ZipOutputStream zip) throws IOException {
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

    /** What a service has answered; empty if it has not, or if nobody can open that: then it is as good as not there. */
    private Optional<byte[]> answer(String clientId, Making export, UUID ticketId, Holder holder) {
        UUID exportId = export.exportId();
        String privateKey = export.privateKey();
        List<String> parts = transactions.call(clientId, () -> store.parts(exportId, ticketId, holder.service()));
        if (parts.isEmpty() || privateKey == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    SealedParts.open(privateKey, parts, ExportEvent.belongsTo(exportId, ticketId, holder.service())));
        } catch (IllegalArgumentException e) {
            LOG.warn(
                    "Export {}: what {} answered about ticket {} is left out", exportId, holder.service(), ticketId, e);
            return Optional.empty();
        }
    }

    private static byte[] bytes(List<String> rows) {
        return String.join("\n", rows).getBytes(StandardCharsets.UTF_8);
    }

    private static void entry(ZipOutputStream zip, String name, byte[] content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content);
        zip.closeEntry();
    }
}
