package io.opsrelay.approval.request;

import io.opsrelay.approval.request.ApprovalState.Status;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Approvals over HTTP. */
@RestController
@RequestMapping("/api/v1/approvals")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ApprovalController {

    private final ClientTransactions transactions;
    private final ApprovalStore store;
    private final Approvals approvals;

    ApprovalController(ClientTransactions transactions, ApprovalStore store, Approvals approvals) {
        this.transactions = transactions;
        this.store = store;
        this.approvals = approvals;
    }

    @GetMapping
    Page<ApprovalResource> list(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "action_id", required = false) @Nullable UUID actionId,
            @RequestParam(name = "ticket_id", required = false) @Nullable UUID ticketId) {
        Status wanted = statusOf(status);
        List<Approval> found = transactions.read(caller.clientId(), () -> store.list(wanted, actionId, ticketId, page));
        return Page.of(
                found.stream().map(ApprovalResource::of).toList(),
                page.limit(),
                item -> new Cursor(item.createdAt(), item.approvalId()));
    }

    @GetMapping("/{id}")
    ResponseEntity<ApprovalResource> one(Caller caller, @PathVariable String id) {
        UUID approvalId = PageRequest.idOf("approval", id);
        return answer(transactions
                .read(caller.clientId(), () -> store.find(approvalId))
                .orElseThrow(() -> ProblemException.notFound("approval", id)));
    }

    @PostMapping({"/{id}/decide", "/{id}"})
    @RequiresRole({Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<ApprovalResource> decide(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody DecisionRequest decision) {
        return answer(approvals.decide(caller, PageRequest.idOf("approval", id), decision, EntityTags.of(ifMatch)));
    }

    private static ResponseEntity<ApprovalResource> answer(Approval approval) {
        return ResponseEntity.ok().eTag(EntityTags.tagOf(approval.revision())).body(ApprovalResource.of(approval));
    }

    private static @Nullable Status statusOf(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(Status.values())
                .filter(status -> status.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        "status",
                        "must be one of "
                                + Arrays.stream(Status.values())
                                        .map(status -> status.name().toLowerCase(Locale.ROOT))
                                        .collect(Collectors.joining(", "))));
    }
}
