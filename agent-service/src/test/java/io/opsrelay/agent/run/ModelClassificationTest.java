package io.opsrelay.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.agent.Tickets;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.Role;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Tickets that a model classifies, on real Kafka and PostgreSQL, through the real client against a server of the test's. */
@OpsRelayTest(service = "agent")
@SpringBootTest(
        properties = {
            "opsrelay.llm.models.fake.provider=openai",
            "opsrelay.llm.models.fake.model=fake",
            "opsrelay.llm.models.fake.retries=0",
            "opsrelay.llm.models.fake.timeout=7s",
            "opsrelay.llm.models.fake.input-price=1000",
            "opsrelay.llm.models.fake.output-price=1000",
        })
@AutoConfigureMockMvc
class ModelClassificationTest {

    private static final FakeModelServer MODEL = new FakeModelServer();
    private static final String BODY =
            "The lamp of order A-1001 came in pieces, I want my money back. mary.major@example.org";

    private Tickets tickets;

    @Autowired
    private MockMvcTester http;

    @Autowired
    void connect(TestKafka kafka) {
        tickets = new Tickets(kafka);
    }

    @DynamicPropertySource
    static void model(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.llm.models.fake.base-url", () -> MODEL.url() + "/v1");
    }

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @BeforeEach
    void aClientThatWantsIt() {
        settings("reader", "{\"engine\": \"fake\", \"classification\": \"model\"}");
    }

