package io.opsrelay.ingestion.attachment;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.ingestion.blob.BlobStoreException;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Where every door hands its files in. First a file's bytes are stored, outside any transaction; then it is attached in
 * the transaction that stores the message it came with. What is never attached goes after a day.
 */
@Component
public class Attachments {

    private static final Logger LOG = LoggerFactory.getLogger(Attachments.class);

    private final ClientTransactions transactions;
    private final AttachmentStore store;
    private final BlobStore blobs;
    private final AttachmentProperties properties;
    private final Jobs jobs;
    private final MeterRegistry meters;
    private final Ids ids;
    private final Clock clock;

    Attachments(
            ClientTransactions transactions,
            AttachmentStore store,
            BlobStore blobs,
            AttachmentProperties properties,
            Jobs jobs,
            MeterRegistry meters,
            Ids ids,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.blobs = blobs;
        this.properties = properties;
        this.jobs = jobs;
        this.meters = meters;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Stores a file's bytes as they come; a few kilobytes of them are in memory (in S3's case 5 MiB). If this throws,
     * nothing of the file is kept.
     *
     * @param fileName as the sender calls it; made safe
     * @param mediaType as the sender calls it, which decides nothing that the bytes decide
     * @param content read to its end, not closed
     * @throws FileTooLargeException if it has more bytes than a file may have
     * @throws FileRefusedException if files of its kind are not taken
     * @throws IOException of {@code content}, as it is
     * @throws BlobStoreException if the store of bytes cannot take it now
     * @throws IllegalStateException inside a transaction, which the reading of a file would keep open for long
     */
    public StoredFile store(String clientId, @Nullable String fileName, @Nullable String mediaType, InputStream content)
            throws IOException {
        return store(clientId, fileName, content, read -> {
            Reading reading = new Reading(read, properties.maxSize().toBytes());
            byte[] head = reading.readNBytes(MediaTypes.HEAD);
            String found = MediaTypes.of(head, FileNames.safe(fileName), mediaType);
            if (!properties.takes(found)) {
                throw new FileRefusedException("must not be of the type " + found);
            }
            return new Opened(found, head, reading);
        });
    }

    /**
     * Stores what files were taken out of, as it came: whatever its size and kind, since each door bounds what it takes.
     *
     * @param mediaType is believed
     * @throws IOException of {@code content}, as it is
     * @throws BlobStoreException if the store of bytes cannot take it now
     * @throws IllegalStateException inside a transaction
     */
    public StoredFile storeOriginal(String clientId, String fileName, String mediaType, InputStream content)
            throws IOException {
        return store(
                clientId,
                fileName,
                content,
                read -> new Opened(mediaType, new byte[0], new Reading(read, Long.MAX_VALUE)));
    }

    /** A file of which the beginning was looked at. */
    private record Opened(String mediaType, byte[] head, Reading rest) {}

    /** Looks at the beginning of a file. */
    @FunctionalInterface
    private interface Opening {
        Opened of(InputStream content) throws IOException;
    }

