package io.opsrelay.ingestion.zendesk;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.opsrelay.ingestion.zendesk.RunStore.Counts;
import io.opsrelay.ingestion.zendesk.RunTickets.RunTicket;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.security.web.Cursor;
import io.opsrelay.security.web.Page;
import io.opsrelay.security.web.PageRequest;
import io.opsrelay.security.web.ProblemException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Runs over Zendesk tickets, for people. */
@RestController
@RequestMapping("/api/v1/connectors/zendesk/runs")
@RequiresRole({Role.AGENT, Role.ADMIN})
class RunEndpoint {

    private static final String PATH = "/api/v1/connectors/zendesk/runs/";

    private final Runs runs;
    private final RunStore store;
    private final RunTickets tickets;
    private final ClientTransactions transactions;
    private final Clock clock;

    RunEndpoint(Runs runs, RunStore store, RunTickets tickets, ClientTransactions transactions, Clock clock) {
        this.runs = runs;
        this.store = store;
        this.tickets = tickets;
        this.transactions = transactions;
        this.clock = clock;
    }

    /** 202: the run goes on by itself; 409 while another one fetches from the same account. */
    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<RunResource> begin(Caller caller, @RequestBody RunBody body) {
        Map<String, String> refusals = body.refusals();
        if (!refusals.isEmpty()) {
            throw ProblemException.unprocessable(refusals);
        }
        Run run = runs.begin(caller, body);
        return ResponseEntity.accepted()
                .location(URI.create(PATH + run.runId()))
                .body(resource(run, new Counts(0, 0, 0, 0, 0, 0), null));
    }

    /** Newest first, without their tickets; those that webhooks began are not among them. */
    @GetMapping
    Page<RunResource> list(Caller caller, PageRequest page) {
        List<RunResource> found = transactions.read(caller.clientId(), () -> store.list(page).stream()
                .map(run -> resource(run, store.counts(run.runId()), null))
                .toList());
        return Page.of(found, page.limit(), run -> new Cursor(run.createdAt(), run.runId()));
    }

    /** How far it is, with each of its tickets. */
    @GetMapping("/{id}")
    RunResource one(Caller caller, @PathVariable String id) {
        UUID runId = PageRequest.idOf("run", id);
        return transactions.read(caller.clientId(), () -> {
            Run run = store.find(runId).orElseThrow(() -> ProblemException.notFound("run", id));
            return resource(run, store.counts(runId), tickets.of(runId));
        });
    }

    private RunResource resource(Run run, Counts counts, @Nullable List<RunTicket> of) {
        Instant end = run.finishedAt() == null ? clock.instant() : run.finishedAt();
        return new RunResource(
                run.runId(),
                run.channelId(),
                run.trigger(),
                run.state(),
                run.force(),
                run.limit(),
                run.onlyUnprocessed(),
                run.industry(),
                counts.total(),
                counts.waiting(),
                counts.successful(),
                counts.failed(),
                counts.skipped(),
                counts.commentsTaken(),
                Math.max(0, Duration.between(run.createdAt(), end).toMillis()),
                run.error(),
                of,
                run.createdBy(),
                run.createdAt(),
                run.finishedAt());
    }

    /**
     * A run.
     *
     * @param state pulling (tickets are fetched), waiting (for what the agent makes of them), completed, failed
     * @param total tickets that it came upon so far
     * @param commentsTaken later comments of the tickets' customers that became messages
     * @param totalMillis from its beginning to its end, or to now
     * @param error why it failed, or what it waits for while it pulls
     */
    record RunResource(
            UUID runId,
            String channelId,
            String trigger,
            String state,
            boolean force,
            int limit,
            boolean onlyUnprocessed,
            @Nullable String industry,
            int total,
            int waiting,
            int successful,
            int failed,
            int skipped,
            int commentsTaken,
            long totalMillis,
            @Nullable String error,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            List<RunTicket> tickets,

            String createdBy,
            Instant createdAt,
            @Nullable Instant finishedAt) {}
}
