package io.opsrelay.ingestion.ticket;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunStarted;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NarrativeTest {

    private static final Happenings IT = Happenings.of(UUID.randomUUID());

    @Test
    void eachEventIsToldAsAPlainFact() {
        assertThat(Narrative.of(IT.started(), true).summary()).isEqualTo("Analysis began, engine local");
        assertThat(Narrative.of(IT.classified()).summary()).isEqualTo("Classified as refund request, 97 % sure");
        assertThat(Narrative.of(IT.drafted()).summary()).isEqualTo("Reply drafted: answer (from Refunds)");
        assertThat(Narrative.of(IT.proposed()).summary()).isEqualTo("Refund proposed: order id A-1001");
        assertThat(Narrative.of(IT.prepared()).summary()).isEqualTo("Prepared: Refund 25.00 EUR of order A-1001");
        assertThat(Narrative.of(IT.parked(), false).summary())
                .isEqualTo("The agent waits for the outcome of the action");
        assertThat(Narrative.of(IT.requested()).summary())
                .isEqualTo("A person must decide about the refund (rule refund-needs-person)");
        assertThat(Narrative.of(IT.granted()).summary()).isEqualTo("Approved by approver@acme.example: fine");
        assertThat(Narrative.of(IT.rejected()).summary()).isEqualTo("Rejected by approver@acme.example: too late");
        assertThat(Narrative.of(IT.responded()).summary())
                .isEqualTo("approver@acme.example answered instead of approving");
        assertThat(Narrative.of(IT.edited()).summary())
                .isEqualTo("Arguments changed by approver@acme.example: half of it");
        assertThat(Narrative.of(IT.expired()).summary()).isEqualTo("Nobody decided in time");
        assertThat(Narrative.of(IT.acted()).summary()).isEqualTo("Refund started, attempt 1");
        assertThat(Narrative.of(IT.succeeded()).summary()).isEqualTo("Refund of 25.00 EUR done (re_1, sandbox)");
        assertThat(Narrative.of(IT.failed()).summary()).isEqualTo("Refund not done: The card was closed.");
        assertThat(Narrative.of(IT.unknown()).summary())
                .isEqualTo("Not known whether the refund was done: No answer in 10 s.");
        assertThat(Narrative.of(IT.completed(Outcome.RESOLVED), true).summary()).isEqualTo("Resolved");
        assertThat(Narrative.of(IT.completed(Outcome.ESCALATED), true).summary())
                .isEqualTo("Escalated: the order is not known");
    }

    @Test
    void whatToolsWereAskedForIsToldAndOnTheFeedWithoutTheirArguments() {
        TimelineEntry entry = Narrative.of(IT.toolsCalled(), false);

        assertThat(entry.summary())
                .isEqualTo("Search knowledge base: query refunds - answered, 2 passages;"
                        + " Check order status - refused, order_id is missing");
        assertThat(entry.facts().toString())
                .contains("search_knowledge_base", "answered", "3.5")
                .doesNotContain("refunds");
        assertThat(entry.data().toString()).contains("query=refunds");
    }

    @Test
    void theAiEmployeeWhoHasTheRunIsItsActor() {
        assertThat(Narrative.of(new RunStarted(IT.ticketId(), IT.runId(), "local", "luna"), true))
                .returns("ai:luna", TimelineEntry::actor)
                .satisfies(entry -> assertThat(entry.facts()).containsEntry("ai_employee", "luna"));
        assertThat(Narrative.of(IT.classified().by("luna")).actor()).isEqualTo("ai:luna");
        assertThat(Narrative.of(IT.started(), true).actor()).isEqualTo("service:agent-service");
    }

    @Test
    void whatComesTooLateDoesNotReadAsIfItHadHappened() {
        assertThat(Narrative.of(IT.completed(Outcome.RESOLVED), false))
                .returns("run_completed", TimelineEntry::event)
                .returns("A run ended too late (resolved); the status stays", TimelineEntry::summary);
        assertThat(Narrative.of(IT.started(), false)).returns("run_started", TimelineEntry::event);
    }

    @Test
    void aGrantByPolicyNamesTheRule() {
        var granted = new ApprovalEvent.ApprovalGranted(
                IT.approvalId(),
                IT.actionId(),
                IT.ticketId(),
                1,
                "refund",
                "ab",
                "policy:refund-below-10",
                null,
                "e30.e30.c2ln");

        assertThat(Narrative.of(granted))
                .returns("Approved by policy:refund-below-10", TimelineEntry::summary)
                .returns("policy:refund-below-10", TimelineEntry::actor);
    }

    @Test
    void dashboardsSeeNeitherTextsNorArgumentsNorGrants() {
        NewTicket ticket = new NewTicket(
                "api",
                "api",
                "Secret subject",
                "Secret body",
                "mary.major@example.org",
                true,
                null,
                "shop-77",
                Map.of("a", "b"),
                "user:agent@acme.example");
        Stream<TimelineEntry> entries = Stream.of(
                Narrative.received(ticket),
                Narrative.of(IT.drafted()),
                Narrative.of(IT.actionRequested()),
                Narrative.of(IT.proposed()),
                Narrative.of(IT.prepared()),
                Narrative.of(IT.responded()),
                Narrative.of(IT.edited()),
                Narrative.of(IT.granted()),
                Narrative.of(IT.completed(Outcome.RESOLVED), true));

        assertThat(entries).allSatisfy(entry -> assertThat(entry.feedRecord(IT.ticketId(), 1, TicketStatus.RECEIVED)
                        .data())
                .containsEntry("ticket_id", IT.ticketId().toString())
                .containsEntry("status", "received")
                .doesNotContainKeys(
                        "text", "arguments", "reply", "response", "grant", "subject", "body", "email", "result")
                .doesNotContainValue("mary.major@example.org"));
    }
}
