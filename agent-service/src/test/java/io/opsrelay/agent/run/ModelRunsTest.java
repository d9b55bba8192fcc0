package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.agent.AgentApi;
import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.WithModelServer;
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
import io.opsrelay.contracts.RunEvent.ToolCall;
import io.opsrelay.contracts.RunEvent.ToolsCalled;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.ReplyDrafted;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.Role;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;

/** Runs in which a model chooses the steps, on real Kafka and PostgreSQL, with a model server that says what the test wants. */
@WithModelServer("fake")
@SpringBootTest(
        properties = {
            "opsrelay.knowledge.demo-clients=looper,drafter,poor,stopped,router",
            "opsrelay.llm.models.fake.retries=0",
            "opsrelay.llm.models.fake.timeout=8s",
            "opsrelay.llm.models.fake.input-price=1000",
            "opsrelay.llm.models.fake.output-price=1000",
        })
class ModelRunsTest {

    private Tickets tickets;
    private AgentApi api;

    @Autowired
    private FakeModelServer model;

    @Autowired
    private TestDatabase database;

    @Autowired
    void connect(TestKafka kafka, MockMvcTester http) {
        tickets = new Tickets(kafka);
        api = new AgentApi(http);
    }

    @BeforeEach
    void clientsThatWantTheModel() {
        api.workflow(
                "looper",
                "{\"mode\":\"react\",\"engine\":\"fake\",\"limits\":{\"max_steps\":5,\"max_cost_usd\":100,\"daily_budget_usd\":1000000}}");
        api.workflow("drafter", "{\"mode\":\"pipeline\",\"engine\":\"fake\",\"limits\":{\"max_cost_usd\":100}}");
    }

