package io.opsrelay.approval.request;

import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
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

    private static final String APPROVAL = "approval";

    private final ClientTransactions transactions;
    private final ApprovalStore store;
    private final ApprovalStats stats;
    private final Decisions decisions;
    private final Clock clock;

    ApprovalController(
            ClientTransactions transactions,
            ApprovalStore store,
            ApprovalStats stats,
            Decisions decisions,
            Clock clock) {
        this.transactions = transactions;
        this.store = store;
        this.stats = stats;
        this.decisions = decisions;
        this.clock = clock;
    }

    @GetMapping
    Page<ApprovalResource> list(
            Caller caller,
            PageRequest page,
            @RequestParam(required = false) @DescribedAs(ApprovalState.Status.class) @Nullable String status,
            @RequestParam(name = "action_type", required = false) @Nullable String actionType,
            @RequestParam(required = false) @Nullable String rule,
            @RequestParam(required = false) @Nullable String requester,
            @RequestParam(name = "decided_by", required = false) @Nullable String decidedBy,
            @RequestParam(name = "action_id", required = false) @Nullable UUID actionId,
            @RequestParam(name = "ticket_id", required = false) @Nullable UUID ticketId,
            @RequestParam(required = false) @DescribedAs(oneOf = {"approver", "sre", "admin"}) @Nullable String role,
            @RequestParam(defaultValue = "false") boolean mine,
            @RequestParam(name = "created_from", required = false) @DescribedAs(Instant.class) @Nullable String from,
            @RequestParam(name = "created_to", required = false) @DescribedAs(Instant.class) @Nullable String to) {
        ApprovalFilter filter = new ApprovalFilter(
                ApprovalFilter.statusOf(status),
                actionType,
                rule,
                requester,
                decidedBy,
                actionId,
                ticketId,
                ApprovalFilter.roleOf(role),
                mine ? caller : null,
                ApprovalFilter.timeOf("created_from", from),
                ApprovalFilter.timeOf("created_to", to),
                clock.instant());
        List<Approval> found = transactions.read(caller.clientId(), () -> store.list(filter, page));
        return Page.of(
                found.stream().map(this::shown).toList(),
                page.limit(),
                item -> new Cursor(item.createdAt(), item.approvalId()));
    }

    /** How requests fared: counts, rates, time to decision. */
    @GetMapping("/stats")
    ApprovalStats.Stats stats(
            Caller caller,
            @RequestParam(required = false) @DescribedAs(Instant.class) @Nullable String from,
            @RequestParam(required = false) @DescribedAs(Instant.class) @Nullable String to) {
        return transactions.read(
                caller.clientId(),
                () -> stats.of(ApprovalFilter.timeOf("from", from), ApprovalFilter.timeOf("to", to), clock.instant()));
    }

    /** How many wait for a person now, and those that have waited longest. */
    @GetMapping("/waiting")
    Waiting waiting(Caller caller, @RequestParam(required = false) @DescribedAs(Integer.class) @Nullable String limit) {
        int most = PageRequest.limitOf(limit);
        return transactions.read(caller.clientId(), () -> {
            ApprovalStats.Queue queue = stats.queue(clock.instant());
            return new Waiting(
                    queue.count(),
                    queue.expiringSoon(),
                    store.longestWaiting(most).stream().map(this::shown).toList());
        });
    }

    @GetMapping("/{id}")
    ResponseEntity<ApprovalResource> one(Caller caller, @PathVariable String id) {
        return answer(transactions.read(caller.clientId(), () -> found(id)));
    }

    /** The requests for all preparations of the action, the first one first. */
    @GetMapping("/{id}/versions")
    Versions versions(Caller caller, @PathVariable String id) {
        return new Versions(transactions
                .read(caller.clientId(), () -> store.versions(found(id).actionId()))
                .stream()
                .map(this::shown)
                .toList());
    }

    @PostMapping({"/{id}/decide", "/{id}"})
    @RequiresRole({Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<ApprovalResource> decide(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody DecisionRequest decision) {
        return answer(decisions.decide(caller, PageRequest.idOf(APPROVAL, id), decision, EntityTags.of(ifMatch)));
    }

    @PostMapping("/{id}/claim")
    @RequiresRole({Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<ApprovalResource> claim(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody(required = false) @Nullable ClaimRequest claim) {
        boolean force = claim != null && Boolean.TRUE.equals(claim.force());
        return answer(decisions.claim(caller, PageRequest.idOf(APPROVAL, id), force, EntityTags.of(ifMatch)));
    }

    @PostMapping("/{id}/release")
    @RequiresRole({Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<ApprovalResource> release(
            Caller caller,
            @PathVariable String id,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch) {
        return answer(decisions.release(caller, PageRequest.idOf(APPROVAL, id), EntityTags.of(ifMatch)));
    }

    private Approval found(String id) {
        return store.find(PageRequest.idOf(APPROVAL, id)).orElseThrow(() -> ProblemException.notFound(APPROVAL, id));
    }

    private ApprovalResource shown(Approval approval) {
        return ApprovalResource.of(approval, clock.instant());
    }

    private ResponseEntity<ApprovalResource> answer(Approval approval) {
        return ResponseEntity.ok().eTag(EntityTags.tagOf(approval.revision())).body(shown(approval));
    }

    /**
     * The queue in short.
     *
     * @param count all that wait, whatever {@code limit} says
     * @param expiringSoon those of them whose time ends within the next ten minutes
     * @param items the longest waiting first, at most {@code limit}
     */
    record Waiting(long count, long expiringSoon, List<ApprovalResource> items) {}

    /** The requests for one action. */
    record Versions(List<ApprovalResource> items) {}
}
