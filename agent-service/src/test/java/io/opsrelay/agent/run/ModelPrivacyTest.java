package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.AgentApi;
import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.WithModelServer;
import io.opsrelay.contracts.ActionEvent.ActionFailed;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ActionEvent.ActionSucceeded;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.Role;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.web.servlet.assertj.MockMvcTester;

/** Whoever says something about a ticket, a model reads it without personal data, and the ticket's customer with it. */
@WithModelServer("fake")
@SpringBootTest(properties = "opsrelay.llm.models.fake.retries=0")
class ModelPrivacyTest {

    private static final String PAUL = "paul.smith@example.org";
    private static final String PHONE = "+49 30 23125432";

    private Tickets tickets;
    private AgentApi api;

    @Autowired
    private FakeModelServer model;

    @Autowired
    void connect(TestKafka kafka, MockMvcTester http) {
        tickets = new Tickets(kafka);
        api = new AgentApi(http);
    }

    @BeforeEach
    void theClientWantsTheModel() {
        api.workflow("discreet", "{\"mode\":\"react\",\"engine\":\"fake\"}");
    }

    @Test
    void aPersonsReasonReachesTheModelAsTokensAndTheCustomerWithItsValues() {
        TicketReceived ticket = parked("I want my money back, and an answer to jane.doe@example.org.");
        model.thinks(request -> Reply.call(
                "reply_to_customer", Map.of("text", "For order A-1 please write to [EMAIL_2] or call [PHONE_1].")));

        reject(ticket, "Order A-1 is jane.doe@example.org's, she shall write to " + PAUL + " or call " + PHONE + ".");

        RunCompleted completed = completed(ticket);
        assertThat(asked())
                .contains("Order A-1 is [EMAIL_1]'s, she shall write to [EMAIL_2] or call [PHONE_1].")
                .doesNotContain("jane.doe", PAUL, PHONE);
        assertThat(completed.reply()).isEqualTo("For order A-1 please write to " + PAUL + " or call " + PHONE + ".");
        // what people read of the run has no more than they may see
        assertThat(api.transcript("discreet", "discreet", ticket)).bodyText().doesNotContain("jane.doe", PAUL, PHONE);
        assertThat(api.run("discreet", ticket).toString()).doesNotContain("jane.doe", PAUL, PHONE);
        assertThat(api.get("discreet", "/api/v1/agent/tickets/" + ticket.ticketId() + "/redactions", Role.AGENT))
                .bodyText()
                .contains("[EMAIL_1]", "[EMAIL_2]", "[PHONE_1]");
    }

