package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Status;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.messaging.Ids;
import io.opsrelay.messaging.Outbox;
import io.opsrelay.messaging.job.Job;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.tenant.ClientTransactions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who handles a run, what it does to who is shown at work, and what of it is an activity. Runs call it within their own
 * transactions, so that what dashboards see is what was committed, and what is done again after a crash is told once.
 */
@Component
public class Personas {

    static final String QUEUE = "agent.presence";

    private static final String SETTLE = "settle";

    private final EmployeeStore store;
    private final Outbox outbox;
    private final Jobs jobs;
    private final Trimming trimming;
    private final ClientTransactions transactions;
    private final PersonaProperties properties;
    private final Ids ids;
    private final Clock clock;

    Personas(
            EmployeeStore store,
            Outbox outbox,
            Jobs jobs,
            Trimming trimming,
            ClientTransactions transactions,
            PersonaProperties properties,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.jobs = jobs;
        this.trimming = trimming;
        this.transactions = transactions;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Gives a run to the AI employee for its intent and language, else to the first that is enabled; a run that has one
     * keeps it. That it was taken up is an activity, once: a run that begins again is no other run.
     *
     * @param since when the work on it began
     * @return nobody if the client has no AI employee that is enabled
     */
    public Optional<Assigned> assign(String clientId, UUID runId, TicketReceived ticket, Wanted wanted, Instant since) {
        boolean isNew = store.assigned(runId).isEmpty();
        Optional<Assigned> assigned = assignee(runId, wanted);
        assigned.ifPresent(employee -> {
            store.begin(clientId, runId, employee, since, now());
            appear(clientId, employee.name());
            if (isNew) {
                tell(clientId, employee, ticket, "Took up: " + inWords(wanted.intent()));
            }
        });
        return assigned;
    }

    /**
     * Several runs are about to be assigned: looks up in one go who has them already, and lets everybody appear in the
     * order of names, so that two transactions that do this wait for each other and not both of them.
     *
     * @param wanted what each run is about
     */
    public void prepare(String clientId, Map<UUID, Wanted> wanted) {
        store.lookUp(wanted.keySet());
        wanted.entrySet().stream()
                .map(run -> assignee(run.getKey(), run.getValue()))
                .flatMap(Optional::stream)
                .map(Assigned::name)
                .distinct()
                .sorted()
                .forEach(name -> appear(clientId, name));
    }

    /** Who has the run, or gets it when it is assigned now. */
    public Optional<Assigned> assignee(UUID runId, Wanted wanted) {
        return store.assigned(runId).or(() -> store.routed(wanted.intent(), wanted.language()));
    }

    /**
     * Tools have answered: becomes an activity.
     *
     * @param tools by the names under which they are offered, never as a model wrote them
     */
    public void lookedUp(String clientId, UUID runId, TicketReceived ticket, List<String> tools) {
        store.assigned(runId).ifPresent(employee -> tell(clientId, employee, ticket, "Looked up: " + inWords(tools)));
    }

    /**
     * The run has proposed actions and waits for a decision: nobody works on it meanwhile. Becomes an activity.
     *
     * @param actionTypes as the catalogue names them
     */
    public void parked(String clientId, UUID runId, TicketReceived ticket, List<String> actionTypes) {
        store.rest(runId, now());
        store.assigned(runId)
                .ifPresent(employee -> tell(clientId, employee, ticket, "Proposed, waiting: " + inWords(actionTypes)));
    }

    /** The run goes on with whoever had it. */
    public Optional<Assigned> resumed(String clientId, UUID runId) {
        Optional<Assigned> assigned = store.assigned(runId);
        assigned.ifPresent(employee -> {
            store.begin(clientId, runId, employee, now(), now());
            appear(clientId, employee.name());
        });
        return assigned;
    }

    /**
     * The run is over: counts, and becomes an activity.
     *
     * @param intent as the classifier names it, if it was classified
     * @param replied whether the customer got an answer
     */
    public void finished(
            String clientId,
            UUID runId,
            TicketReceived ticket,
            @Nullable String intent,
            Outcome outcome,
            boolean replied) {
        Optional<Assigned> assigned = store.assigned(runId);
        if (assigned.isEmpty()) {
            return;
        }
        String ended = outcome.name().toLowerCase(Locale.ROOT);
        store.finish(runId, ended, now());
        tell(
                clientId,
                assigned.get(),
                ticket,
                replied && ticket.channel().equals("email") ? AiActivity.Type.EMAIL : AiActivity.Type.TASK,
                describe(outcome, intent),
                ended);
    }

    /**
     * A while has passed since somebody appeared: whoever has done nothing since is idle. Locks only who seems to be: behind
     * those at work, whose runs overlap all day, it would wait for a moment that does not come.
     */
    void settle(Job job) {
        transactions.run(job.clientId(), () -> {
            AiEmployee employee = store.byId(job.subject()).orElse(null);
            if (employee == null) {
                job.done();
                return;
            }
            Duration left = activeFor(employee.name());
            if (!left.isPositive()) {
                if (!store.lockedActive(employee.name())) {
                    job.done();
                    return;
                }
                left = activeFor(employee.name());
            }
            if (left.isPositive()) {
                job.again(left);
                return;
            }
            job.done();
            long version = store.setActive(job.clientId(), employee.name(), false);
            tell(job.clientId(), employee.name(), Status.of(employee.enabled(), false), version);
        });
    }

    /** How long it still counts as active after what it did last; not positive if that has passed. */
    private Duration activeFor(String name) {
        Instant now = now();
        return store.lastWork(name, now)
                .map(last -> properties.activeFor().minus(Duration.between(last, now)))
                .orElse(Duration.ZERO);
    }

    /** Tells dashboards of the employee as it is now, after it was changed. */
    void changed(String clientId, AiEmployee employee) {
        boolean active = store.lockedActive(employee.name());
        tell(
                clientId,
                employee.name(),
                Status.of(employee.enabled(), active),
                store.setActive(clientId, employee.name(), active));
    }

    /** Tells dashboards that there is no such employee any more. */
    void removed(String clientId, String name) {
        tell(clientId, name, Status.OFFLINE, store.setActive(clientId, name, false));
    }

    private void appear(String clientId, String name) {
        // Between the two looks somebody else may make it idle again; then it appears anew.
        while (!store.holdActive(name)) {
            AiEmployee employee = store.find(name).orElse(null);
            if (employee == null) {
                return;
            }
            Optional<Long> version = store.becomeActive(clientId, name);
            if (version.isPresent()) {
                tell(clientId, name, Status.of(employee.enabled(), true), version.get());
                jobs.addLater(
                        QUEUE,
                        clientId,
                        employee.employeeId().toString(),
                        SETTLE,
                        employee.employeeId(),
                        properties.activeFor());
                return;
            }
        }
    }

    private void tell(String clientId, String name, Status status, long version) {
        outbox.feed(
                clientId,
                new FeedRecord(
                        Channels.AI,
                        "ai_status_changed",
                        name,
                        version,
                        Map.of(
                                "ai_employee",
                                name,
                                "status",
                                status.name().toLowerCase(Locale.ROOT),
                                "timestamp",
                                now().toString())));
    }

    /** Something was done, and goes on. */
    private void tell(String clientId, Assigned employee, TicketReceived ticket, String description) {
        tell(clientId, employee, ticket, AiActivity.Type.TASK, description, null);
    }

    /** Lists it, and tells dashboards of the same. */
    private void tell(
            String clientId,
            Assigned employee,
            TicketReceived ticket,
            AiActivity.Type type,
            String description,
            @Nullable String outcome) {
        AiActivity activity = new AiActivity(
                ids.next(),
                employee.name(),
                type,
                description,
                ticket.ticketId(),
                ticket.customer().customerId().toString(),
                outcome,
                now());
        store.add(clientId, activity);
        trimming.grown(clientId);
        outbox.feed(clientId, activity.toFeed());
    }

    /** Names what kind of request it was, and nothing that the customer wrote. */
    private static String describe(Outcome outcome, @Nullable String intent) {
        String what = intent == null ? "ticket" : inWords(intent);
        return switch (outcome) {
            case RESOLVED -> "Resolved: " + what;
            case ESCALATED -> "Handed to a person: " + what;
            case FAILED -> "Failed: " + what;
        };
    }

    private static String inWords(String name) {
        return name.replace('_', ' ');
    }

    private static String inWords(List<String> names) {
        return names.stream().distinct().map(Personas::inWords).collect(Collectors.joining(", "));
    }

    /** As exact as the database keeps it. */
    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /**
     * What a run needs somebody for.
     *
     * @param intent as the classifier names it
     * @param language ISO 639-1
     */
    public record Wanted(String intent, String language) {}

    /**
     * Who has a run.
     *
     * @param tools what it may use
     */
    public record Assigned(String name, Tone tone, Set<String> tools) {
        public Assigned {
            tools = Set.copyOf(tools);
        }

        /** As requester of something: {@code ai:<name>}. */
        public String asActor() {
            return "ai:" + name;
        }

        /** Whether it may use that tool. */
        public boolean mayUse(String tool) {
            return tools.contains(tool);
        }
    }
}
