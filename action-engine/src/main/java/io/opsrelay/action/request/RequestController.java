package io.opsrelay.action.request;

import io.opsrelay.action.catalogue.ActionKind;
import io.opsrelay.action.catalogue.Catalogue;
import io.opsrelay.action.catalogue.CategoryRoles;
import io.opsrelay.action.catalogue.Proposal;
import io.opsrelay.action.catalogue.Traits;
import io.opsrelay.action.execution.ActionRequests;
import io.opsrelay.action.execution.EditedActions;
import io.opsrelay.contracts.SchemaCheck;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Actions of any type, asked for by people. What is wrong in form is refused here and begins nothing. */
@RestController
@RequestMapping("/api/v1/actions")
@RequiresRole({Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class RequestController {

    private static final int LONGEST_REASON = 500;

    private final Catalogue catalogue;
    private final ActionRequests requests;
    private final DryRun dryRun;
    private final EditedActions edited;

    RequestController(Catalogue catalogue, ActionRequests requests, DryRun dryRun, EditedActions edited) {
        this.catalogue = catalogue;
        this.requests = requests;
        this.dryRun = dryRun;
        this.edited = edited;
    }

    /** All types of actions that the client has. */
    @GetMapping("/catalogue")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Page<Entry> list(Caller caller) {
        return new Page<>(
                catalogue.all(caller.clientId()).stream()
                        .map(kind -> Entry.of(caller.clientId(), kind))
                        .toList(),
                null);
    }

    @PostMapping
    ResponseEntity<Receipt> request(
            Caller caller,
            @RequestHeader(name = ActionRequests.KEY_HEADER, required = false) @Nullable String key,
            @RequestBody Body body) {
        ActionKind kind = kindOf(caller, body);
        UUID actionId = requests.begin(
                caller,
                new ActionRequests.Wanted(
                        kind.type(),
                        checked(kind, body),
                        text("reason", body.reason()),
                        breakGlass(caller, body),
                        body.undoes()),
                key);
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/actions/" + actionId))
                .body(new Receipt(actionId, kind.type()));
    }

    /** What the same request would do, or an edit of what waits for a decision. */
    @PostMapping("/dry_run")
    DryRun.Outlook rehearse(Caller caller, @RequestBody Rehearsal body) {
        UUID actionId = body.actionId();
        if (actionId != null) {
            return rehearseEdit(caller, actionId, body);
        }
        Body asked = body.asked();
        ActionKind kind = kindOf(caller, asked);
        return dryRun.of(
                kind, new Proposal(caller.clientId(), checked(kind, asked), null), null, breakGlass(caller, asked));
    }

    /** Its type is the action's, its customer the one whose ticket that is, and guardrails hold for every edit. */
    private DryRun.Outlook rehearseEdit(Caller caller, UUID actionId, Rehearsal body) {
        if (!caller.hasAny(Role.APPROVER, Role.SRE, Role.ADMIN)) {
            throw ProblemException.forbidden("who decides may edit: approvers, SREs and admins");
        }
        EditedActions.Edited wanted = edited.of(caller.clientId(), actionId, given(body.arguments()));
        if (body.actionType() != null && !body.actionType().equals(wanted.actionType())) {
            throw ProblemException.unprocessable("action_type", "is that of the action: " + wanted.actionType());
        }
        if (body.breakGlass() != null) {
            throw ProblemException.unprocessable("break_glass", "is for requests: guardrails hold for every edit");
        }
        ActionKind kind = catalogue
                .find(caller.clientId(), wanted.actionType())
                .orElseThrow(() -> ProblemException.conflict(
                        "nothing here can do actions of the type " + wanted.actionType() + " any more"));
        requireForm(kind.traits().editableSchema(), given(body.arguments()));
        return dryRun.of(kind, wanted.proposal(), actionId, null);
    }

    private ActionKind kindOf(Caller caller, Body body) {
        String type = body.actionType();
        if (type == null) {
            throw ProblemException.unprocessable(
                    "action_type", "is required, as GET /api/v1/actions/catalogue names it");
        }
        ActionKind kind = catalogue
                .find(caller.clientId(), type)
                .orElseThrow(() -> ProblemException.unprocessable(
                        "action_type", "is not in the catalogue: see GET /api/v1/actions/catalogue"));
        Set<Role> roles = CategoryRoles.requesters(kind.traits().category());
        if (!CategoryRoles.hasOneOf(caller, roles)) {
            throw ProblemException.forbidden("to ask for %s you need one of the roles %s"
                    .formatted(type, String.join(", ", CategoryRoles.names(roles))));
        }
        return kind;
    }

    /** The reason stands among the arguments of those types that have one there. */
    private static Map<String, Object> checked(ActionKind kind, Body body) {
        Map<String, Object> arguments = given(body.arguments());
        Map<String, Object> schema = kind.traits().schema();
        String reason = text("reason", body.reason());
        if (reason != null
                && schema.get("properties") instanceof Map<?, ?> properties
                && properties.containsKey("reason")) {
            arguments.putIfAbsent("reason", reason);
        }
        requireForm(schema, arguments);
        return arguments;
    }

    private static Map<String, Object> given(@Nullable Map<String, @Nullable Object> arguments) {
        Map<String, Object> given = new LinkedHashMap<>();
        if (arguments != null) {
            arguments.forEach((name, value) -> {
                if (value != null) {
                    given.put(name, value);
                }
            });
        }
        return given;
    }

    private static void requireForm(Map<String, Object> schema, Map<String, Object> arguments) {
        Map<String, String> refusals = SchemaCheck.refusals(schema, arguments);
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
    }

    private static @Nullable String breakGlass(Caller caller, Body body) {
        String why = text("break_glass", body.breakGlass());
        if (why != null && !caller.hasAny(Role.ADMIN)) {
            throw ProblemException.forbidden("only an admin may set guardrails aside (break_glass)");
        }
        return why;
    }

    private static @Nullable String text(String field, @Nullable String value) {
        if (value == null) {
            return null;
        }
        if (value.isBlank() || value.length() > LONGEST_REASON) {
            throw ProblemException.unprocessable(
                    field, "must be a text that is not blank, with at most " + LONGEST_REASON + " characters");
        }
        return value.strip();
    }

    /**
     * What is asked for.
     *
     * @param actionType as the catalogue names it
     * @param reason why
     * @param breakGlass why guardrails shall be set aside; for admins only
     * @param undoes the action that this one undoes
     */
    record Body(
            @Nullable String actionType,
            @Nullable Map<String, @Nullable Object> arguments,
            @Nullable String reason,
            @Nullable String breakGlass,
            @Nullable UUID undoes) {}

    /**
     * What is rehearsed: a request, or an edit of an action that waits for a decision.
     *
     * @param actionId the action that would be edited; absent where the request would be a new one
     * @param actionType as the catalogue names it; with an action, that action's or absent
     * @param arguments of the request; with an action, those that would be other ones
     * @param reason why; not with an action
     * @param breakGlass why guardrails shall be set aside; for admins only, and not with an action
     * @param undoes the action that this one undoes; not with an action
     */
    record Rehearsal(
            @Nullable UUID actionId,
            @Nullable String actionType,
            @Nullable Map<String, @Nullable Object> arguments,
            @Nullable String reason,
            @Nullable String breakGlass,
            @Nullable UUID undoes) {

        Body asked() {
            return new Body(actionType, arguments, reason, breakGlass, undoes);
        }
    }

    /** What the requester keeps: the action can be followed under its id. */
    record Receipt(UUID actionId, String actionType) {}

    /**
     * A type of action.
     *
     * @param schema JSON Schema of its arguments
     * @param accepting whether it could be executed now; what is approved waits until it can
     * @param requesters roles that may ask for it
     */
    record Entry(
            String actionType,
            String category,
            String description,
            String risk,
            boolean reversible,
            Map<String, Object> schema,
            List<String> providers,
            boolean accepting,
            List<String> requesters) {

        static Entry of(String clientId, ActionKind kind) {
            Traits traits = kind.traits();
            return new Entry(
                    kind.type(),
                    traits.category(),
                    traits.description(),
                    traits.risk(),
                    traits.reversible(),
                    traits.schema(),
                    kind.providers(),
                    kind.accepting(clientId),
                    CategoryRoles.names(CategoryRoles.requesters(traits.category())));
        }
    }
}
