package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.ClientEvent;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.ExportEvent;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.ingestion.ticket.TicketState.Acting;
import io.opsrelay.ingestion.ticket.TicketState.Analyzing;
import io.opsrelay.ingestion.ticket.TicketState.AwaitingApproval;
import io.opsrelay.ingestion.ticket.TicketState.Closed;
import io.opsrelay.ingestion.ticket.TicketState.Ended;
import io.opsrelay.ingestion.ticket.TicketState.Escalated;
import io.opsrelay.ingestion.ticket.TicketState.Failed;
import io.opsrelay.ingestion.ticket.TicketState.Received;
import io.opsrelay.ingestion.ticket.TicketState.Resolved;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class TicketLifecycleTest {

    private static final Happenings OWN = Happenings.of(UUID.randomUUID());
    private static final Happenings OTHER_RUN = OWN.withOtherRun();
    private static final Happenings OTHER_ACTION = OWN.withOtherAction();

    private static final Map<String, TicketState> STATES = states();
    private static final Map<String, Event> EVENTS = events();

    /** Which status follows; a dot: nothing changes. */
    private static final String TABLE = """
            event                         received   received_again  analyzing          awaiting_approval  acting             resolved  escalated  failed  closed
            run_started                   analyzing  analyzing       .                  .                  .                  .         .          .       .
            run_started_of_another        analyzing  .               analyzing          .                  .                  .         .          .       .
            run_parked                    .          .               .                  .                  .                  .         .          .       .
            tools_called                  .          .               .                  .                  .                  .         .          .       .
            message_taken                 received   received        analyzing          awaiting_approval  acting             .         .          .       .
            customer_replied              .          .               .                  .                  .                  .         .          .       .
            run_resolved                  resolved   resolved        resolved           resolved           resolved           .         .          .       .
            run_escalated                 escalated  escalated       escalated          escalated          escalated          .         .          .       .
            run_failed                    failed     failed          failed             failed             failed             .         .          .       .
            another_run_resolved          resolved   .               .                  .                  .                  .         .          .       .
            ticket_received               .          .               .                  .                  .                  .         .          .       .
            ticket_imported               .          .               .                  .                  .                  .         .          .       .
            corrected                     .          .               .                  .                  .                  .         .          .       .
            ticket_classified             .          .               analyzing          awaiting_approval  acting             .         .          .       .
            ticket_classified_by_another  .          .               .                  .                  .                  .         .          .       .
            reply_drafted                 .          .               .                  .                  .                  .         .          .       .
            customer_erased               .          .               .                  .                  .                  .         .          .       .
            action_requested              .          .               .                  .                  .                  .         .          .       .
            action_proposed               .          .               .                  .                  .                  .         .          .       .
            action_prepared               .          .               .                  .                  .                  .         .          .       .
            action_started                .          .               .                  .                  .                  .         .          .       .
            action_succeeded              .          .               .                  .                  .                  .         .          .       .
            action_failed                 .          .               .                  analyzing          analyzing          .         .          .       .
            another_action_failed         .          .               .                  .                  .                  .         .          .       .
            action_cancelled              .          .               .                  analyzing          analyzing          .         .          .       .
            another_action_cancelled      .          .               .                  .                  .                  .         .          .       .
            action_outcome_unknown        .          .               .                  .                  .                  .         .          .       .
            approval_requested            .          .               awaiting_approval  .                  .                  .         .          .       .
            another_approval_requested    .          .               awaiting_approval  awaiting_approval  awaiting_approval  .         .          .       .
            approval_granted              .          .               acting             acting             .                  .         .          .       .
            another_approval_granted      .          .               acting             .                  acting             .         .          .       .
            approval_rejected             .          .               .                  analyzing          .                  .         .          .       .
            another_approval_rejected     .          .               .                  .                  .                  .         .          .       .
            approval_responded            .          .               .                  analyzing          .                  .         .          .       .
            approval_expired              .          .               .                  analyzing          .                  .         .          .       .
            approval_edited               .          .               .                  .                  .                  .         .          .       .
            approval_withdrawn            .          .               .                  .                  .                  .         .          .       .
            run_requested                 .          .               .                  .                  .                  .         .          .       .
            status_set                    .          .               .                  .                  .                  .         .          .       .
            """;

    @TestFactory
    Stream<DynamicTest> everyEventInEveryStateDoesWhatTheTableSays() {
        List<String> lines = TABLE.lines().toList();
        List<String> columns = cells(lines.getFirst());
        assertThat(columns.subList(1, columns.size())).containsExactlyElementsOf(STATES.keySet());
        return lines.stream().skip(1).map(TicketLifecycleTest::cells).flatMap(row -> STATES.keySet().stream()
                .map(state -> DynamicTest.dynamicTest(
                        row.getFirst() + " in " + state,
                        () -> holds(state, row.getFirst(), row.get(columns.indexOf(state))))));
    }

    private static void holds(String stateName, String eventName, String expected) {
        TicketState state = STATES.get(stateName);
        Optional<TicketChange> change = decide(state, EVENTS.get(eventName));
        assertThat(change.isPresent()).isEqualTo(!expected.equals("."));
        change.ifPresent(
                it -> assertThat(TicketLifecycle.evolve(state, it).status().wireName())
                        .isEqualTo(expected));
    }

    @Test
    void theTableNamesEveryEventThereIs() {
        List<String> rows =
                TABLE.lines().skip(1).map(line -> cells(line).getFirst()).toList();

        assertThat(rows).containsExactlyInAnyOrderElementsOf(EVENTS.keySet());
        assertThat(EVENTS.values().stream().<Class<?>>map(Event::getClass).distinct())
                .containsExactlyInAnyOrderElementsOf(EventCatalog.all().stream()
                        .filter(type ->
                                !ClientEvent.class.isAssignableFrom(type) && !ExportEvent.class.isAssignableFrom(type))
                        .toList());
    }

    @Test
    void aChangeThatWasNeverDecidedIsRefused() {
        List<TicketChange> changes = EVENTS.values().stream()
                .flatMap(event -> STATES.values().stream().flatMap(state -> decide(state, event).stream()))
                .distinct()
                .toList();
        int refused = 0;
        for (TicketState state : STATES.values()) {
            Set<TicketChange> decided = new HashSet<>();
            EVENTS.values().forEach(event -> decide(state, event).ifPresent(decided::add));
            for (TicketChange change : changes) {
                if (state instanceof Ended || state instanceof Received && !decided.contains(change)) {
                    assertThatThrownBy(() -> TicketLifecycle.evolve(state, change))
                            .isInstanceOf(IllegalStateException.class);
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(40);
    }

    @Test
    void whateverComesInWhateverOrderAnEndedTicketStaysEnded() {
        Random random = new Random(7);
        List<Event> events = new ArrayList<>(EVENTS.values());
        for (int walk = 0; walk < 5_000; walk++) {
            TicketState state = new Received();
            for (int step = 0; step < 30; step++) {
                TicketState before = state;
                Event event = events.get(random.nextInt(events.size()));
                state = decide(before, event)
                        .map(change -> TicketLifecycle.evolve(before, change))
                        .orElse(before);
                assertThat(before instanceof Ended && !state.equals(before)).isFalse();
            }
        }
    }

    @Test
    void anApprovedRefundGoesThroughEveryStatusToResolved() {
        assertThat(statusesAlong(OWN.approvedRefund()))
                .containsExactly("received", "analyzing", "awaiting_approval", "acting", "resolved");
    }

    @Test
    void aSimpleQuestionResolvesWithoutAPerson() {
        assertThat(statusesAlong(
                        List.of(OWN.started(), OWN.classified(), OWN.drafted(), OWN.completed(Outcome.RESOLVED))))
                .containsExactly("received", "analyzing", "resolved");
    }

    @Test
    void aRejectedActionGoesBackToTheAgent() {
        assertThat(statusesAlong(
                        List.of(OWN.started(), OWN.requested(), OWN.rejected(), OWN.completed(Outcome.ESCALATED))))
                .containsExactly("received", "analyzing", "awaiting_approval", "analyzing", "escalated");
    }

    @Test
    void anEditedActionIsDecidedAboutAgain() {
        assertThat(statusesAlong(List.of(
                        OWN.started(), OWN.requested(), OWN.edited(), OWN.prepared(), OWN.requested(), OWN.granted())))
                .containsExactly("received", "analyzing", "awaiting_approval", "acting");
    }

    @Test
    void aRunThatFailsBeforeItBeganStillEndsTheTicket() {
        assertThat(statusesAlong(List.of(OWN.completed(Outcome.FAILED)))).containsExactly("received", "failed");
    }

    private static List<String> statusesAlong(List<? extends Event> events) {
        List<String> statuses = new ArrayList<>(List.of("received"));
        TicketState state = new Received();
        for (Event event : events) {
            TicketState before = state;
            state = decide(before, event)
                    .map(change -> TicketLifecycle.evolve(before, change))
                    .orElse(before);
            if (!state.status().equals(before.status())) {
                statuses.add(state.status().wireName());
            }
        }
        return statuses;
    }

    private static Optional<TicketChange> decide(TicketState state, Event event) {
        return switch (event) {
            case TicketEvent e -> TicketLifecycle.decide(state, e);
            case RunEvent e -> TicketLifecycle.decide(state, e);
            case ActionEvent e -> TicketLifecycle.decide(state, e);
            case ApprovalEvent e -> TicketLifecycle.decide(state, e);
            default -> throw new IllegalArgumentException(String.valueOf(event));
        };
    }

    private static Map<String, TicketState> states() {
        Map<String, TicketState> states = new LinkedHashMap<>();
        for (TicketState state : List.of(
                new Received(),
                new Analyzing(OWN.runId()),
                new AwaitingApproval(OWN.runId(), OWN.actionId()),
                new Acting(OWN.runId(), OWN.actionId()),
                new Resolved(),
                new Escalated(),
                new Failed(),
                new Closed())) {
            states.put(state.status().wireName(), state);
            if (state instanceof Received) {
                states.put("received_again", new Received(OWN.runId()));
            }
        }
        return states;
    }

    private static Map<String, Event> events() {
        Map<String, Event> events = new LinkedHashMap<>();
        events.put("run_started", OWN.started());
        events.put("run_started_of_another", OTHER_RUN.started());
        events.put("run_parked", OWN.parked());
        events.put("run_resolved", OWN.completed(Outcome.RESOLVED));
        events.put("run_escalated", OWN.completed(Outcome.ESCALATED));
        events.put("run_failed", OWN.completed(Outcome.FAILED));
        events.put("another_run_resolved", OTHER_RUN.completed(Outcome.RESOLVED));
        events.put(
                "ticket_received",
                new TicketEvent.TicketReceived(
                        OWN.ticketId(),
                        "api",
                        "Lamp",
                        "Broken",
                        new TicketEvent.Customer(UUID.randomUUID(), "mary.major@example.org", true),
                        null,
                        null,
                        Map.of()));
        events.put(
                "run_requested",
                new TicketEvent.RunRequested(
                        OWN.ticketId(),
                        OWN.runId(),
                        "retried",
                        "user:bob",
                        (TicketEvent.TicketReceived) events.get("ticket_received"),
                        true,
                        List.of(),
                        0));
        events.put("corrected", new TicketEvent.TicketCorrected(OWN.ticketId(), "category", "a", "1", "b", "user:bob"));
        events.put("status_set", new TicketEvent.StatusSet(OWN.ticketId(), "closed", "user:bob", null));
        events.put(
                "ticket_imported",
                new TicketEvent.TicketImported(
                        OWN.ticketId(), "api", null, null, null, null, null, null, null, null, null, null, false));
        events.put("ticket_classified", OWN.classified());
        events.put("message_taken", new RunEvent.MessageTaken(OWN.ticketId(), OWN.runId(), 3));
        events.put(
                "customer_replied",
                new TicketEvent.CustomerReplied(
                        OWN.ticketId(),
                        OWN.runId(),
                        3,
                        new TicketEvent.Said("customer", "Hello?", true, java.time.Instant.EPOCH),
                        true));
        events.put("tools_called", OWN.toolsCalled());
        events.put("ticket_classified_by_another", OTHER_RUN.classified());
        events.put("reply_drafted", OWN.drafted());
        events.put("customer_erased", new TicketEvent.CustomerErased(OWN.ticketId(), UUID.randomUUID()));
        events.put("action_requested", OWN.actionRequested());
        events.put("action_proposed", OWN.proposed());
        events.put("action_prepared", OWN.prepared());
        events.put("action_started", OWN.acted());
        events.put("action_succeeded", OWN.succeeded());
        events.put("action_failed", OWN.failed());
        events.put("another_action_failed", OTHER_ACTION.failed());
        events.put("action_cancelled", OWN.cancelled());
        events.put("another_action_cancelled", OTHER_ACTION.cancelled());
        events.put("action_outcome_unknown", OWN.unknown());
        events.put("approval_requested", OWN.requested());
        events.put("another_approval_requested", OTHER_ACTION.requested());
        events.put("approval_granted", OWN.granted());
        events.put("another_approval_granted", OTHER_ACTION.granted());
        events.put("approval_rejected", OWN.rejected());
        events.put("another_approval_rejected", OTHER_ACTION.rejected());
        events.put("approval_responded", OWN.responded());
        events.put("approval_expired", OWN.expired());
        events.put("approval_edited", OWN.edited());
        events.put("approval_withdrawn", OWN.withdrawn());
        return events;
    }

    private static List<String> cells(String line) {
        return Arrays.asList(line.strip().split("\\s+"));
    }
}
