package io.opsrelay.ingestion.email.body;

import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.blob.BlobStoreException;
import io.opsrelay.ingestion.email.body.MailBodies.Kept;
import io.opsrelay.ingestion.mime.MailHtml;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.Audit;
import io.opsrelay.security.audit.AuditEntry;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriUtils;

/** A mail on a ticket as its sender made it. */
@RestController
@RequestMapping("/api/v1/tickets/{id}/messages/{message_id}")
class MailBodyEndpoint {

    private static final String MAIL = "mail";
    private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
    private static final MediaType RFC822 = MediaType.parseMediaType("message/rfc822");
    private static final String NO_SNIFFING = "X-Content-Type-Options";

    private final MailBodies bodies;
    private final Attachments attachments;
    private final ClientTransactions transactions;
    private final ObjectProvider<Audit> audit;

    MailBodyEndpoint(
            MailBodies bodies, Attachments attachments, ClientTransactions transactions, ObjectProvider<Audit> audit) {
        this.bodies = bodies;
        this.attachments = attachments;
        this.transactions = transactions;
        this.audit = audit;
    }

    /**
     * A page for a sandboxed frame: it runs nothing, and loads nothing but its own images.
     *
     * @param remoteImages whether images on others' servers are loaded, too, which tells those servers of it
     */
    @GetMapping("/html")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<String> html(
            Caller caller,
            @PathVariable("id") String id,
            @PathVariable("message_id") String messageId,
            @RequestParam(name = "remote_images", defaultValue = "false") boolean remoteImages) {
        Kept kept = find(caller, id, messageId);
        String html = kept.body().html();
        if (html == null) {
            throw ProblemException.notFound("HTML of " + MAIL, messageId);
        }
        String files = "/api/v1/tickets/" + kept.ticketId() + "/attachments/";
        Map<String, UUID> inline = kept.body().inline();
        String shown = MailHtml.shown(
                html,
                contentId -> {
                    UUID file = inline.getOrDefault(contentId, inline.get(decoded(contentId)));
                    return file == null ? null : files + file;
                },
                remoteImages);
        String policy = "default-src 'none'; img-src 'self' data:" + (remoteImages ? " https:" : "")
                + "; style-src 'unsafe-inline'";
        return ResponseEntity.ok()
                .contentType(HTML)
                .header("Content-Security-Policy", "sandbox; " + policy)
                .header(NO_SNIFFING, "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .header(HttpHeaders.CACHE_CONTROL, "private, no-store")
                .body(page(policy, shown));
    }

    /** As addresses in pages write what is no letter. */
    private static String decoded(String contentId) {
        try {
            return UriUtils.decode(contentId, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return contentId;
        }
    }

    /** The same rules stand in the page: who shows it from memory has no headers. */
    private static String page(String policy, String shown) {
        return """
                <!DOCTYPE html>
                <html><head><meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="referrer" content="no-referrer">
                <style>img[data-remote-src]{min-width:24px;min-height:24px;outline:1px dashed #999}</style>
                </head><body>
                """.formatted(policy) + shown + "\n</body></html>\n";
    }

    /** Byte for byte, to be saved and not to be shown. Who did so stands in the audit log. */
    @GetMapping("/original")
    @RequiresRole({Role.AGENT, Role.ADMIN})
    void original(
            Caller caller,
            @PathVariable("id") String id,
            @PathVariable("message_id") String messageId,
            HttpServletResponse response)
            throws IOException {
        Kept kept = find(caller, id, messageId);
        UUID file = kept.body().original();
        if (file == null) {
            throw ProblemException.notFound("original of " + MAIL, messageId);
        }
        try (InputStream content = attachments
                .open(caller.clientId(), file)
                .orElseThrow(() -> ProblemException.notFound("original of " + MAIL, messageId))) {
            transactions.run(
                    caller.clientId(),
                    () -> audit.ifAvailable(log -> log.record(
                            caller.clientId(),
                            new AuditEntry(
                                    caller.asActor(),
                                    "mail.original_read",
                                    "message",
                                    messageId,
                                    kept.ticketId(),
                                    null,
                                    Map.of(),
                                    Map.of()))));
            response.setContentType(RFC822.toString());
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + UUID.fromString(messageId) + ".eml\"");
            response.setHeader(NO_SNIFFING, "nosniff");
            response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
            content.transferTo(response.getOutputStream());
        } catch (BlobStoreException e) {
            throw ProblemException.unavailable("files cannot be read now; try again");
        }
    }

    private Kept find(Caller caller, String id, String messageId) {
        UUID ticketId = PageRequest.idOf("ticket", id);
        UUID wanted = PageRequest.idOf(MAIL, messageId);
        return transactions
                .read(caller.clientId(), () -> bodies.find(ticketId, wanted))
                .orElseThrow(() -> ProblemException.notFound(MAIL, messageId));
    }
}
