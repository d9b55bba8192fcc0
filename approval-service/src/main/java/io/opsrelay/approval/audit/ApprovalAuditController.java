package io.opsrelay.approval.audit;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.audit.AuditFilter;
import io.opsrelay.security.audit.AuditPages;
import io.opsrelay.security.audit.AuditResource;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The audit log of approvals over HTTP. */
@RestController
@RequestMapping("/api/v1/approvals/audit")
@RequiresRole(Role.ADMIN)
class ApprovalAuditController {

    private final AuditPages pages;

    ApprovalAuditController(AuditPages pages) {
        this.pages = pages;
    }

    @GetMapping
    Page<AuditResource> listApprovalAudit(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @Nullable String actor,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String subject,
            @RequestParam(name = "ticket_id", required = false) @Nullable UUID ticketId,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to) {
        return pages.page(caller.clientId(), new AuditFilter(actor, action, subject, ticketId, from, to), page);
    }

    @GetMapping("/export")
    void exportApprovalAudit(
            Caller caller,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            HttpServletResponse response)
            throws IOException {
        pages.export(caller.clientId(), from, to, response);
    }
}