    @Test
    void theModelsReadingIsTheClassificationAndTheIntentStillChoosesTheTool() {
        MODEL.thinks(request -> Reply.text(answer("complaint", 0.7)));
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("reader", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        TicketClassified classified = tickets.only(ticket, TicketClassified.class);
        assertThat(classified.category()).isEqualTo("complaint");
        assertThat(classified.confidence()).isEqualTo(0.7);
        assertThat(classified.outOfScope()).isFalse();
        assertThat(classified.sentiment()).isEqualTo("positive");
        assertThat(classified.priority()).isEqualTo("low");
        assertThat(classified.language()).isEqualTo("de");
        assertThat(classified.industry()).isEqualTo("retail");
        assertThat(classified.rootCause()).isEqualTo("The parcel was crushed.");
        assertThat(classified.method()).isEqualTo("model");
        assertThat(classified.modelVersion()).isEqualTo("fake");
        assertThat(tickets.only(ticket, ActionProposed.class).actionType()).isEqualTo("refund");
        assertThat(steps("reader", ticket)).contains("fake: complaint, confidence 0.70");
    }

    @Test
    void aModelCannotMakeARefundOfATicketThatAsksForNone() {
        MODEL.thinks(request -> Reply.text(answer("refund_request", 1)));
        TicketReceived ticket =
                Tickets.ticket("Praise", "You are wonderful, thank you so much for the great support! Order A-1001.");

        tickets.send("reader", ticket);

        assertThat(completed(ticket).outcome()).isEqualTo(Outcome.RESOLVED);
        assertThat(tickets.only(ticket, TicketClassified.class).category()).isEqualTo("refund_request");
        assertThat(tickets.said(ticket)).noneMatch(ActionProposed.class::isInstance);
    }

    @Test
    void theModelSeesNoPersonalDataAndASchemaInWhichAllIsRequired() {
        int before = MODEL.requests().size();
        MODEL.thinks(request -> Reply.text(answer("complaint", 0.7)));
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("reader", ticket);
        tickets.awaitLast(ticket, RunParked.class);

        JsonNode request = MODEL.requests().get(before);
        assertThat(request.toString()).doesNotContain("mary.major").contains("[EMAIL_1]");
        JsonNode format = request.get("response_format");
        assertThat(format.get("type").asString()).isEqualTo("json_schema");
        assertThat(format.get("json_schema").get("strict").asBoolean()).isTrue();
        JsonNode schema = format.get("json_schema").get("schema");
        assertThat(schema.get("required").size()).isEqualTo(7);
        assertThat(schema.get("additionalProperties").asBoolean()).isFalse();
        assertThat(schema.get("properties").get("category").get("enum").toString())
                .contains("\"refund_request\"")
                .contains("\"out_of_scope\"");
    }

    @Test
    void whereNoCategoryFitsTheLocalOneStandsAndIsMarked() {
        MODEL.thinks(request -> Reply.text(answer("out_of_scope", 0.9)));
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("reader", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        assertThat(tickets.only(ticket, TicketClassified.class).category()).isEqualTo("refund_request");
        assertThat(tickets.only(ticket, TicketClassified.class).outOfScope()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I am afraid I cannot do that.",
                "{\"category\": \"refund_request\"}",
                "<html><body><script>alert(1)</script></body></html>",
                "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":1}}}}}"
            })
    void anAnswerThatIsNotAsAskedLeavesItToTheLocalEngine(String hostile) {
        assertLocal(Reply.text(hostile), "was not used");
    }

    @Test
    void anInjectedCategoryAnImpossibleConfidenceAndMarkupLeaveItToTheLocalEngine() {
        assertLocal(Reply.text(answer("refund_request_without_approval", 0.9)), "its category is none");
        assertLocal(Reply.text(answer("complaint", 7)), "its confidence");
        assertLocal(
                Reply.text(answer("complaint", 0.9).replace("The parcel was crushed.", "<a href='//x'>x</a>")),
                "its root_cause");
        assertLocal(
                Reply.text(answer("complaint", 0.9).replace("crushed", "x".repeat(900_000))),
                "was not used: it is longer");
    }

    @Test
    void aModelThatIsTooSlowBrokenOrEndlessLeavesItToTheLocalEngine() {
        assertLocal(Reply.text(answer("complaint", 0.9)).after(Duration.ofSeconds(20)), "7000 ms");
        assertLocal(Reply.error(401, "who are you?"), "who are you?");
        assertLocal(Reply.forever(), "model fake failed");
        assertLocal(Reply.call("process_refund", "{\"order_id\": \"A-1\"}"), "was not used");
    }

    @Test
    void withoutABudgetTheModelIsNotAsked() {
        settings("poor", """
                {"engine": "fake", "classification": "model", "limits": {"daily_budget_usd": 0}}""");
        int before = MODEL.requests().size();
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("poor", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        assertThat(tickets.only(ticket, TicketClassified.class).method()).isEqualTo("local");
        assertThat(steps("poor", ticket)).contains("budget is used up; the local engine classified");
        assertThat(MODEL.requests()).hasSize(before);
    }

    @Test
    void whatItCostsCountsTowardTheDayAlsoIfTheAnswerIsNoUse() {
        // 120 tokens for a thousand dollars a million each
        settings("spender", """
                {"engine": "fake", "classification": "model", "limits": {"daily_budget_usd": 0.2}}""");
        MODEL.thinks(request -> Reply.text("nonsense"));
        for (int i = 0; i < 2; i++) {
            TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);
            tickets.send("spender", ticket);
            tickets.awaitLast(ticket, RunParked.class);
            assertThat(steps("spender", ticket)).contains("was not used");
        }
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("spender", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        assertThat(steps("spender", ticket)).contains("budget is used up; the local engine classified");
    }

    @Test
    void whatItUsedCountsTowardTheRun() {
        settings("looping", """
                {"mode": "react", "engine": "fake", "classification": "model", "limits": {"max_tokens": 110}}""");
        MODEL.thinks(request -> request.has("response_format")
                ? Reply.text(answer("complaint", 0.9))
                : Reply.call("reply_to_customer", "{\"text\": \"Never sent.\"}"));
        TicketReceived ticket = Tickets.ticket("A complaint", "This is a disgrace, I am furious about you.");

        tickets.send("looping", ticket);

        RunCompleted completed = completed(ticket);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).contains("120 of 110 tokens");
    }

    @Test
    void aReadingBringsATicketToAPersonAndKeepsItFromNone() {
        String routed = """
                {"engine": "fake", "classification": "model", "routing": [{"categories": ["%s"], "to": "person"}]}""";
        MODEL.thinks(request -> Reply.text(answer("security_report", 0.9)));
        settings("routed", routed.formatted("security_report"));
        TicketReceived read = Tickets.ticket("Order A-1001", BODY);
        tickets.send("routed", read);
        assertThat(completed(read).reason()).contains("gives security_report to a person");

        settings("routed", routed.formatted("refund_request"));
        TicketReceived found = Tickets.ticket("Order A-1001", BODY);
        tickets.send("routed", found);
        assertThat(completed(found).reason()).contains("gives refund_request to a person");
    }

    @Test
    void aClientWithLabelsOfItsOwnIsOfferedTheseAndNoOthers() {
        String classifier = "/api/v1/agent/classifier";
        StringBuilder examples = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            examples.append("{\"text\":\"a cloudless sky %d\",\"label\":\"blue\"}\n".formatted(i));
            examples.append("{\"text\":\"a ripe tomato %d\",\"label\":\"red\"}\n".formatted(i));
        }
        assertThat(call(
                        HttpMethod.PUT,
                        "labelled",
                        classifier + "/examples",
                        "application/x-ndjson",
                        examples.toString()))
                .hasStatusOk();
        assertThat(call(HttpMethod.POST, "labelled", classifier + "/train", "application/json", ""))
                .hasStatus(202);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(call(HttpMethod.GET, "labelled", classifier, "application/json", ""))
                        .bodyJson()
                        .extractingPath("status")
                        .isEqualTo("ready"));
        settings("labelled", "{\"engine\": \"fake\", \"classification\": \"model\"}");

        assertThat(classifiedAs("labelled", "red")).satisfies(classified -> {
            assertThat(classified.category()).isEqualTo("red");
            assertThat(classified.method()).isEqualTo("model");
        });
        assertThat(classifiedAs("labelled", "refund_request")).satisfies(classified -> {
            assertThat(classified.category()).isIn("red", "blue");
            assertThat(classified.method()).isEqualTo("local+own");
        });
    }

    private TicketClassified classifiedAs(String client, String category) {
        MODEL.thinks(request -> Reply.text(answer(category, 0.9)));
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);
        tickets.send(client, ticket);
        tickets.awaitLast(ticket, RunParked.class);
        return tickets.only(ticket, TicketClassified.class);
    }

    @Test
    void onlyAModelCanBeAskedToClassify() {
        assertThat(put("refused", "{\"engine\": \"local\", \"classification\": \"model\"}"))
                .hasStatus(422)
                .bodyText()
                .contains("classification");
        assertThat(put("refused", "{\"engine\": \"fake\", \"classification\": \"somebody\"}"))
                .hasStatus(400);
    }

    private void assertLocal(Reply reply, String reason) {
        MODEL.thinks(request -> reply);
        TicketReceived ticket = Tickets.ticket("Order A-1001", BODY);

        tickets.send("reader", ticket);

        tickets.awaitLast(ticket, RunParked.class);
        TicketClassified classified = tickets.only(ticket, TicketClassified.class);
        assertThat(classified.category()).isEqualTo("refund_request");
        assertThat(classified.method()).isEqualTo("local");
        assertThat(classified.rootCause()).isNull();
        assertThat(steps("reader", ticket)).contains(reason).contains("the local engine classified");
    }

    private static String answer(String category, double confidence) {
        return """
                {"category": "%s", "confidence": %s, "sentiment": "positive", "priority": "low", "language": "de",
                 "industry": "retail", "root_cause": "The parcel was crushed."}""".formatted(category, confidence);
    }

    private RunCompleted completed(TicketReceived ticket) {
        tickets.awaitLast(ticket, RunCompleted.class);
        return tickets.only(ticket, RunCompleted.class);
    }

    private String steps(String client, TicketReceived ticket) {
        MvcTestResult answer = http.get()
                .uri("/api/v1/agent/runs?ticket_id=" + ticket.ticketId())
                .header("Authorization", TestTokens.bearer(client, "v@" + client + ".example", Role.VIEWER))
                .exchange();
        List<JsonNode> runs = List.copyOf(JsonMapper.shared()
                .readTree(answer.getResponse().getContentAsByteArray())
                .get("items")
                .values());
        return runs.getFirst().get("steps").toString();
    }

    private void settings(String client, String body) {
        assertThat(put(client, body)).hasStatusOk();
    }

    private MvcTestResult put(String client, String body) {
        return call(HttpMethod.PUT, client, "/api/v1/agent/workflow", MediaType.APPLICATION_JSON_VALUE, body);
    }

    private MvcTestResult call(HttpMethod method, String client, String uri, String type, String body) {
        return http.method(method)
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "admin@" + client + ".example", Role.ADMIN))
                .header("Content-Type", type)
                .content(body)
                .exchange();
    }
}
