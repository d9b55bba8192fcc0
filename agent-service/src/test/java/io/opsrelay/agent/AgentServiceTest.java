package io.opsrelay.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalExpired;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ApprovalEvent.ApprovalResponded;
import io.opsrelay.contracts.ClientEvent.ActionsOffered;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.core.ApplicationModules;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** The whole service on real Kafka and PostgreSQL: what it says about a ticket, and when. */
@OpsRelayTest(service = "agent")
@SpringBootTest(properties = "opsrelay.knowledge.demo-clients=acme")
@AutoConfigureMockMvc
class AgentServiceTest {

    private static final String ORDERS = """
            [{"order_id": "A-7701", "customer_email": "mary.major@example.org", "status": "in transit", "tracking": "T-9",
              "expected_at": "2026-12-02T10:00:00Z"},
             {"order_id": "A7704", "customer_email": "mary.major@example.org", "status": "packed"},
             {"order_id": "A-7702", "customer_email": "somebody.else@example.org", "status": "delivered"}]""";

    private Tickets tickets;

    @Autowired
    void connect(TestKafka kafka) {
        tickets = new Tickets(kafka);
    }

    @Autowired
    private TestDatabase database;

    @Autowired
    private MockMvcTester http;

    @Test
    void aRefundRequestIsClassifiedAcknowledgedProposedAndParked() {
        TicketReceived ticket = Tickets.ticket("Order A-1001", "The lamp came in pieces, I want my money back.");

        tickets.send("acme", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        assertThat(tickets.said(ticket))
                .extracting(Object::getClass)
                .containsExactly(
                        RunStarted.class,
                        TicketClassified.class,
                        ReplyDrafted.class,
                        ActionProposed.class,
                        RunParked.class);
        ActionProposed proposed = tickets.only(ticket, ActionProposed.class);
        assertThat(proposed.arguments()).isEqualTo(Map.of("order_id", "A-1001"));
        assertThat(proposed.requester()).isEqualTo("ai:luna");
        assertThat(proposed.confidence()).isBetween(0.5, 1.0);
        assertThat(tickets.only(ticket, TicketClassified.class).category()).isEqualTo("refund_request");
        assertThat(tickets.only(ticket, ReplyDrafted.class).kind()).isEqualTo("acknowledgement");
    }

    @Test
    void afterTheRefundTheReplyStatesWhatWasReallyDone() {
        TicketReceived ticket =
                Tickets.ticket("Bestellung A-1002", "Die Lampe kam zerbrochen an, ich möchte mein Geld zurück.");
        tickets.send("acme", ticket);
        tickets.awaitLast(ticket, RunParked.class);

        tickets.send(
                "acme",
                new ActionSucceeded(
                        tickets.only(ticket, ActionProposed.class).actionId(),
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

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("25,00").contains("re_42").contains("November 2026");
    }

    @Test
    void aVerifiedCustomerWhoForgotAPasswordGetsALinkAndIsToldSo() {
        TicketReceived ticket =
                Tickets.ticket("Password", "I forgot my password, please send me a link to reset my password.");
        tickets.send("globex", ticket);
        tickets.awaitLast(ticket, RunParked.class);
        ActionProposed proposed = tickets.only(ticket, ActionProposed.class);
        assertThat(proposed.actionType()).isEqualTo("password_reset");
        assertThat(proposed.arguments()).isEmpty();
        assertThat(proposed.customer()).isEqualTo(ticket.customer());
        assertThat(proposed.confidence()).isBetween(0.5, 1.0);

        tickets.send(
                "globex",
                new ActionSucceeded(
                        proposed.actionId(),
                        ticket.ticketId(),
                        "password_reset",
                        "keycloak",
                        Map.of("account_id", "u-1", "link_sent_at", "2026-11-20T10:00:00Z")));

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("sent a link").contains("the address of your account");
    }

    @Test
    void whatMayBeSpamGoesToAPersonUnlessTheClassifierIsAsSureAsTheClientWants() {
        AgentApi api = new AgentApi(http);
        api.workflow("careful", "{\"thresholds\":{\"least_confidence\":1}}");
        api.workflow("careless", "{\"thresholds\":{\"least_confidence\":0}}");
        TicketReceived toCareful = spam();
        TicketReceived toCareless = spam();

        tickets.send("careful", toCareful);
        tickets.send("careless", toCareless);

        tickets.awaitLast(toCareful, RunCompleted.class);
        RunCompleted escalated = tickets.only(toCareful, RunCompleted.class);
        assertThat(tickets.only(toCareful, TicketClassified.class).category()).isEqualTo("spam");
        assertThat(escalated.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(escalated.reason()).contains("may be advertising");
        tickets.awaitLast(toCareless, RunCompleted.class);
        RunCompleted ignored = tickets.only(toCareless, RunCompleted.class);
        assertThat(ignored.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(ignored.reply()).isNull();
    }

    private static TicketReceived spam() {
        return Tickets.ticket("Website traffic", "Boost your website traffic today, reply for a free audit");
    }

    @Test
    void anUnverifiedSenderGetsNoPasswordResetProposed() {
        TicketReceived ticket = new TicketReceived(
                UUID.randomUUID(),
                "email",
                "Password",
                "I forgot my password, please send me a link to reset my password.",
                new Customer(UUID.randomUUID(), "mary.major@example.org", false),
                null,
                null,
                Map.of());

        tickets.send("globex", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        assertThat(tickets.only(ticket, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(tickets.said(ticket)).noneMatch(ActionProposed.class::isInstance);
    }

    @Test
    void whatNobodyWouldCarryOutIsLeftToAPersonUntilSomebodyWould() {
        offered("handless", "password_reset");
        TicketReceived refund = Tickets.ticket("Order A-1001", "The lamp came in pieces, I want my money back.");
        tickets.send("handless", refund);
        tickets.awaitLast(refund, RunCompleted.class);
        assertThat(tickets.only(refund, RunCompleted.class)).satisfies(completed -> {
            assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
            assertThat(completed.reason()).contains("process_refund");
        });
        assertThat(tickets.said(refund)).noneMatch(ActionProposed.class::isInstance);
        assertThat(new AgentApi(http).get("handless", "/api/v1/agent/tools", Role.VIEWER))
                .hasStatusOk()
                .bodyJson()
                .satisfies(tools -> {
                    assertThat(tools)
                            .extractingPath("$.items[?(@.name == 'process_refund')].available")
                            .isEqualTo(List.of(false));
                    assertThat(tools)
                            .extractingPath("$.items[?(@.name == 'reset_password')].available")
                            .isEqualTo(List.of(true));
                });

        TicketReceived reset =
                Tickets.ticket("Password", "I forgot my password, please send me a link to reset my password.");
        tickets.send("handless", reset);
        tickets.awaitLast(reset, RunParked.class);

        offered("handless", "bug_report", "refund");
        TicketReceived again = Tickets.ticket("Order A-1001", "The lamp came in pieces, I want my money back.");
        tickets.send("handless", again);
        tickets.awaitLast(again, RunParked.class);
    }

    /** Tells as action-engine does, and waits until it is known: the next ticket may lie in another partition. */
    private void offered(String client, String... types) {
        tickets.send(client, new ActionsOffered(List.of(types)));
        await().untilAsserted(() -> assertThat(JdbcClient.create(database.admin())
                        .sql("select types from agent.offered_actions where client_id = ?")
                        .param(client)
                        .query((row, n) -> (String[]) row.getArray(1).getArray())
                        .optional())
                .hasValueSatisfying(known -> assertThat(known).containsExactly(types)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "Where is my order A-7701? It has not arrived yet. | It should arrive on December 2, 2026.",
                "Wo ist meine Bestellung A-7701? Sie ist noch nicht angekommen. | Sie soll am 2. Dezember 2026 ankommen.",
                "¿Dónde está mi pedido A-7701? Todavía no ha llegado. | Debería llegar el 2 de diciembre de 2026.",
                "Où est ma commande A-7701 ? Elle n'est pas encore arrivée. | Elle devrait arriver le 2 décembre 2026.",
            })
    void aCustomerIsToldHowTheirOrderStands(String question, String expected) {
        AgentApi api = new AgentApi(http);
        api.orders("shipping", ORDERS);
        TicketReceived ticket = Tickets.ticket("Order", question);

        tickets.send("shipping", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("A-7701", "in transit", "T-9", expected);
        assertThat(tickets.only(ticket, ReplyDrafted.class).kind()).isEqualTo("answer");
    }

    @ParameterizedTest
    @ValueSource(strings = {"A-7702", "A-7703"})
    void ofAnOrderThatIsAnotherCustomersOrNobodysNothingIsTold(String order) {
        AgentApi api = new AgentApi(http);
        api.orders("shipping", ORDERS);
        TicketReceived ticket = Tickets.ticket("Order", "Where is my order " + order + "? It has not arrived yet.");

        tickets.send("shipping", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).contains("no order " + order);
        assertThat(completed.reply()).contains("order number").doesNotContain("delivered", "A-770");
    }

    @Test
    void aClientThatDoesNotWantOrdersLookedUpHasThemToldByAPerson() {
        AgentApi api = new AgentApi(http);
        api.orders("discreet", ORDERS);
        api.workflow("discreet", "{\"tools\":[\"search_knowledge_base\"]}");
        TicketReceived ticket = Tickets.ticket("Order", "Where is my order A-7701? It has not arrived yet.");

        tickets.send("discreet", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reply()).doesNotContain("in transit");
    }

    @Test
    void inAChatAReplyIsShortWithoutSalutationAndClosing() {
        AgentApi api = new AgentApi(http);
        api.orders("shipping", ORDERS);
        TicketReceived mail = Tickets.ticket("Order", "Where is my order A-7704? It has not arrived yet.");
        TicketReceived chat = new TicketReceived(
                UUID.randomUUID(), "chat", mail.subject(), mail.body(), mail.customer(), null, null, Map.of());

        tickets.send("shipping", mail);
        tickets.send("shipping", chat);

        tickets.awaitLast(mail, RunCompleted.class);
        tickets.awaitLast(chat, RunCompleted.class);
        assertThat(tickets.only(chat, RunCompleted.class).reply())
                .isEqualTo("This is what we have on order A7704: \"packed\".");
        assertThat(tickets.only(mail, RunCompleted.class).reply())
                .startsWith("Hello,\n\n")
                .contains("order A7704: \"packed\".")
                .endsWith("\n\nKind regards");
    }

    @Test
    void aBugIsReportedWithoutWhatIsPersonalInIt() {
        TicketReceived ticket = Tickets.ticket(
                "The app crashes with an error",
                "The app crashes with an error 500 every time I click on export. This is a bug."
                        + " You reach me at jane.roe@example.net or +44 20 7946 0958.");
        tickets.send("globex", ticket);
        tickets.awaitLast(ticket, RunParked.class);
        ActionProposed proposed = tickets.only(ticket, ActionProposed.class);
        assertThat(proposed.actionType()).isEqualTo("bug_report");
        assertThat(proposed.arguments()).containsOnlyKeys("title", "description", "priority");
        assertThat(proposed.arguments().get("title")).isEqualTo("The app crashes with an error");
        assertThat(proposed.arguments().toString())
                .contains("every time I click on export")
                .doesNotContain("jane.roe@example.net")
                .doesNotContain("7946");

        tickets.send(
                "globex",
                new ActionSucceeded(
                        proposed.actionId(), ticket.ticketId(), "bug_report", "github", Map.of("reference", "#12")));

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("developers").contains("#12");
    }

    @Test
    void aRejectionsReasonChangesTheReply() {
        TicketReceived ticket = parkedRefund("A-1003");

        tickets.send(
                "acme",
                new ApprovalRejected(
                        UUID.randomUUID(),
                        tickets.only(ticket, ActionProposed.class).actionId(),
                        ticket.ticketId(),
                        "user:approver@acme.example",
                        "the 30 days have passed"));

        tickets.awaitLast(ticket, RunCompleted.class);
        RunCompleted completed = tickets.only(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).contains("the 30 days have passed");
    }

    @Test
    void aPersonsResponseIsTheReply() {
        TicketReceived ticket = parkedRefund("A-1004");

        tickets.send(
                "acme",
                new ApprovalResponded(
                        UUID.randomUUID(),
                        tickets.only(ticket, ActionProposed.class).actionId(),
                        ticket.ticketId(),
                        "user:approver@acme.example",
                        "Please send us a photo of the lamp."));

        tickets.awaitLast(ticket, RunCompleted.class);
        assertThat(tickets.only(ticket, RunCompleted.class).reply()).isEqualTo("Please send us a photo of the lamp.");
    }

    @Test
    void anActionThatFailedOrWasNeverDecidedGoesToAPerson() {
        TicketReceived failed = parkedRefund("A-1005");
        TicketReceived lapsed = parkedRefund("A-1006");

        tickets.send(
                "acme",
                new ActionFailed(
                        tickets.only(failed, ActionProposed.class).actionId(),
                        failed.ticketId(),
                        "refund",
                        "provider_refused",
                        "The provider refused."));
        tickets.send(
                "acme",
                new ApprovalExpired(
                        UUID.randomUUID(),
                        tickets.only(lapsed, ActionProposed.class).actionId(),
                        lapsed.ticketId()));

        tickets.awaitLast(failed, RunCompleted.class);
        tickets.awaitLast(lapsed, RunCompleted.class);
        assertThat(tickets.only(failed, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(tickets.only(failed, RunCompleted.class).reason()).isEqualTo("The provider refused.");
        assertThat(tickets.only(lapsed, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
    }

    @Test
    void newsThatComesTwiceEndsTheRunOnce() {
        TicketReceived ticket = parkedRefund("A-1007");
        ApprovalRejected rejected = new ApprovalRejected(
                UUID.randomUUID(),
                tickets.only(ticket, ActionProposed.class).actionId(),
                ticket.ticketId(),
                "user:approver@acme.example",
                "no");

        UUID eventId = UUID.randomUUID();
        tickets.send("acme", rejected, eventId);
        tickets.send("acme", rejected, eventId);
        tickets.send("acme", rejected);
        tickets.awaitLast(ticket, RunCompleted.class);
        TicketReceived later = parkedRefund("A-1008");

        assertThat(later).isNotNull();
        assertThat(tickets.said(ticket).stream().filter(RunCompleted.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aQuestionIsAnsweredFromTheKnowledgeBaseWithItsPassage() {
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("acme", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        assertThat(tickets.only(ticket, RunCompleted.class).outcome()).isEqualTo(Outcome.RESOLVED);
        ReplyDrafted reply = tickets.only(ticket, ReplyDrafted.class);
        assertThat(reply.citations()).singleElement().satisfies(citation -> {
            assertThat(citation.articleId()).isEqualTo("refunds-en");
            assertThat(reply.text())
                    .contains(citation.passage()
                            .lines()
                            .filter(line -> !line.isBlank())
                            .toList());
        });
    }

    @Test
    void aClientWithoutThatKnowledgeGetsAPersonInsteadOfAnAnswer() {
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("globex", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        assertThat(tickets.only(ticket, RunCompleted.class).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(tickets.only(ticket, ReplyDrafted.class).citations()).isEmpty();
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

        tickets.send("acme", ticket);

        tickets.awaitLast(ticket, RunCompleted.class);
        assertThat(tickets.said(ticket)).noneMatch(ActionProposed.class::isInstance);
    }

    @Test
    void theSameTicketDeliveredTwiceIsWorkedOnce() {
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");
        UUID eventId = UUID.randomUUID();

        tickets.send("acme", ticket, eventId);
        tickets.send("acme", ticket, eventId);

        tickets.awaitLast(ticket, RunCompleted.class);
        parkedRefund("A-1009");
        assertThat(tickets.said(ticket).stream().filter(RunStarted.class::isInstance))
                .hasSize(1);
    }

    @Test
    void aRunIsSeenByItsClientOnly() {
        TicketReceived ticket = parkedRefund("A-1010");
        UUID runId = tickets.only(ticket, RunParked.class).runId();

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
                .except("passage_index", "searched only by find_passages, which names the client itself")
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
        TicketReceived ticket = Tickets.ticket("Order " + order, "The lamp came in pieces, I want my money back.");
        tickets.send("acme", ticket);
        tickets.awaitLast(ticket, RunParked.class);
        return ticket;
    }
}
