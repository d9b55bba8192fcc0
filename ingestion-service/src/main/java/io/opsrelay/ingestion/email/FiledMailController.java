package io.opsrelay.ingestion.email;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Mails that nobody works on, for people. */
@RestController
@RequestMapping("/api/v1/mails/filed")
@RequiresRole({Role.AGENT, Role.ADMIN})
class FiledMailController {

    static final String WHAT = "filed mail";

    private final FiledMails mails;

    FiledMailController(FiledMails mails) {
        this.mails = mails;
    }

    /** Newest first. */
    @GetMapping
    Page<FiledMailResource> list(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @Nullable String reason,
            @RequestParam(required = false) @Nullable String state) {
        if (state != null && !List.of("filed", "accepted").contains(state)) {
            throw ProblemException.badRequest("state", "must be filed or accepted");
        }
        List<FiledMailResource> found = mails.list(caller.clientId(), reason, state, page).stream()
                .map(FiledMailResource::of)
                .toList();
        return Page.of(found, page.limit(), mail -> new Cursor(mail.createdAt(), mail.filedId()));
    }

    @GetMapping("/{id}")
    FiledMailResource one(Caller caller, @PathVariable String id) {
        return FiledMailResource.of(mails.one(caller.clientId(), PageRequest.idOf(WHAT, id)));
    }

    /** The whole mail, byte for byte, to be saved and not to be shown. */
    @GetMapping("/{id}/original")
    void original(Caller caller, @PathVariable String id, HttpServletResponse response) throws IOException {
        FiledMail mail = mails.one(caller.clientId(), PageRequest.idOf(WHAT, id));
        response.setContentType("application/octet-stream");
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"" + mail.filedId() + ".eml\"");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLengthLong(mail.size());
        // First out of the database, then over the caller's line, which may be slow.
        try (Spool raw = mails.original(caller.clientId(), mail);
                InputStream in = raw.open()) {
            in.transferTo(response.getOutputStream());
        }
    }

    /** Makes a ticket of it; the same again answers with the same ticket. */
    @PostMapping(path = "/{id}/accept", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<AcceptedResource> accept(Caller caller, @PathVariable String id, @RequestBody Acceptance acceptance)
            throws IOException {
        UUID ticketId = mails.accept(caller, PageRequest.idOf(WHAT, id), acceptance.customerEmail());
        return ResponseEntity.ok()
                .location(URI.create("/api/v1/tickets/" + ticketId))
                .body(new AcceptedResource(ticketId));
    }

    /** @param customerEmail whose ticket it becomes; needed only where the mail names no sender */
    record Acceptance(@Nullable String customerEmail) {}

    /** The ticket. */
    record AcceptedResource(UUID ticketId) {}

    /** A filed mail as the API shows it. */
    record FiledMailResource(
            UUID filedId,
            String reason,
            @Nullable String detail,
            String state,
            @Nullable String sender,
            boolean senderVerified,
            String subject,
            String preview,
            String messageId,
            String channelId,
            @Nullable UUID ticketId,
            @Nullable String acceptedBy,
            @Nullable UUID acceptedAs,
            long size,
            Instant createdAt) {

        static FiledMailResource of(FiledMail mail) {
            return new FiledMailResource(
                    mail.filedId(),
                    mail.reason(),
                    mail.detail(),
                    mail.acceptedBy() == null ? "filed" : "accepted",
                    mail.sender(),
                    mail.verified(),
                    mail.subject(),
                    mail.preview(),
                    mail.rfc822Id(),
                    mail.channelId(),
                    mail.ticketId(),
                    mail.acceptedBy(),
                    mail.acceptedAs(),
                    mail.size(),
                    mail.createdAt());
        }
    }
}
