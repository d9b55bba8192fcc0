package io.opsrelay.action.execution;

import io.opsrelay.action.execution.ActionState.Status;
import io.opsrelay.action.execution.ActionStore.Step;
import io.opsrelay.action.execution.ActionStore.StepOf;
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
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The action log over HTTP. */
@RestController
@RequestMapping("/api/v1/actions")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class ActionController {

    private final ClientTransactions transactions;
    private final ActionStore store;

    ActionController(ClientTransactions transactions, ActionStore store) {
        this.transactions = transactions;
        this.store = store;
    }

    @GetMapping
    Page<ActionResource> list(
            Caller caller,
            PageRequest page,
            @RequestParam(name = "ticket_id", required = false) @Nullable UUID ticketId,
            @RequestParam(required = false) @Nullable String status,
            @RequestParam(name = "action_type", required = false) @Nullable String actionType) {
        Status wanted = statusOf(status);
        return transactions.read(caller.clientId(), () -> {
            Page<Action> found = Page.of(
                    store.list(ticketId, wanted, actionType, page),
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