    @Test
    void theSameTokensStandForNothingInAnotherTicket() {
        TicketReceived first = parked("I want my money back.");
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "Please write to [EMAIL_1].")));
        reject(first, "she shall write to " + PAUL);
        assertThat(completed(first).reply()).isEqualTo("Please write to " + PAUL + ".");
        TicketReceived other = parked("I want my money back.");
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "Please wait, [LITERAL_1].")));

        reject(other, "no, see [EMAIL_1]");

        assertThat(completed(other).reply()).isEqualTo("Please wait, [EMAIL_1].");
    }

    @Test
    void aPersonMayNameTheTicketsTokens() {
        TicketReceived ticket = parked("I want my money back, and an answer to jane.doe@example.org.");
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "We wrote to [EMAIL_1].")));

        reject(ticket, "tell them that [EMAIL_1] has our answer");

        assertThat(completed(ticket).reply()).isEqualTo("We wrote to jane.doe@example.org.");
        assertThat(asked()).contains("tell them that [EMAIL_1] has our answer");
    }

    @Test
    void aProvidersResultKeepsWhatTheReplyMustStateAndNothingPersonal() {
        TicketReceived ticket = parked("I want my money back.");
        model.thinks(request -> Reply.call(
                "reply_to_customer", Map.of("text", "We have refunded 25.00 EUR for A-1, reference re_42.")));

        tickets.send(
                "discreet",
                new ActionSucceeded(
                        action(ticket),
                        ticket.ticketId(),
                        "refund",
                        "sandbox",
                        Map.of(
                                "order_id", "A-1",
                                "refund_id", "re_42",
                                "amount", "25.00",
                                "currency", "EUR",
                                "refunded_at", "2026-11-20T10:00:00Z",
                                "receipt", Map.of("email", PAUL, "phones", List.of(PHONE)),
                                "cardholder_name", "Erika Musterfrau")));

        assertThat(completed(ticket).reply()).isEqualTo("We have refunded 25.00 EUR for A-1, reference re_42.");
        assertThat(asked())
                .contains("re_42", "25.00", "2026-11-20T10:00:00Z", "A-1", "[EMAIL_1]", "[PHONE_1]", "[NAME_1]")
                .doesNotContain(PAUL, PHONE, "Musterfrau");
    }

    @Test
    void aFailuresReasonReachesTheModelAsTokens() {
        TicketReceived ticket = parked("I want my money back.");
        model.thinks(request -> Reply.call("escalate_to_human", Map.of("reason", "it failed")));

        tickets.send(
                "discreet",
                new ActionFailed(
                        action(ticket), ticket.ticketId(), "refund", "provider_refused", "ask " + PAUL + " about A-1"));

        completed(ticket);
        assertThat(asked()).contains("ask [EMAIL_1] about A-1").doesNotContain(PAUL);
    }

    @Test
    void whatAnOrderSaysOfOthersReachesTheModelAsTokens() {
        api.orders("discreet", """
                [{"order_id": "A-77", "customer_email": "mary.major@example.org", "status": "shipped", "total": 25.00,
                  "currency": "EUR", "items": "a lamp for paul.smith@example.org, call +49 30 23125432",
                  "tracking": "TRK-77", "placed_at": "2026-11-20T10:00:00Z"}]""");
        model.thinks(request -> request.get("messages").size() == 2
                ? Reply.call("check_order_status", Map.of("order_id", "A-77"))
                : Reply.call(
                        "reply_to_customer", Map.of("text", "A-77 of 25.0000 EUR is with [EMAIL_1], see TRK-77.")));
        TicketReceived ticket = Tickets.ticket("Where is it?", "Where is my order A-77?");

        tickets.send("discreet", ticket);

        assertThat(completed(ticket).reply()).isEqualTo("A-77 of 25.0000 EUR is with " + PAUL + ", see TRK-77.");
        assertThat(asked())
                .contains("order A-77; status shipped; total 25.0000 EUR; items a lamp for [EMAIL_1], call [PHONE_1];"
                        + " tracking TRK-77; placed at 2026-11-20T10:00:00Z")
                .doesNotContain(PAUL, PHONE);
    }

    /** The last conversation that the model was asked to go on with. */
    private String asked() {
        return model.requests().getLast().get("messages").toString();
    }

    private TicketReceived parked(String body) {
        model.thinks(request -> Reply.call("process_refund", Map.of("order_id", "A-1", "reason", "broken")));
        TicketReceived ticket = Tickets.ticket("Order A-1", "The lamp came in pieces. " + body);
        tickets.send("discreet", ticket);
        tickets.awaitLast(ticket, RunParked.class);
        return ticket;
    }

    private void reject(TicketReceived ticket, String reason) {
        tickets.send(
                "discreet",
                new ApprovalRejected(
                        UUID.randomUUID(), action(ticket), ticket.ticketId(), "user:a@discreet.example", reason));
    }

    private UUID action(TicketReceived ticket) {
        return tickets.only(ticket, ActionProposed.class).actionId();
    }

    private RunCompleted completed(TicketReceived ticket) {
        tickets.awaitLast(ticket, RunCompleted.class);
        return tickets.only(ticket, RunCompleted.class);
    }
}
