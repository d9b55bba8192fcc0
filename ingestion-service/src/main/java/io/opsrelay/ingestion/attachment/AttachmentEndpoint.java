package io.opsrelay.ingestion.attachment;

import io.opsrelay.ingestion.blob.BlobStoreException;
import io.opsrelay.messaging.Failpoint;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;

/** Files of a ticket over HTTP. */
@RestController
@RequestMapping("/api/v1/tickets/{id}/attachments")
class AttachmentEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(AttachmentEndpoint.class);
    private static final String TICKET = "ticket";
    private static final String MESSAGE = "message_id";
    private static final String KEY_HEADER = "Idempotency-Key";
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");

    private final Attachments attachments;
    private final AttachmentStore store;
    private final AttachmentProperties properties;
    private final ClientTransactions transactions;

    AttachmentEndpoint(
            Attachments attachments,
            AttachmentStore store,
            AttachmentProperties properties,
            ClientTransactions transactions) {
        this.attachments = attachments;
        this.store = store;
        this.properties = properties;
        this.transactions = transactions;
    }

    /** All files of the body or none. What was stored under the key before is answered again, the body unread. */
    @PostMapping
    @ResponseStatus(HttpStatus.CREATED)
    @RequiresRole({Role.AGENT, Role.ADMIN, Role.INGEST})
    Files upload(
            Caller caller,
            @PathVariable("id") String id,
            @RequestHeader(name = KEY_HEADER, required = false) @Nullable String key,
            HttpServletRequest request)
            throws IOException {
        String clientId = caller.clientId();
        UUID ticketId = PageRequest.idOf(TICKET, id);
        if (key != null && !KEY.matcher(key).matches()) {
            throw ProblemException.badRequest(KEY_HEADER, "must be 1 to 200 visible ASCII characters");
        }
        UUID messageId = message(clientId, ticketId, request.getQueryString());
        List<UUID> earlier = attachments.ofRequest(clientId, messageId, key);
        return files(
                clientId, ticketId, earlier.isEmpty() ? take(clientId, ticketId, messageId, key, request) : earlier);
    }

    private List<UUID> take(
            String clientId, UUID ticketId, UUID messageId, @Nullable String key, HttpServletRequest request)
            throws IOException {
        List<StoredFile> stored = new ArrayList<>();
        boolean attached = false;
        try {
            UploadReader.read(request, (field, name, type, content) -> {
                if (stored.size() == properties.maxFiles()) {
                    throw refused(field, new TooManyFilesException(properties.maxFiles()));
                }
                try {
                    stored.add(attachments.store(clientId, name, type, content));
                } catch (FileRefusedException e) {
                    throw refused(field, e);
                }
            });
            if (stored.isEmpty()) {
                throw ProblemException.badRequest("body", "holds no file");
            }
            List<UUID> ids = attach(clientId, ticketId, messageId, stored, key);
            // The same request was faster elsewhere: its files count, and these are discarded.
            attached = ids.contains(stored.getFirst().fileId());
            return ids;
        } catch (BlobStoreException e) {
            throw unavailable(e);
        } finally {
            if (!attached) {
                attachments.discard(
                        clientId, stored.stream().map(StoredFile::fileId).toList());
            }
        }
    }

    private Files files(String clientId, UUID ticketId, List<UUID> ids) {
        return new Files(attachments.ofTicket(clientId, ticketId).stream()
                .filter(file -> ids.contains(file.fileId()))
                .toList());
    }

    private List<UUID> attach(
            String clientId, UUID ticketId, UUID messageId, List<StoredFile> stored, @Nullable String key) {
        try {
            List<UUID> ids = transactions.call(clientId, () -> {
                List<UUID> attached = attachments.attachOnce(clientId, ticketId, messageId, stored, key);
                Failpoint.BEFORE_COMMIT.pass();
                return attached;
            });
            Failpoint.AFTER_COMMIT.pass();
            return ids;
        } catch (TooManyFilesException e) {
            throw refused("file", e);
        }
    }

    /** The message that the query names, or the ticket's first. Asking for a parameter would have the body read. */
    private UUID message(String clientId, UUID ticketId, @Nullable String query) {
        String wanted = query == null
                ? null
                : UriComponentsBuilder.newInstance()
                        .query(query)
                        .build()
                        .getQueryParams()
                        .getFirst(MESSAGE);
        return transactions.call(clientId, () -> {
            if (!store.hasTicket(ticketId)) {
                throw ProblemException.notFound(TICKET, ticketId);
            }
            return store.message(ticketId, wanted == null ? null : uuidOf(wanted))
                    .orElseThrow(() -> ProblemException.unprocessable(MESSAGE, "is not a message of this ticket"));
        });
    }

    private static UUID uuidOf(String text) {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw ProblemException.badRequest(MESSAGE, "is not the id of a message");
        }
    }

    @GetMapping
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Files list(Caller caller, @PathVariable("id") String id) {
        UUID ticketId = PageRequest.idOf(TICKET, id);
        return transactions.call(caller.clientId(), () -> {
            if (!store.hasTicket(ticketId)) {
                throw ProblemException.notFound(TICKET, ticketId);
            }
            return new Files(store.ofTicket(ticketId));
        });
    }

    @GetMapping("/{fileId}")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    void download(
            Caller caller,
            @PathVariable("id") String id,
            @PathVariable("fileId") String fileId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String clientId = caller.clientId();
        UUID ticketId = PageRequest.idOf(TICKET, id);
        UUID wanted = PageRequest.idOf("file", fileId);
        TicketFile file = transactions
                .call(clientId, () -> store.find(ticketId, wanted))
                .orElseThrow(() -> ProblemException.notFound("file", fileId));
        try {
            Download.of(file, request, response).send(from -> attachments
                    .open(clientId, wanted, from)
                    .orElseThrow(() -> ProblemException.notFound("file", fileId)));
        } catch (BlobStoreException e) {
            throw unavailable(e);
        }
    }

    private static ProblemException refused(String field, FileRefusedException e) {
        return e instanceof FileTooLargeException
                ? ProblemException.tooLarge(field, e.reason())
                : ProblemException.unprocessable(field, e.reason());
    }

    private static ProblemException unavailable(BlobStoreException e) {
        LOG.warn("The store of files is away or refuses: {}", e.getMessage());
        return ProblemException.unavailable("files cannot be kept or read now; nothing was changed, try again");
    }

    /** Of a ticket, or of an upload. */
    record Files(List<TicketFile> items) {

        Files {
            items = List.copyOf(items);
        }
    }
}