    private StoredFile store(String clientId, @Nullable String fileName, InputStream content, Opening opening)
            throws IOException {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("files are stored before the transaction that attaches them");
        }
        UUID fileId = ids.next();
        String name = FileNames.safe(fileName);
        transactions.run(clientId, () -> {
            store.begin(clientId, fileId, name, clock.instant().truncatedTo(ChronoUnit.MICROS));
            jobs.addLater(
                    FileJobs.QUEUE,
                    clientId,
                    FileJobs.keyOf(FileJobs.SWEEP, fileId),
                    FileJobs.SWEEP,
                    fileId,
                    properties.orphansAfter());
        });
        String outcome = "failed";
        try {
            StoredFile file = put(clientId, fileId, name, opening.of(content));
            transactions.run(clientId, () -> store.complete(file));
            outcome = "stored";
            AttachmentMetric.BYTES.add(meters, (double) file.size());
            return file;
        } catch (FileRefusedException e) {
            outcome = "refused";
            throw e;
        } catch (IOException e) {
            outcome = "cut";
            throw e;
        } finally {
            AttachmentMetric.FILES.add(meters, 1, "outcome", outcome);
            if (!outcome.equals("stored")) {
                discard(clientId, List.of(fileId));
            }
        }
    }

    private StoredFile put(String clientId, UUID fileId, String name, Opened file) throws IOException {
        Reading rest = file.rest();
        blobs.put(
                BlobStore.keyOf(clientId, fileId),
                new SequenceInputStream(new ByteArrayInputStream(file.head()), rest));
        return new StoredFile(fileId, name, file.mediaType(), rest.size(), rest.sha256Hex());
    }

    /**
     * Attaches stored files to a message, in the running transaction of that client.
     *
     * @throws TooManyFilesException if the message would have more than one may have
     * @throws IllegalArgumentException if one of them is not the client's, is not whole, or is attached already
     */
    public void attach(String clientId, UUID ticketId, UUID messageId, List<StoredFile> files) {
        if (!files.isEmpty()) {
            attachOnce(clientId, ticketId, messageId, files, null);
        }
    }

    /**
     * Attaches like {@link #attach}, unless the same request has done it before.
     *
     * @param key names the request; null for one that nobody sends again
     * @return the ids of these files, or of those that the request attached before: these here are left alone then
     */
    List<UUID> attachOnce(
            String clientId, UUID ticketId, UUID messageId, List<StoredFile> files, @Nullable String key) {
        return transactions.call(clientId, () -> {
            int count = store.countAndLock(ticketId, messageId);
            List<UUID> earlier = store.ofRequest(messageId, key);
            if (!earlier.isEmpty()) {
                return earlier;
            }
            if (count + files.size() > properties.maxFiles()) {
                throw new TooManyFilesException(properties.maxFiles());
            }
            List<UUID> fileIds = files.stream().map(StoredFile::fileId).toList();
            if (store.attach(ticketId, messageId, fileIds, key) != files.size()) {
                throw new IllegalArgumentException("not all of these files can be attached: " + fileIds);
            }
            return fileIds;
        });
    }

    /** Files that a request of that name attached to the message; none without a name. */
    List<UUID> ofRequest(String clientId, UUID messageId, @Nullable String key) {
        return key == null ? List.of() : transactions.call(clientId, () -> store.ofRequest(messageId, key));
    }

    /** The files of a ticket, oldest first; joins a transaction of that client. */
    public List<TicketFile> ofTicket(String clientId, UUID ticketId) {
        return transactions.call(clientId, () -> store.ofTicket(ticketId));
    }

    /**
     * The bytes of a file; the caller closes them.
     *
     * @return empty if the client has no such file
     * @throws BlobStoreException if the store of bytes cannot answer now
     */
    public Optional<InputStream> open(String clientId, UUID fileId) {
        return open(clientId, fileId, 0);
    }

    Optional<InputStream> open(String clientId, UUID fileId, long from) {
        if (!transactions.call(clientId, () -> store.isWhole(fileId))) {
            return Optional.empty();
        }
        Optional<InputStream> bytes = blobs.open(BlobStore.keyOf(clientId, fileId), from);
        if (bytes.isEmpty()) {
            AttachmentMetric.LOST.add(meters, 1);
            LOG.error("The bytes of file {} of client {} are not in the store", fileId, clientId);
        }
        return bytes;
    }

    /** Removes files that were stored and will not be attached. What fails here is done by the sweep. */
    public void discard(String clientId, List<UUID> fileIds) {
        for (UUID fileId : fileIds) {
            try {
                if (transactions.call(clientId, () -> store.condemn(fileId))) {
                    blobs.delete(BlobStore.keyOf(clientId, fileId));
                    transactions.run(clientId, () -> store.forget(fileId));
                }
            } catch (RuntimeException e) {
                LOG.warn("File {} is left to the sweep: {}", fileId, e.getMessage());
            }
        }
    }

    /** Removes all files of a ticket, in the running transaction of that client; their bytes go after its commit. */
    public void removeOfTicket(String clientId, UUID ticketId) {
        transactions.run(clientId, () -> store.forgetOfTicket(ticketId)
                .forEach(fileId -> jobs.add(
                        FileJobs.QUEUE, clientId, FileJobs.keyOf(FileJobs.DELETE, fileId), FileJobs.DELETE, fileId)));
    }
}
