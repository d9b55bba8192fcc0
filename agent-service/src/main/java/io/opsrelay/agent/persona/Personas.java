package io.opsrelay.agent.persona;

import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Activity;
import io.opsrelay.agent.persona.AiEmployee.Status;
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
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Who handles a run, and what it does to who is shown at work. Runs call it within their own transactions, so that what
 * dashboards see is what was committed.
 */
@Component
public class Personas {

    static final String QUEUE = "agent.presence";

    private static final String SETTLE = "settle";

    private final EmployeeStore store;
    private final Outbox outbox;
    private final Jobs jobs;
    private final ClientTransactions transactions;
    private final PersonaProperties properties;
    private final Ids ids;
    private final Clock clock;

    Personas(
            EmployeeStore store,
            Outbox outbox,
            Jobs jobs,
            ClientTransactions transactions,
            PersonaProperties properties,
            Ids ids,
            Clock clock) {
        this.store = store;
        this.outbox = outbox;
        this.jobs = jobs;
        this.transactions = transactions;
        this.properties = properties;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Gives a run to the AI employee for its intent and language, else to the first that is enabled; a run that has one
     * keeps it.
     *
     * @param since when the work on it began
     * @return nobody if the client has no AI employee that is enabled
     */
    public Optional<Assigned> assign(String clientId, UUID runId, Wanted wanted, Instant since) {
        Optional<Assigned> assigned = assignee(runId, wanted);
        assigned.ifPresent(employee -> {
            store.begin(clientId, runId, employee, since, now());
            appear(clientId, employee.name());
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

    /** The run waits for a decision: nobody works on it meanwhile. */
    public void parked(UUID runId) {
        store.rest(runId, now());
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
     * The run is over: counts, and becomes an activity that dashboards see.
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
        Activity activity = new Activity(
                ids.next(),
                assigned.get().name(),
                replied && ticket.channel().equals("email") ? Activity.Type.EMAIL : Activity.Type.TASK,
                describe(outcome, intent),
                ticket.customer().customerId().toString(),
                ended,
                now());
        store.add(clientId, activity);
        outbox.feed(clientId, recordOf(activity, ticket.ticketId()));
    }

    /** A while has passed since somebody appeared: whoever has done nothing since is idle. */
    void settle(Job job) {
        transactions.run(job.clientId(), () -> {
            AiEmployee employee = store.byId(job.subject()).orElse(null);
            if (employee == null || !store.lockedActive(employee.name())) {
                job.done();
                return;
            }
            Duration left = store.lastWork(employee.name(), now())
                    .map(last -> properties.activeFor().minus(Duration.between(last, now())))
                    .orElse(Duration.ZERO);
            if (left.isPositive()) {
                job.again(left);
                return;
            }
            job.done();
            long version = store.setActive(job.clientId(), employee.name(), false);
            tell(job.clientId(), employee.name(), Status.of(employee.enabled(), false), version);
        });
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

    private static FeedRecord recordOf(Activity activity, UUID ticketId) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("activity_id", activity.activityId().toString());
        details.put("type", activity.type().name().toLowerCase(Locale.ROOT));
        details.put("description", activity.description());
        if (activity.customer() != null) {
            details.put("customer", activity.customer());
        }
        if (activity.outcome() != null) {
            details.put("outcome", activity.outcome());
        }
        details.put("ticket_id", ticketId.toString());
        return new FeedRecord(
                Channels.AI,
                "ai_activity",
                activity.activityId().toString(),
                1,
                Map.of(
                        "ai_employee",
                        activity.aiEmployee(),
                        "activity",
                        details,
                        "timestamp",
                        activity.timestamp().toString()));
    }

    /** Names what kind of request it was, and nothing that the customer wrote. */
    private static String describe(Outcome outcome, @Nullable String intent) {
        String what = intent == null ? "ticket" : intent.replace('_', ' ');
        return switch (outcome) {
            case RESOLVED -> "Resolved: " + what;
            case ESCALATED -> "Handed to a person: " + what;
            case FAILED -> "Failed: " + what;
        };
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
