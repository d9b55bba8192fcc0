package io.opsrelay.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.RowSecurityKit;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The whole service on real Kafka and PostgreSQL: what it says about a ticket, and when. */
@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class AgentServiceTest {

    @Autowired
    private TestKafka kafka;

    @Autowired
    private TestDatabase database;

    @Autowired
    private MockMvcTester http;

    @Test
    void aRefundRequestIsClassifiedAcknowledgedProposedAndParked() {
        TicketReceived ticket = ticket("Order A-1001", "The lamp came in pieces, I want my money back.");

        send("acme", ticket);

        awaitLast(ticket, RunParked.class);
        assertThat(said(ticket))
                .extracting(Object::getClass)
                .containsExactly(
                        RunStarted.class,
                        TicketClassified.class,
                        ReplyDrafted.class,
                        ActionProposed.class,
                        RunParked.class);
        ActionProposed proposed = only(ticket, ActionProposed.class);
        assertThat(proposed.arguments()).isEqualTo(Map.of("order_id", "A-1001"));
        assertThat(proposed.requester()).isEqualTo("ai:luna");
        assertThat(only(ticket, TicketClassified.class).category()).isEqualTo("refund_request");
        assertThat(only(ticket, ReplyDrafted.class).kind()).isEqualTo("acknowledgement");
    }

    @Test
    void afterTheRefundTheReplyStatesWhatWasReallyDone() {
        TicketReceived ticket =
                ticket("Bestellung A-1002", "Die Lampe kam zerbrochen an, ich möchte mein Geld zurück.");
        send("acme", ticket);
        awaitLast(ticket, RunParked.class);

        send(
                "acme",
                new ActionSucceeded(
                        only(ticket, ActionProposed.class).actionId(),
                        ticket.ticketId(),
                        "refund",
                        "sandbox",
                        Map.of(
                                "order_id", "A-1002",
                                "refund_id", "re_42",
                                "amount", "25.00",
                                "currency", "EUR",
                                "refunded_at",
                                        Instant.parse("2026-11-20T10:00:00Z").toString())));

        awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("25,00").contains("re_42").contains("November 2026");
    }

    @Test
    void aRejectionsReasonChangesTheReply() {
        TicketReceived ticket = parkedRefund("A-1003");

        send(
                "acme",
                new ApprovalRejected(
                        UUID.randomUUID(),
                        only(ticket, ActionProposed.class).actionId(),
                        ticket.ticketId(),
                        "user:approver@acme.example",
                        "the 30 days have passed"));

        awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("the 30 days have passed");
    }

    @Test
    void aPersonsResponseIsTheReply() {
        TicketReceived ticket = parkedRefund("A-1004");

        send(
                "acme",
                new ApprovalResponded(
                        UUID.randomUUID(),
                        only(ticket, ActionProposed.class).actionId(),
                        ticket.ticketId(),
                        "user:approver@acme.example",
                        "Please send us a photo of the lamp."));

        awaitLast(ticket, RunCompleted.class);
        assertThat(only(ticket, RunCompleted.class).reply()).isEqualTo("Please send us a photo of the lamp.");
    }

    @Test
    void anActionThatFailedOrWasNeverDecidedGoesToAPerson() {
        TicketReceived failed = parkedRefund("A-1005");
        TicketReceived lapsed = parkedRefund("A-1006");

        send(
                "acme",
                new ActionFailed(
                        only(failed, ActionProposed.class).actionId(),
                        failed.ticketId(),
                        "refund",
                        "provider_refused",
                        "The provider refused."));
        send(
                "acme",
                new ApprovalExpired(
                        UUID.randomUUID(), only(lapsed, ActionProposed.class).actionId(), lapsed.ticketId()));

        awaitLast(failed, RunCompleted.class);
        awaitLast(lapsed, RunCompleted.class);
        assertThat(only(failed, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(only(failed, RunCompleted.class).reason()).isEqualTo("The provider refused.");
        assertThat(only(lapsed, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
    }

    @Test
    void newsThatComesTwiceEndsTheRunOnce() {
        TicketReceived ticket = parkedRefund("A-1007");
        ApprovalRejected rejected = new ApprovalRejected(
                UUID.randomUUID(),
                only(ticket, ActionProposed.class).actionId(),
                ticket.ticketId(),
                "user:approver@acme.example",
                "no");

        UUID eventId = UUID.randomUUID();
        send("acme", rejected, eventId);
        send("acme", rejected, eventId);
        send("acme", rejected);
        awaitLast(ticket, RunCompleted.class);
        TicketReceived later = parkedRefund("A-1008");

        assertThat(later).isNotNull();
        assertThat(said(ticket).stream().filter(RunCompleted.class::isInstance)).hasSize(1);
    }

    @Test
    void aQuestionIsAnsweredFromTheKnowledgeBaseWithItsPassage() {
        TicketReceived ticket = ticket("A question", "How long do refunds take?");

        send("acme", ticket);

        awaitLast(ticket, RunCompleted.class);
        assertThat(only(ticket, RunCompleted.class).outcome()).isEqualTo(Outcome.RESOLVED);
        ReplyDrafted reply = only(ticket, ReplyDrafted.class);
        assertThat(reply.citations()).singleElement().satisfies(citation -> {
            assertThat(citation.articleId()).isEqualTo("refunds-en");
            assertThat(reply.text()).contains(citation.passage());
        });
    }

    @Test
    void aClientWithoutThatKnowledgeGetsAPersonInsteadOfAnAnswer() {
        TicketReceived ticket = ticket("A question", "How long do refunds take?");

        send("globex", ticket);

        awaitLast(ticket, RunCompleted.class);
        assertThat(only(ticket, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(only(ticket, ReplyDrafted.class).citations()).isEmpty();
    }

    @Test
    void anUnverifiedSenderGetsNoRefundProposed() {
        TicketReceived ticket = new TicketReceived(
                UUID.randomUUID(),
                "email",
                "Order A-1001",
                "The lamp came in pieces, I want my money back.",
                new Customer(UUID.randomUUID(), "mary.major@example.org", false),
                null,
                null,
                Map.of());

        send("acme", ticket);

        awaitLast(ticket, RunCompleted.class);
        assertThat(said(ticket)).noneMatch(ActionProposed.class::isInstance);
    }

    @Test
    void theSameTicketDeliveredTwiceIsWorkedOnce() {
        TicketReceived ticket = ticket("A question", "How long do refunds take?");
        UUID eventId = UUID.randomUUID();

        send("acme", ticket, eventId);
        send("acme", ticket, eventId);

        awaitLast(ticket, RunCompleted.class);
        parkedRefund("A-1009");
        assertThat(said(ticket).stream().filter(RunStarted.class::isInstance)).hasSize(1);
    }

    @Test
    void aRunIsSeenByItsClientOnly() {
        TicketReceived ticket = parkedRefund("A-1010");
        UUID runId = only(ticket, RunParked.class).runId();

        assertThat(get("/api/v1/agent/runs/" + runId, "acme", Role.VIEWER))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("status")
                .isEqualTo("parked");
        assertThat(get("/api/v1/agent/runs/" + runId, "globex", Role.VIEWER)).hasStatus(404);
        assertThat(get("/api/v1/agent/runs?ticket_id=" + ticket.ticketId(), "globex", Role.ADMIN))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("items")
                .asArray()
                .isEmpty();
        assertThat(get("/api/v1/agent/runs/" + runId, "acme", Role.INGEST)).hasStatus(403);
        assertThat(http.get().uri("/api/v1/agent/runs/" + runId)).hasStatus(401);
    }

    @Test
    void everyTableIsGuardedByItsClient() {
        RowSecurityKit.of(database)
                .except("outbox", "insert-only for the service; read by the relay's role")
                .except("job", "ids only: claimed before the client is known")
                .verify();
    }

    @Test
    void theModulesKeepToTheirBorders() {
        ApplicationModules.of(AgentServiceApplication.class).verify();
    }

    private org.springframework.test.web.servlet.assertj.MvcTestResult get(String uri, String client, Role role) {
        return http.get()
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .exchange();
    }

    private TicketReceived parkedRefund(String order) {
        TicketReceived ticket = ticket("Order " + order, "The lamp came in pieces, I want my money back.");
        send("acme", ticket);
        awaitLast(ticket, RunParked.class);
        return ticket;
    }

    private static TicketReceived ticket(String subject, String body) {
        return new TicketReceived(
                UUID.randomUUID(),
                "api",
                subject,
                body,
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null,
                null,
                Map.of());
    }

    private void send(String client, Event event) {
        send(client, event, UUID.randomUUID());
    }

    private void send(String client, Event event, UUID eventId) {
        kafka.send(
                Topics.TICKET,
                event.key(),
                ContractJson.mapper().writeValueAsBytes(event),
                Map.of(
                        Headers.SPEC_VERSION,
                        "1.0",
                        Headers.ID,
                        eventId.toString(),
                        Headers.SOURCE,
                        "test",
                        Headers.TYPE,
                        EventCatalog.typeOf(event.getClass()).value(),
                        Headers.TIME,
                        Instant.now().toString(),
                        Headers.CLIENT,
                        client));
    }

    private void awaitLast(TicketReceived ticket, Class<? extends Event> type) {
        kafka.await(
                Topics.TICKET,
                message -> ticket.ticketId().toString().equals(message.key())
                        && EventCatalog.typeOf(type).value().equals(TestKafka.header(message, Headers.TYPE)));
    }

    private <E extends Event> E only(TicketReceived ticket, Class<E> type) {
        return said(ticket).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((first, second) -> {
                    throw new AssertionError("said twice: " + first + " and " + second);
                })
                .orElseThrow(() -> new AssertionError("never said: " + type.getSimpleName()));
    }

    /** What agent-service has published about the ticket, in order. */
    private List<Event> said(TicketReceived ticket) {
        Map<String, Class<? extends Event>> types = new java.util.HashMap<>();
        EventCatalog.all().forEach(type -> types.put(EventCatalog.typeOf(type).value(), type));
        return kafka.all(Topics.TICKET).stream()
                .filter(message -> ticket.ticketId().toString().equals(message.key()))
                .filter(message -> "agent-service".equals(TestKafka.header(message, Headers.SOURCE)))
                .<Event>map(message -> ContractJson.mapper()
                        .readValue(message.value(), types.get(TestKafka.header(message, Headers.TYPE))))
                .toList();
    }
}
