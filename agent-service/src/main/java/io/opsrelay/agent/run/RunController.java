package io.opsrelay.agent.run;

import io.opsrelay.agent.model.Usage;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.docs.DescribedAs;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** What the agent did, step by step. */
@RestController
@RequestMapping("/api/v1/agent/runs")
@RequiresRole({Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE, Role.ADMIN})
class RunController {

    private final RunStore store;
    private final ClientTransactions transactions;

    RunController(RunStore store, ClientTransactions transactions) {
        this.store = store;
        this.transactions = transactions;
    }

    @GetMapping
    Page<RunView> ofTicket(Caller caller, @RequestParam("ticket_id") @DescribedAs(UUID.class) String ticketId) {
        UUID ticket = PageRequest.idOf("ticket", ticketId);
        return new Page<>(
                transactions.read(caller.clientId(), () -> store.ofTicket(ticket)).stream()
                        .map(RunView::of)
                        .toList(),
                null);
    }

    @GetMapping("/{id}")
    RunView one(Caller caller, @PathVariable String id) {
        UUID runId = PageRequest.idOf("run", id);
        return transactions
                .read(caller.clientId(), () -> store.find(runId))
                .map(RunView::of)
                .orElseThrow(() -> ProblemException.notFound("run", id));
    }

    /** What was said with a model, word for word; empty for a run of the local engine. */
    @GetMapping("/{id}/transcript")
    Transcript transcript(Caller caller, @PathVariable String id) {
        UUID runId = PageRequest.idOf("run", id);
        return transactions
                .read(caller.clientId(), () -> store.find(runId))
                .map(Transcript::of)
                .orElseThrow(() -> ProblemException.notFound("run", id));
    }

    /** A run as people see it. */
    record RunView(
            UUID runId,
            UUID ticketId,

            @DescribedAs(oneOf = {"queued", "working", "parked", "resolved", "escalated", "failed"})
            String status,

            String engine,
            @Nullable UUID actionId,
            @Nullable String category,
            @Nullable String language,
            List<Run.StepTaken> steps,
            @Nullable Usage usage,
            Instant createdAt,
            Instant updatedAt) {

        static RunView of(Run run) {
            return new RunView(
                    run.runId(),
                    run.ticketId(),
                    run.state() instanceof RunState.Finished finished
                            ? finished.outcome().name().toLowerCase(java.util.Locale.ROOT)
                            : run.state().status(),
                    run.engine(),
                    run.state() instanceof RunState.Parked parked ? parked.actionId() : null,
                    run.facts().category(),
                    run.facts().language(),
                    run.steps(),
                    run.dialogue() == null ? null : run.dialogue().usage(),
                    run.createdAt(),
                    run.updatedAt());
        }
    }
}
