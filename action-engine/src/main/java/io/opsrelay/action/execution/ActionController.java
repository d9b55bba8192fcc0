package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Status;
import io.opsrelay.action.execution.ActionStore.Step;
import io.opsrelay.action.execution.ActionStore.StepOf;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The action log over HTTP. */
@RestController
@RequestMapping("/api/v1/actions")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ActionController {

    private static final int LONGEST_REASON = 500;

    private final ClientTransactions transactions;
    private final ActionStore store;
    private final Interventions interventions;

    ActionController(ClientTransactions transactions, ActionStore store, Interventions interventions) {
        this.transactions = transactions;
        this.store = store;
        this.interventions = interventions;
    }

    /** Those that match all filters, newest first. */
    @GetMapping
    Page<ActionResource> list(
            Caller caller,
            PageRequest page,
            @RequestParam(name = "ticket_id", required = false) @Nullable UUID ticketId,
            @RequestParam(required = false) @DescribedAs(Status.class) @Nullable String status,
            @RequestParam(name = "action_type", required = false) @Nullable String actionType,
            @RequestParam(required = false) @Nullable String target,
            @RequestParam(required = false) @Nullable String requester,
            @RequestParam(required = false) @Nullable String provider,
            @RequestParam(name = "created_from", required = false) @Nullable Instant createdFrom,
            @RequestParam(name = "created_to", required = false) @Nullable Instant createdTo) {
        ActionFilter filter = new ActionFilter(
                ticketId, statusOf(status), actionType, target, requester, provider, createdFrom, createdTo);
        return transactions.read(caller.clientId(), () -> {
            Page<Action> found = Page.of(
                    store.list(filter, page),
                    page.limit(),
                    action -> new Cursor(action.createdAt(), action.actionId()));
            return new Page<>(resources(found.items()), found.nextCursor());
        });
    }

    @GetMapping("/{id}")
    ActionResource one(Caller caller, @PathVariable String id) {
        UUID actionId = PageRequest.idOf("action", id);
        return transactions.read(caller.clientId(), () -> {
            Action action = store.find(actionId).orElseThrow(() -> ProblemException.notFound("action", id));
            return resources(List.of(action)).getFirst();
        });
    }

    /** Calls it off, as long as its provider has not been called. */
    @PostMapping("/{id}/cancel")
    @RequiresRole({Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ActionResource cancel(Caller caller, @PathVariable String id, @RequestBody Reason body) {
        interventions.cancel(caller, PageRequest.idOf("action", id), reasonOf(body.reason()));
        return one(caller, id);
    }

    /** Tries anew what failed: as an action of its own, which is prepared and decided anew. */
    @PostMapping("/{id}/retry")
    @RequiresRole({Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<ActionResource> retry(Caller caller, @PathVariable String id) {
        UUID retry = interventions.retry(caller, PageRequest.idOf("action", id));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/actions/" + retry))
                .body(one(caller, retry.toString()));
    }

    /** Says what became of an action whose provider does not tell. */
    @PostMapping("/{id}/settle")
    @RequiresRole(Role.ADMIN)
    ActionResource settle(Caller caller, @PathVariable String id, @RequestBody Outcome body) {
        boolean done = "done".equals(body.outcome());
        if (!done && !"not_done".equals(body.outcome())) {
            throw ProblemException.unprocessable("outcome", "must be done or not_done");
        }
        interventions.settle(caller, PageRequest.idOf("action", id), done, reasonOf(body.reason()));
        return one(caller, id);
    }

    private static String reasonOf(@Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw ProblemException.unprocessable(
                    "reason", "is required, with at most " + LONGEST_REASON + " characters: others must know why");
        }
        return reason.strip();
    }

    record Reason(@Nullable String reason) {}

    /** @param outcome done or not_done */
    record Outcome(
            @DescribedAs(oneOf = {"done", "not_done"}) @Nullable
            String outcome,

            @Nullable String reason) {}

    private List<ActionResource> resources(List<Action> actions) {
        Map<UUID, List<Step>> steps = store
                .steps(actions.stream().map(Action::actionId).toList())
                .stream()
                .collect(
                        Collectors.groupingBy(StepOf::actionId, Collectors.mapping(StepOf::step, Collectors.toList())));
        return actions.stream()
                .map(action -> ActionResource.of(action, steps.getOrDefault(action.actionId(), List.of())))
                .toList();
    }

    private static @Nullable Status statusOf(@Nullable String name) {
        if (name == null) {
            return null;
        }
        return Arrays.stream(Status.values())
                .filter(status -> status.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> ProblemException.badRequest(
                        "status",
                        "must be one of "
                                + Arrays.stream(Status.values())
                                        .map(Status::wireName)
                                        .collect(Collectors.joining(", "))));
    }
}
