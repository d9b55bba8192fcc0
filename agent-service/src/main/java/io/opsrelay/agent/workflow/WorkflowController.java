package io.opsrelay.agent.workflow;

import io.opsrelay.agent.model.Models;
import io.opsrelay.agent.owntool.OwnTools;
import io.opsrelay.agent.tool.Tool;
import io.opsrelay.agent.workflow.Workflows.Versioned;
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
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.DatabindException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Workflow settings over HTTP. */
@RestController
@RequestMapping("/api/v1/agent/workflow")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class WorkflowController {

    private final Workflows workflows;
    private final Models models;
    private final OwnTools ownTools;
    private final ClientTransactions transactions;
    private final JsonMapper json;
    private final Clock clock;

    WorkflowController(
            Workflows workflows,
            Models models,
            OwnTools ownTools,
            ClientTransactions transactions,
            JsonMapper json,
            Clock clock) {
        this.workflows = workflows;
        this.models = models;
        this.ownTools = ownTools;
        this.transactions = transactions;
        this.json = json;
        this.clock = clock;
    }

    @GetMapping
    ResponseEntity<Settings> get(Caller caller) {
        return answer(caller, transactions.read(caller.clientId(), workflows::newest));
    }

    /** What was set so far, newest first; a version is put back by putting its settings again. */
    @GetMapping("/versions")
    Page<Settings> versions(Caller caller, PageRequest page) {
        List<Versioned> found = transactions.read(caller.clientId(), () -> workflows.versions(page));
        Page<Versioned> versions =
                Page.of(found, page.limit(), last -> new Cursor(last.changedAt(), new UUID(0, last.version())));
        return new Page<>(
                versions.items().stream()
                        .map(version -> settings(caller, version))
                        .toList(),
                versions.nextCursor());
    }

    @PutMapping
    @RequiresRole(Role.ADMIN)
    ResponseEntity<Settings> put(
            Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody @DescribedAs(Workflow.class) JsonNode body) {
        Workflow wanted = read(body);
        if (wanted.usesModel() && models.named(wanted.engine()).isEmpty()) {
            TreeSet<String> names = new TreeSet<>(models.names());
            names.add(Workflow.LOCAL);
            throw ProblemException.unprocessable("engine", "must be one of " + String.join(", ", names));
        }
        checkTools(caller.clientId(), wanted);
        return answer(caller, transactions.call(caller.clientId(), () -> {
            long before = workflows.newest().map(Versioned::version).orElse(0L);
            if (!EntityTags.of(ifMatch).match(before)) {
                throw ProblemException.stale("the settings are at version " + before + " by now; read them again");
            }
            if (!workflows.add(caller.clientId(), before, wanted, caller.asActor(), clock.instant())) {
                throw ProblemException.conflict("somebody changed the settings at the same moment; read them again");
            }
            return workflows.newest();
        }));
    }

    private void checkTools(String clientId, Workflow wanted) {
        List<String> there = toolsOf(clientId);
        List<String> named = Objects.requireNonNullElse(wanted.tools(), List.of());
        for (int i = 0; i < named.size(); i++) {
            if (!there.contains(named.get(i))) {
                throw ProblemException.unprocessable("tools[" + i + "]", "must be one of " + String.join(", ", there));
            }
        }
    }

    private List<String> toolsOf(String clientId) {
        return Stream.concat(Arrays.stream(Tool.values()).map(Tool::code), ownTools.codes(clientId).stream())
                .toList();
    }

    private Workflow read(JsonNode body) {
        try {
            return json.treeToValue(body, Workflow.class);
        } catch (DatabindException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof InvalidWorkflowException invalid) {
                    throw ProblemException.unprocessable(invalid.field(), String.valueOf(invalid.getMessage()));
                }
            }
            throw ProblemException.badRequest(pathOf(e), e.getOriginalMessage());
        }
    }

    private static String pathOf(DatabindException e) {
        StringBuilder path = new StringBuilder();
        e.getPath().forEach(step -> {
            if (step.getPropertyName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getPropertyName());
            }
        });
        return path.isEmpty() ? "body" : path.toString();
    }

    private ResponseEntity<Settings> answer(Caller caller, Optional<Versioned> found) {
        Versioned versioned = found.orElseGet(() -> new Versioned(0, Workflow.usual(), "default", Instant.EPOCH));
        return ResponseEntity.ok().eTag(EntityTags.tagOf(versioned.version())).body(settings(caller, versioned));
    }

    private Settings settings(Caller caller, Versioned versioned) {
        Workflow workflow = versioned.workflow();
        return new Settings(
                versioned.version(),
                workflow.mode(),
                workflow.engine(),
                workflow.classification(),
                Objects.requireNonNullElseGet(workflow.tools(), () -> toolsOf(caller.clientId())),
                workflow.routing(),
                workflow.thresholds(),
                workflow.limits(),
                versioned.version() == 0 ? null : versioned.changedBy(),
                versioned.version() == 0 ? null : versioned.changedAt());
    }

    /** The settings as people see them; version 0 is what nobody has changed yet. */
    record Settings(
            long version,
            Workflow.Mode mode,
            String engine,
            Workflow.Classifying classification,
            List<String> tools,
            List<Workflow.Route> routing,
            Workflow.Thresholds thresholds,
            Workflow.Limits limits,
            @Nullable String changedBy,
            @Nullable Instant changedAt) {}
}