    @Test
    void anAnswerIsLookedUpAndCitesWhatItRestsOn() {
        model.thinks(request -> results(request).isEmpty()
                ? Reply.call("search_knowledge_base", Map.of("query", "How long do refunds take?"))
                : Reply.call(
                        "reply_to_customer", Map.of("text", "Please see our rules for refunds.", "passages", "p1")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("looper", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).isEqualTo("Please see our rules for refunds.");
        assertThat(tickets.only(ticket, ReplyDrafted.class).citations())
                .singleElement()
                .satisfies(citation -> assertThat(citation.articleId()).startsWith("refunds"));
        assertThat(tickets.only(ticket, RunStarted.class).engine()).isEqualTo("fake");
        assertThat(tickets.said(ticket))
                .extracting(Object::getClass)
                .containsSubsequence(TicketClassified.class, ToolsCalled.class, ReplyDrafted.class, RunCompleted.class);
        assertThat(tickets.only(ticket, ToolsCalled.class).calls())
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.tool()).isEqualTo("search_knowledge_base");
                    assertThat(call.arguments()).isEqualTo(Map.of("query", "How long do refunds take?"));
                    assertThat(call.outcome()).isEqualTo("answered");
                    assertThat(call.detail()).matches("\\d+ passages?");
                    assertThat(call.millis()).isNotNegative();
                });
    }

    @Test
    void whatAToolIsAskedIsToldWithoutPersonalDataAndSoIsWhatIsRefused() {
        model.thinks(request -> results(request).isEmpty()
                ? Reply.call("search_knowledge_base", Map.of("query", "who is lena.lovelace@example.org"))
                        .and("check_order_status", Map.of("order_id", "A-77"))
                        .and("drop_tables", Map.of("all", "yes"))
                : Reply.call("escalate_to_human", Map.of("reason", "unsure")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("looper", ticket);

        completed(ticket);
        ToolsCalled told = tickets.only(ticket, ToolsCalled.class);
        assertThat(told.answer()).isEqualTo(1);
        assertThat(told.calls())
                .extracting(ToolCall::tool)
                .containsExactly("search_knowledge_base", "check_order_status", "drop_tables");
        assertThat(told.calls()).extracting(ToolCall::outcome).last().isEqualTo("refused");
        assertThat(told.calls().getFirst().arguments().toString())
                .contains("who is [EMAIL")
                .doesNotContain("lena.lovelace");
    }

    @Test
    void aRefundIsProposedWithoutTheAmountThatTheModelChose() {
        TicketReceived ticket = parked(Reply.call(
                "process_refund",
                Map.of("order_id", "A-1", "reason", "broken", "amount", "999999", "customer", "mallory@example.org")));

        ActionProposed proposed = tickets.only(ticket, ActionProposed.class);
        assertThat(proposed.actionType()).isEqualTo("refund");
        assertThat(proposed.arguments()).isEqualTo(Map.of("order_id", "A-1", "reason", "broken"));
        assertThat(proposed.customer()).isEqualTo(ticket.customer());
        // people see what the model wanted all the same
        assertThat(api.transcript("looper", "looper", ticket))
                .hasStatusOk()
                .bodyText()
                .contains("999999")
                .contains("\"role\":\"system\"");
        assertThat(api.transcript("drafter", "looper", ticket)).hasStatus(404);
    }

    @Test
    void aModelIsNotToldOfToolsThatNobodyWouldCarryOutAndMayNotUseThem() {
        // given
        api.workflow("handless", "{\"mode\":\"react\",\"engine\":\"fake\",\"limits\":{\"max_cost_usd\":100}}");
        tickets.send("handless", new ActionsOffered(List.of("password_reset")));
        await().untilAsserted(() -> assertThat(JdbcClient.create(database.admin())
                        .sql("select count(*) from agent.offered_actions where client_id = 'handless'")
                        .query(Integer.class)
                        .single())
                .isEqualTo(1));
        AtomicReference<JsonNode> told = new AtomicReference<>();
        model.thinks(request -> {
            told.compareAndSet(null, request.get("tools"));
            return results(request).isEmpty()
                    ? Reply.call("process_refund", Map.of("order_id", "A-1", "reason", "broken"))
                    : Reply.call("escalate_to_human", Map.of("reason", "it cannot be done"));
        });
        TicketReceived ticket = Tickets.ticket("Order A-1", "The lamp came in pieces, I want my money back.");

        // when
        tickets.send("handless", ticket);

        // then
        completed(ticket);
        assertThat(told.get().findValuesAsString("name"))
                .contains("reset_password", "search_knowledge_base")
                .doesNotContain("process_refund", "create_bug_report", "restart_deployment");
        assertThat(tickets.said(ticket)).noneMatch(ActionProposed.class::isInstance);
        assertThat(tickets.only(ticket, ToolsCalled.class).calls())
                .singleElement()
                .satisfies(call -> assertThat(call.outcome()).isEqualTo("refused"));
    }

    @Test
    void afterTheRefundTheModelsReplyStandsIfItStatesWhatWasDone() {
        TicketReceived ticket = parkedRefund();
        model.thinks(request ->
                Reply.call("reply_to_customer", Map.of("text", "We have refunded 25.00 EUR, reference re_42.")));

        succeed(ticket);

        assertThat(completed(ticket).reply()).isEqualTo("We have refunded 25.00 EUR, reference re_42.");
    }

    @Test
    void aReplyThatLeavesOutWhatWasDoneGivesWayToTheTemplate() {
        TicketReceived ticket = parkedRefund();
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "All is well now.")));

        succeed(ticket);

        assertThat(completed(ticket).reply()).contains("25.00 EUR").contains("re_42");
    }

    @Test
    void aRejectionAndItsReasonReachTheModelAndChangeTheReply() {
        TicketReceived ticket = parkedRefund();
        model.thinks(request -> Reply.call(
                "reply_to_customer",
                Map.of(
                        "text",
                        "We cannot do that, since "
                                + (results(request).contains("too late") ? "it is too late." : "?"))));

        tickets.send(
                "looper",
                new ApprovalRejected(
                        UUID.randomUUID(),
                        action(ticket),
                        ticket.ticketId(),
                        "user:approver@looper.example",
                        "too late"));

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed.reply()).isEqualTo("We cannot do that, since it is too late.");
    }

    @Test
    void afterARejectionNothingMayBeClaimedToBeDone() {
        TicketReceived ticket = parkedRefund();
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "We have refunded your order.")));

        tickets.send(
                "looper",
                new ApprovalRejected(
                        UUID.randomUUID(), action(ticket), ticket.ticketId(), "user:a@looper.example", "no"));

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reply()).doesNotContain("refunded");
        assertThat(steps(ticket)).contains("says that something was done");
    }

    @Test
    void aPersonsWordsAreTheReplyAndWhatNobodyDecidedIsAPersons() {
        TicketReceived answered = parkedRefund();
        tickets.send(
                "looper",
                new ApprovalResponded(
                        UUID.randomUUID(),
                        action(answered),
                        answered.ticketId(),
                        "user:a@looper.example",
                        "Call us, please."));
        TicketReceived lapsed = parkedRefund();
        tickets.send("looper", new ApprovalExpired(UUID.randomUUID(), action(lapsed), lapsed.ticketId()));

        assertThat(completed(answered).reply()).isEqualTo("Call us, please.");
        assertThat(completed(lapsed).outcome()).isEqualTo(Outcome.ESCALATED);
    }

    @Test
    void otherCallsOfATurnKeepTheirResultsWhileOneWaits() {
        TicketReceived ticket = parked(Reply.call("search_knowledge_base", Map.of("query", "How long do refunds take?"))
                .and("process_refund", Map.of("order_id", "A-1", "reason", "broken"))
                .and("reply_to_customer", Map.of("text", "Done!")));
        model.thinks(request -> {
            assertThat(results(request)).contains("[p1]").contains("not sent").contains("could not be carried out");
            return Reply.call(
                    "reply_to_customer", Map.of("text", "That did not work, and a colleague will write to you."));
        });

        tickets.send(
                "looper",
                new ActionFailed(action(ticket), ticket.ticketId(), "refund", "provider_refused", "the bank says no"));

        assertThat(completed(ticket).reply()).startsWith("That did not work");
    }

    @Test
    void severalActionsOfATurnAreAllWaitedFor() {
        TicketReceived ticket = parked(Reply.call("process_refund", Map.of("order_id", "A-1", "reason", "broken"))
                .and("process_refund", Map.of("order_id", "A-2", "reason", "late"))
                .and("process_refund", Map.of("order_id", "A-1", "reason", "again")));
        List<ActionProposed> proposed = tickets.said(ticket).stream()
                .filter(ActionProposed.class::isInstance)
                .map(ActionProposed.class::cast)
                .toList();
        assertThat(proposed).hasSize(2);
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "Neither was possible.")));

        for (ActionProposed one : proposed) {
            tickets.send("looper", new ActionFailed(one.actionId(), ticket.ticketId(), "refund", "no", "not today"));
        }

        assertThat(completed(ticket).reply()).isEqualTo("Neither was possible.");
    }

    @Test
    void anUnverifiedSenderGetsNoFinancialTool() {
        model.thinks(request -> {
            assertThat(request.get("tools").toString())
                    .doesNotContain("process_refund")
                    .doesNotContain("reset_password");
            return results(request).isEmpty()
                    ? Reply.call("process_refund", Map.of("order_id", "A-1", "reason", "broken"))
                    : Reply.call("escalate_to_human", Map.of("reason", "I may not refund"));
        });
        TicketReceived ticket = new TicketReceived(
                UUID.randomUUID(),
                "email",
                "Order A-1",
                "The lamp came in pieces, I want my money back.",
                new Customer(UUID.randomUUID(), "who@example.org", false),
                null,
                null,
                Map.of());

        tickets.send("looper", ticket);

        assertThat(completed(ticket).reason()).isEqualTo("I may not refund");
        assertThat(tickets.said(ticket)).noneMatch(ActionProposed.class::isInstance);
        assertThat(steps(ticket)).contains("there is no such tool here");
    }

    @Test
    void aModelThatNeverEndsIsStoppedAtItsLimitAndAPersonTakesOver() {
        model.thinks(request -> Reply.call("search_knowledge_base", Map.of("query", "refund")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("looper", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).contains("5 times");
    }

    @Test
    void aRunThatCostsTooMuchGoesToAPerson() {
        // 100 and 20 tokens of 1,000 dollars for a million each: 0.12 dollars an answer
        api.workflow(
                "thrifty",
                "{\"mode\":\"react\",\"engine\":\"fake\",\"limits\":{\"max_cost_usd\":0.2,\"daily_budget_usd\":1000000}}");
        model.thinks(request -> Reply.call("search_knowledge_base", Map.of("query", "refund")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("thrifty", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).contains("cost more than one may");
        assertThat(tickets.said(ticket))
                .filteredOn(ToolsCalled.class::isInstance)
                .hasSize(2);
    }

    @Test
    void aModelThatIsAwayLeavesTheWorkToTheLocalEngineWhichSaysSo() {
        model.thinks(request -> Reply.error(500, "out of order"));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("looper", ticket);

        assertThat(completed(ticket).outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(tickets.only(ticket, ReplyDrafted.class).citations()).isNotEmpty();
        assertThat(api.run("looper", ticket).get("engine").asString()).isEqualTo("local");
        assertThat(steps(ticket)).contains("out of order").contains("local engine went on");
    }

    @Test
    void aModelThatGoesAwayAfterTheRefundDoesNotKeepTheCustomerWaiting() {
        TicketReceived ticket = parkedRefund();
        model.thinks(request -> Reply.text("too late").after(Duration.ofMinutes(1)));

        succeed(ticket);

        assertThat(completed(ticket).reply()).contains("25.00 EUR").contains("re_42");
    }

    @Test
    void anotherActionThanARefundEndsInWordsThatFitIt() {
        Reply report = Reply.call(
                "create_bug_report",
                Map.of("title", "Export fails", "description", "It says 500.", "priority", "high"));
        TicketReceived done = parked(report);
        model.thinks(request -> Reply.error(500, "out of order"));
        tickets.send(
                "looper",
                new ActionSucceeded(action(done), done.ticketId(), "bug_report", "jira", Map.of("reference", "BUG-7")));
        assertThat(completed(done).outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(completed(done).reply())
                .contains("BUG-7")
                .contains("developers")
                .doesNotContain("order");

        TicketReceived lapsed = parked(report);
        tickets.send("looper", new ApprovalExpired(UUID.randomUUID(), action(lapsed), lapsed.ticketId()));
        assertThat(completed(lapsed).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed(lapsed).reply()).doesNotContain("refund");
    }

    @Test
    void aReplyThatLeavesOutTheReportsReferenceIsWordedByTheTemplate() {
        TicketReceived ticket = parked(Reply.call(
                "create_bug_report",
                Map.of("title", "Export fails", "description", "It says 500.", "priority", "high")));
        assertThat(tickets.only(ticket, ActionProposed.class).actionType()).isEqualTo("bug_report");
        model.thinks(request -> Reply.call("reply_to_customer", Map.of("text", "We have passed it on.")));

        tickets.send(
                "looper",
                new ActionSucceeded(
                        action(ticket), ticket.ticketId(), "bug_report", "github", Map.of("reference", "#12")));

        assertThat(completed(ticket).reply()).contains("#12");
    }

    @Test
    void aFiledBugAllowsNoClaimOfARefund() {
        TicketReceived ticket = parked(Reply.call(
                "create_bug_report",
                Map.of("title", "Export fails", "description", "It says 500.", "priority", "high")));
        model.thinks(request -> Reply.call(
                "reply_to_customer", Map.of("text", "We have refunded your order, and filed the bug report #12.")));

        tickets.send(
                "looper",
                new ActionSucceeded(
                        action(ticket), ticket.ticketId(), "bug_report", "github", Map.of("reference", "#12")));

        RunCompleted completed = completed(ticket);
        assertThat(String.valueOf(completed.reply())).doesNotContain("refunded");
        assertThat(steps(ticket)).contains("says that something was done");
    }

    @Test
    void aReplyInALanguageThatNobodyAskedForIsNotSent() {
        model.thinks(request -> results(request).contains("not sent")
                ? Reply.call("reply_to_customer", Map.of("text", "It is in our rules.", "passages", "p1"))
                : Reply.call(
                        "reply_to_customer",
                        Map.of(
                                "text",
                                "Abbiamo rimborsato tutto il suo ordine e il denaro arriverà presto sul suo conto.",
                                "passages",
                                "p1")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("drafter", ticket);

        assertThat(completed(ticket).reply()).isEqualTo("It is in our rules.");
        assertThat(steps(ticket)).contains("part of it is in it");
    }

    @Test
    void anAddressThatAModelNamesForAPasswordResetIsNotPassedOn() {
        TicketReceived ticket = parked(Reply.call("reset_password", Map.of("user_email", "ceo@acme.example")));

        ActionProposed proposed = tickets.only(ticket, ActionProposed.class);

        assertThat(proposed.actionType()).isEqualTo("password_reset");
        assertThat(proposed.arguments()).isEmpty();
        assertThat(proposed.customer()).isEqualTo(ticket.customer());
    }

    @Test
    void inAPipelineTheModelOnlyWordsTheAnswer() {
        model.thinks(request -> {
            assertThat(request.get("tools")).hasSize(2);
            assertThat(request.toString()).contains("[p1]");
            return Reply.call("reply_to_customer", Map.of("text", "It is all in our rules.", "passages", "p1"));
        });
        TicketReceived question = Tickets.ticket("A question", "How long do refunds take?");
        TicketReceived refund = Tickets.ticket("Order A-1007", "The lamp came in pieces, I want my money back.");

        tickets.send("drafter", question);
        tickets.send("drafter", refund);

        assertThat(completed(question).reply()).isEqualTo("It is all in our rules.");
        tickets.awaitLast(refund, RunParked.class);
        assertThat(tickets.only(refund, ActionProposed.class).arguments()).isEqualTo(Map.of("order_id", "A-1007"));
    }

    @Test
    void anInventedFactIsRefusedAndTheModelMayMendIt() {
        model.thinks(request -> results(request).contains("not sent")
                ? Reply.call("reply_to_customer", Map.of("text", "It is in our rules.", "passages", "p1"))
                : Reply.call(
                        "reply_to_customer",
                        Map.of("text", "It takes 99 days, see https://evil.example/pay", "passages", "p1")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("drafter", ticket);

        assertThat(completed(ticket).reply()).isEqualTo("It is in our rules.");
        assertThat(steps(ticket)).contains("the reply states 99");
    }

    @Test
    void withTheDaysBudgetUsedUpTheLocalEngineWorks() {
        api.workflow("poor", "{\"mode\":\"pipeline\",\"engine\":\"fake\",\"limits\":{\"daily_budget_usd\":0.0001}}");
        model.thinks(request ->
                Reply.call("reply_to_customer", Map.of("text", "It is all in our rules.", "passages", "p1")));
        TicketReceived first = Tickets.ticket("A question", "How long do refunds take?");
        tickets.send("poor", first);
        assertThat(completed(first).reply()).isEqualTo("It is all in our rules.");
        TicketReceived second = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("poor", second);

        assertThat(completed(second).reply()).doesNotContain("all in our rules");
        assertThat(api.run("poor", second).toString()).contains("budget is used up");
    }

    @Test
    void whatTheModelsCostIsToldByDayAndModelAndToTheClientAlone() {
        // given: two answers in one run
        api.workflow("payer", "{\"mode\":\"react\",\"engine\":\"fake\",\"limits\":{\"max_cost_usd\":100}}");
        model.thinks(request -> results(request).isEmpty()
                ? Reply.call("search_knowledge_base", Map.of("query", "How long do refunds take?"))
                : Reply.call("escalate_to_human", Map.of("reason", "unsure")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");
        tickets.send("payer", ticket);
        completed(ticket);

        // when
        MvcTestResult spend = api.get("payer", "/api/v1/agent/spend", Role.VIEWER);

        // then
        assertThat(spend).hasStatusOk().bodyJson().satisfies(body -> {
            assertThat(body).extractingPath("$.items.length()").isEqualTo(1);
            assertThat(body).extractingPath("$.items[0].model").isEqualTo("fake");
            assertThat(body).extractingPath("$.items[0].runs").isEqualTo(1);
            assertThat(body).extractingPath("$.items[0].answers").isEqualTo(2);
            assertThat(body)
                    .extractingPath("$.items[0].input_tokens")
                    .asNumber()
                    .satisfies(tokens -> assertThat(tokens.longValue()).isPositive());
            assertThat(body).extractingPath("$.items[0].cost_usd").asNumber().satisfies(cost -> assertThat(
                            cost.doubleValue())
                    .isPositive());
        });
        assertThat(api.get("stranger", "/api/v1/agent/spend", Role.ADMIN))
                .bodyJson()
                .extractingPath("$.items")
                .isEqualTo(List.of());
        assertThat(api.get("payer", "/api/v1/agent/spend?from=2020-01-01&to=2020-12-31", Role.SRE))
                .bodyJson()
                .extractingPath("$.items")
                .isEqualTo(List.of());
        assertThat(api.get("payer", "/api/v1/agent/spend", Role.INGEST)).hasStatus(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"from=yesterday", "from=2026-11-02&to=2026-11-01", "from=2024-01-01&to=2026-01-01", "to=9"})
    void aRangeThatCannotBeToldIsRefusedWithTheField(String query) {
        assertThat(api.get("payer", "/api/v1/agent/spend?" + query, Role.VIEWER))
                .hasStatus(400)
                .bodyText()
                .contains("\"field\"");
    }

    @Test
    void theConfiguredModelsAreListedWithoutTheirSecrets() {
        MvcTestResult models = api.get("payer", "/api/v1/agent/models", Role.VIEWER);

        assertThat(models).hasStatusOk().bodyJson().satisfies(body -> {
            assertThat(body).extractingPath("$.items[0].name").isEqualTo("fake");
            assertThat(body).extractingPath("$.items[0].provider").isEqualTo("openai");
            assertThat(body).extractingPath("$.items[0].input_price_usd").isEqualTo(1000);
        });
        assertThat(models).bodyText().contains("\"breaker\"").doesNotContain("127.0.0.1", "key");
        assertThat(api.get("payer", "/api/v1/agent/models", Role.INGEST)).hasStatus(403);
    }

    @Test
    void aBudgetOfNothingMeansNoModel() {
        api.workflow("poor", "{\"mode\":\"react\",\"engine\":\"fake\",\"limits\":{\"daily_budget_usd\":0}}");
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("poor", ticket);

        assertThat(completed(ticket).outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(api.run("poor", ticket).get("engine").asString()).isEqualTo("local");
    }

    @Test
    void aRuleOfTheWorkflowGivesACategoryToAPerson() {
        api.workflow(
                "router",
                "{\"mode\":\"react\",\"engine\":\"fake\",\"routing\":[{\"categories\":[\"refund_policy_question\"],\"to\":\"person\"}]}");
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("router", ticket);

        assertThat(completed(ticket).outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed(ticket).reason()).contains("refund_policy_question");
    }

    @Test
    void anOrdersStatusIsLookedUpAndMayBeStated() {
        api.orders("looper", """
                [{"order_id": "A-5555", "customer_email": "mary.major@example.org", "status": "shipped",
                  "tracking": "TRK-77"}]""");
        model.thinks(request -> results(request).isEmpty()
                ? Reply.call("check_order_status", Map.of("order_id", "A-5555"))
                : Reply.call("reply_to_customer", Map.of("text", "A-5555 is shipped, see TRK-77.")));
        TicketReceived ticket = Tickets.ticket("Where is it?", "Where is my order A-5555?");

        tickets.send("looper", ticket);

        assertThat(completed(ticket).reply()).isEqualTo("A-5555 is shipped, see TRK-77.");
    }

    private void succeed(TicketReceived ticket) {
        tickets.send(
                "looper",
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
                                "refunded_at", "2026-11-20T10:00:00Z")));
    }

    private TicketReceived parkedRefund() {
        return parked(Reply.call("process_refund", Map.of("order_id", "A-1", "reason", "broken")));
    }

    private TicketReceived parked(Reply first) {
        model.thinks(request -> first);
        TicketReceived ticket = Tickets.ticket("Order A-1", "The lamp came in pieces, I want my money back.");
        tickets.send("looper", ticket);
        tickets.awaitLast(ticket, RunParked.class);
        return ticket;
    }

    private UUID action(TicketReceived ticket) {
        return tickets.only(ticket, ActionProposed.class).actionId();
    }

    private RunCompleted completed(TicketReceived ticket) {
        tickets.awaitLast(ticket, RunCompleted.class);
        return tickets.only(ticket, RunCompleted.class);
    }

    /** All results of tools that the model has been told, one after the other. */
    private static String results(JsonNode request) {
        StringBuilder all = new StringBuilder();
        request.get("messages").forEach(message -> {
            if ("tool".equals(message.get("role").asString())) {
                all.append(message.get("content").asString()).append('\n');
            }
        });
        return all.toString();
    }

    private String steps(TicketReceived ticket) {
        for (String client : List.of("looper", "drafter")) {
            JsonNode run = api.run(client, ticket);
            if (!run.isMissingNode()) {
                return run.get("steps").toString();
            }
        }
        throw new AssertionError("no run of " + ticket.ticketId());
    }
}
