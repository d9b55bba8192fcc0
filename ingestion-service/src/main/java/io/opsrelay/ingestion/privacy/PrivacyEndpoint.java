package io.opsrelay.ingestion.privacy;

import io.opsrelay.ingestion.blob.BlobStoreException;
import io.opsrelay.ingestion.privacy.Erasure.Erased;
import io.opsrelay.ingestion.privacy.ExportStore.Export;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Export and erasure of a customer over HTTP. */
@RestController
@RequestMapping("/api/v1/customers/{id}")
@RequiresRole(Role.ADMIN)
class PrivacyEndpoint {

    private static final String CUSTOMER = "customer";
    private static final String EXPORT = "export";
    private static final int MAX_REASON = 1_000;

    private final Exports exports;
    private final Erasure erasure;

    PrivacyEndpoint(Exports exports, Erasure erasure) {
        this.exports = exports;
        this.erasure = erasure;
    }

    @PostMapping("/export")
    ResponseEntity<Export> export(Caller caller, @PathVariable("id") String id) {
        Export export = exports.request(caller, PageRequest.idOf(CUSTOMER, id));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/customers/" + export.customerId() + "/exports/" + export.exportId()))
                .body(export);
    }

    @GetMapping("/exports/{exportId}")
    Export one(Caller caller, @PathVariable("id") String id, @PathVariable("exportId") String exportId) {
        return found(caller, id, exportId);
    }

    @GetMapping("/exports/{exportId}/content")
    void content(
            Caller caller,
            @PathVariable("id") String id,
            @PathVariable("exportId") String exportId,
            HttpServletResponse response)
            throws IOException {
        Export export = found(caller, id, exportId);
        Long size = export.size();
        if (!export.isReady() || size == null) {
            throw ProblemException.conflict("the export is " + export.status() + "; only a ready one has content");
        }
        try (InputStream content = exports.open(caller.clientId(), export.exportId())
                .orElseThrow(() -> ProblemException.notFound(EXPORT, exportId))) {
            response.setContentType("application/zip");
            response.setContentLengthLong(size);
            response.setHeader(
                    HttpHeaders.CONTENT_DISPOSITION,
                    "attachment; filename=\"customer-" + export.customerId()
                            + (export.incomplete().isEmpty() ? "" : "-incomplete") + ".zip\"");
            response.setHeader("X-Content-Type-Options", "nosniff");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-store");
            content.transferTo(response.getOutputStream());
        } catch (BlobStoreException e) {
            throw ProblemException.unavailable("files cannot be read now; try again");
        }
    }

    private Export found(Caller caller, String id, String exportId) {
        UUID customerId = PageRequest.idOf(CUSTOMER, id);
        return exports.find(caller.clientId(), PageRequest.idOf(EXPORT, exportId))
                .filter(export -> export.customerId().equals(customerId))
                .orElseThrow(() -> ProblemException.notFound(EXPORT, exportId));
    }

    @PostMapping(path = "/erase", consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Erased> erase(Caller caller, @PathVariable("id") String id, @RequestBody Erase body) {
        Map<String, String> refusals = new LinkedHashMap<>();
        String confirm = body.confirm();
        String reason = body.reason();
        if (confirm == null || confirm.isBlank()) {
            refusals.put("confirm", "is required: the customer's address");
        }
        if (reason == null || reason.isBlank() || reason.length() > MAX_REASON || reason.indexOf('\0') >= 0) {
            refusals.put("reason", "must have 1 to " + MAX_REASON + " characters");
        }
        if (confirm == null || reason == null || !refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        Erased begun = erasure.erase(caller, PageRequest.idOf(CUSTOMER, id), confirm, reason.strip());
        return ResponseEntity.status(begun.isOver() ? HttpStatus.OK : HttpStatus.ACCEPTED)
                .location(URI.create("/api/v1/customers/" + begun.customerId() + "/erasure"))
                .body(begun);
    }

    @GetMapping("/erasure")
    Erased erasure(Caller caller, @PathVariable("id") String id) {
        return erasure.find(caller.clientId(), PageRequest.idOf(CUSTOMER, id))
                .orElseThrow(() -> ProblemException.notFound("erasure of customer", id));
    }

    /**
     * What is to be erased cannot be brought back.
     *
     * @param confirm the customer's address, repeated
     * @param reason kept in the audit log, for good
     */
    record Erase(@Nullable String confirm, @Nullable String reason) {}
}
