package io.opsrelay.action.guardrail;

import io.opsrelay.action.guardrail.GuardrailStore.BreakerState;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.EntityTags;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.ProblemException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Guardrails and kill switches over HTTP. */
@RestController
@RequestMapping("/api/v1")
@RequiresRole(Role.ADMIN)
class GuardrailController {

    private static final int MOST_VERSIONS = 100;
    private static final int LONGEST_REASON = 500;

    private final GuardrailStore store;
    private final GuardrailChanges changes;
    private final ClientTransactions transactions;

    GuardrailController(GuardrailStore store, GuardrailChanges changes, ClientTransactions transactions) {
        this.store = store;
        this.changes = changes;
        this.transactions = transactions;
    }

    @GetMapping("/guardrails")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    ResponseEntity<Rulebook> current(Caller caller) {
        return answer(transactions.read(caller.clientId(), changes::current));
    }

    @PutMapping("/guardrails")
    ResponseEntity<Rulebook> put(
            Caller caller,
            @RequestHeader(name = HttpHeaders.IF_MATCH, required = false) @Nullable String ifMatch,
            @RequestBody RulesBody body) {
        if (body.rules() == null || body.rules().contains(null)) {
            throw ProblemException.unprocessable("rules", "is required: a list of guardrails, which may be empty");
        }
        String reason = body.reason() == null ? null : reason(body.reason());
        return answer(changes.put(caller, EntityTags.of(ifMatch), body.rules(), reason));
    }

    /** The newest hundred, newest first. */
    @GetMapping("/guardrails/versions")
    Page<Rulebook> versions(Caller caller) {
        return new Page<>(transactions.read(caller.clientId(), () -> store.rulebooks(MOST_VERSIONS)), null);
    }

    @GetMapping("/guardrails/versions/{version}")
    Rulebook version(Caller caller, @PathVariable long version) {
        return transactions
                .read(caller.clientId(), () -> store.rulebook(version))
                .orElseThrow(() -> ProblemException.notFound("version of the guardrails", version));
    }

    /** Targets that actions failed on of late, and until when nothing begins on them. */
    @GetMapping("/guardrails/breakers")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
    Page<BreakerState> breakers(Caller caller) {
        return new Page<>(transactions.read(caller.clientId(), store::breakers), null);
    }

    @PostMapping("/guardrails/breakers/reset")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void reset(Caller caller, @RequestBody TargetBody body) {
        if (body.target() == null || body.target().isBlank()) {
            throw ProblemException.unprocessable("target", "is required, as GET /api/v1/guardrails/breakers names it");
        }
        changes.resetBreaker(caller, body.target(), body.reason() == null ? null : reason(body.reason()));
    }

    @GetMapping("/kill_switch")
    @RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN, Role.OPERATOR})
    KillSwitch switches(Caller caller) {
        String clientId = caller.clientIdOrNull();
        return clientId == null ? store.switches() : transactions.read(clientId, store::switches);
    }

    @PostMapping("/kill_switch")
    @RequiresRole({Role.ADMIN, Role.OPERATOR})
    KillSwitch turn(Caller caller, @RequestBody SwitchBody body) {
        if (body.on() == null) {
            throw ProblemException.unprocessable(
                    "on", "is required: true stops all actions, false lets them begin again");
        }
        if (caller.clientIdOrNull() != null && !caller.hasAny(Role.ADMIN)) {
            throw ProblemException.forbidden("only an admin may turn this client's kill switch");
        }
        return changes.turn(caller, body.on(), reason(body.reason()));
    }

    private static String reason(@Nullable String reason) {
        if (reason == null || reason.isBlank() || reason.length() > LONGEST_REASON) {
            throw ProblemException.unprocessable(
                    "reason", "is required, with at most " + LONGEST_REASON + " characters: others must know why");
        }
        return reason.strip();
    }

    private static ResponseEntity<Rulebook> answer(Rulebook rulebook) {
        return ResponseEntity.ok().eTag(EntityTags.tagOf(rulebook.version())).body(rulebook);
    }

    /** @param reason for whoever reads the history */
    record RulesBody(
            @Nullable List<RuleBody> rules, @Nullable String reason) {}

    /** @param reason for whoever reads the audit log */
    record TargetBody(@Nullable String target, @Nullable String reason) {}

    record SwitchBody(@Nullable Boolean on, @Nullable String reason) {}
}
