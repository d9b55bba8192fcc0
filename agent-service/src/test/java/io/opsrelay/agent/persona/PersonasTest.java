package io.opsrelay.agent.persona;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.draft.Tone;
import io.opsrelay.agent.persona.AiEmployee.Day;
import io.opsrelay.agent.persona.Personas.Assigned;
import io.opsrelay.agent.persona.Personas.Wanted;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
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
import io.opsrelay.messaging.job.Job;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** AI employees on real Kafka and PostgreSQL. Each test has clients of its own. */
@OpsRelayTest(service = "agent")
@SpringBootTest(
        properties = {
            "opsrelay.personas.demo-clients=demo",
            "opsrelay.knowledge.demo-clients=demo,formal",
            "opsrelay.personas.active-for=8s",
            "opsrelay.personas.employees[0].client=provided",
            "opsrelay.personas.employees[0].name=nora",
            "opsrelay.personas.employees[0].employee.display-name=Nora",
            "opsrelay.personas.employees[0].employee.role=Returns",
            "opsrelay.personas.employees[0].employee.avatar=https://provided.example/nora.png",
            "opsrelay.personas.employees[0].employee.primary-metric.name=satisfaction",
            "opsrelay.personas.employees[0].employee.primary-metric.unit=percent",
            "opsrelay.personas.employees[0].employee.tools=process_refund,check_order_status",
            "opsrelay.personas.employees[0].employee.intents=refund_request"
        })
@AutoConfigureMockMvc
class PersonasTest {

    private static final String EMPLOYEES = "/api/v1/ai/employees";
    private static final Assigned MIA = new Assigned("mia", Tone.FRIENDLY, Set.of());

    @Autowired
    private MockMvcTester http;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private EmployeeStore store;

    @Autowired
    private Personas personas;

    @Autowired
    private ClientTransactions transactions;

    @Test
    void theDemosThreeAreThereWithNothingMeasuredYet() {
        JsonNode items = json(get("demo", EMPLOYEES)).get("items");

        assertThat(items.valueStream().map(item -> item.get("name").asString()))
                .containsExactly("luna", "jade", "flora");
        JsonNode jade = items.get(1);
        assertThat(jade.get("status").asString()).isEqualTo("idle");
        assertThat(jade.at("/primary_metric/name").asString()).isEqualTo("conversion");
        assertThat(jade.at("/primary_metric/value").isNull()).isTrue();
        assertThat(jade.at("/today/runs").asInt()).isZero();
        assertThat(jade.at("/today/average_handling_seconds").isNull()).isTrue();
        assertThat(jade.at("/today/resolved_without_person").isNull()).isTrue();
        assertThat(jade.get("latest_activity").isNull()).isTrue();
        assertThat(json(get("nobody", EMPLOYEES)).get("items").isEmpty()).isTrue();
    }

    @Test
    void aClientGetsWhatTheConfigurationProvidesAndWhatPeopleMadeOfItStays(@Autowired Employees employees) {
        JsonNode nora = json(get("provided", EMPLOYEES)).get("items").get(0);
        assertThat(nora.get("display_name").asString()).isEqualTo("Nora");
        assertThat(nora.get("avatar").asString()).isEqualTo("https://provided.example/nora.png");
        assertThat(nora.get("tools").valueStream().map(JsonNode::asString))
                .containsExactly("process_refund", "check_order_status");
        assertThat(json(get("vacant", EMPLOYEES)).get("items").isEmpty()).isTrue();

        EmployeeBody other = new EmployeeBody(
                "Other",
                "Sales",
                null,
                null,
                new EmployeeBody.MetricBody("m", "percent"),
                List.of(),
                List.of(),
                null,
                null);
        employees.provide("provided", "nora", other);

        assertThat(json(get("provided", EMPLOYEES))
                        .get("items")
                        .get(0)
                        .get("display_name")
                        .asString())
                .isEqualTo("Nora");
        assertThatThrownBy(() -> employees.provide(
                        "provided", "No Name", new EmployeeBody(null, null, null, null, null, null, null, null, null)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("display_name");
    }

    @Test
    void anEmployeeIsMadeChangedAndRemovedByRevision() {
        MvcTestResult made = put("crud", "mia", employee("\"tone\": \"formal\""), null);
        assertThat(made).hasStatusOk().hasHeader("ETag", "\"1\"");
        assertThat(made).bodyJson().extractingPath("status").isEqualTo("idle");
        assertThat(made).bodyJson().extractingPath("tone").isEqualTo("formal");
        assertThat(json(made).has("employee_id")).isFalse();

        assertThat(put("crud", "mia", employee("\"enabled\": false"), "\"9\"")).hasStatus(412);
        assertThat(get("crud", EMPLOYEES + "/mia")).hasHeader("ETag", "\"1\"");
        MvcTestResult changed = put("crud", "mia", employee("\"enabled\": false"), "\"1\"");
        assertThat(changed).hasStatusOk().hasHeader("ETag", "\"2\"");
        assertThat(changed).bodyJson().extractingPath("status").isEqualTo("offline");

        assertThat(call("crud", Role.ADMIN, "DELETE", EMPLOYEES + "/mia", "", "\"1\""))
                .hasStatus(412);
        assertThat(call("crud", Role.ADMIN, "DELETE", EMPLOYEES + "/mia", "", "\"2\""))
                .hasStatus(204);
        assertThat(get("crud", EMPLOYEES + "/mia")).hasStatus(404);
        assertThat(put("crud", "mia", employee("\"enabled\": true"), null)).hasStatusOk();
        awaitFeed("crud", "ai_status_changed", 4);
        assertThat(statuses("crud", "mia")).containsExactly("1 idle", "2 offline", "3 offline", "4 idle");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            display_name        | {"role": "R", "primary_metric": {"name": "m", "unit": "percent"}}
            role                | {"display_name": "D", "role": " ", "primary_metric": {"name": "m", "unit": "percent"}}
            primary_metric      | {"display_name": "D", "role": "R"}
            primary_metric.unit | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "%"}}
            primary_metric.value| {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p", "value": 99}}
            tools               | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "tools": ["rm -rf"]}
            tools               | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "tools": ["a", "a"]}
            tools               | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "tools": ["proces_refund"]}
            intents             | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "intents": [null]}
            languages           | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "languages": ["EN"]}
            avatar              | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "avatar": "http://x/y"}
            tone                | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "tone": "rude"}
            status              | {"display_name": "D", "role": "R", "primary_metric": {"name": "m", "unit": "p"}, "status": "active"}
            """)
    void aBadEmployeeIsRefusedByFieldAndNothingChanges(String field, String body) {
        MvcTestResult refused = put("refused", "x", body, null);

        assertThat(refused.getResponse().getStatus()).isIn(400, 422);
        assertThat(json(refused).get("errors").valueStream().map(error -> error.get("field")
                        .asString()))
                .contains(field);
        assertThat(json(get("refused", EMPLOYEES)).get("items").isEmpty()).isTrue();
    }

    @Test
    void onlyAnAdminChangesEmployeesAndOnlyTheirClientSeesThem() {
        assertThat(put("ours", "mia", employee("\"enabled\": true"), null)).hasStatusOk();

        for (Role role : List.of(Role.VIEWER, Role.AGENT, Role.APPROVER, Role.SRE)) {
            assertThat(call("ours", role, "PUT", EMPLOYEES + "/mia", employee("\"enabled\": false"), null))
                    .hasStatus(403);
            assertThat(call("ours", role, "DELETE", EMPLOYEES + "/mia", "", null))
                    .hasStatus(403);
            assertThat(call("ours", role, "GET", EMPLOYEES + "/mia", "", null)).hasStatusOk();
        }
        assertThat(call("ours", Role.INGEST, "GET", "/api/v1/ai/activities", "", null))
                .hasStatus(403);
        assertThat(get("theirs", EMPLOYEES + "/mia")).hasStatus(404);
        assertThat(get("theirs", EMPLOYEES + "/mia/activities")).hasStatus(404);
        assertThat(put("ours", "No-Name", employee("\"enabled\": true"), null)).hasStatus(422);
    }

    @Test
    void aRunIsHandledByWhoeverIsThereForItsIntentAndIsSeenAsAnActivity() {
        put("routes", "anna", employee("\"tools\": [\"search_knowledge_base\"]"), null);
        put("routes", "rita", employee("\"tools\": [\"process_refund\"], \"intents\": [\"refund_request\"]"), null);
        TicketReceived refund = ticket("api", "Order A-1001", "The lamp came in pieces, I want my money back.");
        TicketReceived other = ticket("email", "Hours", "When are you open?");

        send("routes", refund);
        send("routes", other);
        ActionProposed proposed = await(refund, ActionProposed.class);
        await(refund, RunParked.class);
        await(other, RunCompleted.class);
        assertThat(await(refund, RunStarted.class).employee()).isEqualTo("rita");
        assertThat(await(refund, TicketClassified.class).employee()).isEqualTo("rita");
        assertThat(await(other, RunStarted.class).employee()).isEqualTo("anna");
        send(
                "routes",
                new ApprovalRejected(
                        UUID.randomUUID(),
                        proposed.actionId(),
                        refund.ticketId(),
                        "user:a@routes.example",
                        "too late"));
        await(refund, RunCompleted.class);

        assertThat(proposed.requester()).isEqualTo("ai:rita");
        JsonNode rita = json(get("routes", EMPLOYEES + "/rita"));
        assertThat(rita.at("/today/runs").asInt()).isEqualTo(1);
        assertThat(rita.at("/today/resolved").asInt()).isEqualTo(1);
        assertThat(rita.at("/today/resolved_without_person").asDouble()).isZero();
        assertThat(rita.at("/today/average_handling_seconds").isNumber()).isTrue();
        assertThat(rita.at("/latest_activity/description").asString()).isEqualTo("Resolved: refund request");
        JsonNode anna = json(get("routes", EMPLOYEES + "/anna"));
        assertThat(anna.at("/today/escalated").asInt()).isEqualTo(1);
        assertThat(anna.at("/latest_activity/type").asString()).isEqualTo("email");
        assertThat(anna.at("/latest_activity/outcome").asString()).isEqualTo("escalated");
        JsonNode newest = json(get("routes", "/api/v1/ai/activities?limit=1"));
        assertThat(newest.at("/items/0/description").asString()).isEqualTo("Resolved: refund request");
        JsonNode older = json(get(
                "routes",
                "/api/v1/ai/activities?limit=4&cursor="
                        + newest.get("next_cursor").asString()));
        assertThat(older.get("items").valueStream().map(activity -> activity.get("ai_employee")
                        .asString()))
                .containsExactlyInAnyOrder("anna", "anna", "rita", "rita");
        assertThat(json(get("routes", EMPLOYEES + "/anna/activities"))
                        .get("items")
                        .valueStream()
                        .map(activity -> activity.get("description").asString()))
                .hasSize(2)
                .allMatch(description -> description.startsWith("Took up: ") || description.startsWith("Handed "));
        assertThat(json(get("routes-not", "/api/v1/ai/activities")).get("items").isEmpty())
                .isTrue();
    }

    @Test
    void whoWorkedIsActiveForAWhileThenIdleAndOfflineWhenDisabled() {
        put("status", "mia", employee("\"enabled\": true"), null);
        TicketReceived ticket = ticket("api", "Thanks", "Thank you, you are wonderful!");

        send("status", ticket);
        await(ticket, RunCompleted.class);

        awaitStatus("status", "mia", "3 idle");
        assertThat(statuses("status", "mia")).containsExactly("1 idle", "2 active", "3 idle");
        assertThat(json(get("status", EMPLOYEES + "/mia")).get("status").asString())
                .isEqualTo("idle");
        put("status", "mia", employee("\"enabled\": false"), null);
        awaitStatus("status", "mia", "4 offline");
    }

    @Test
    void whoHasARunInHandIsAtWorkHoweverLongItTakes() {
        put("busy", "mia", employee("\"enabled\": true"), null);
        UUID runId = UUID.randomUUID();
        Instant longAgo = Instant.now().minusSeconds(3600);
        transactions.run(
                "busy",
                () -> personas.assign(
                        "busy", runId, ticket("api", "Thanks", "Thank you!"), new Wanted("praise", "en"), longAgo));
        Instant now = Instant.parse("2026-11-20T12:00:00Z");

        assertThat(json(get("busy", EMPLOYEES + "/mia")).get("status").asString())
                .isEqualTo("active");
        assertThat(transactions.read("busy", () -> store.lastWork("mia", now))).contains(now);
        transactions.run("busy", () -> store.rest(runId, now.minusSeconds(50)));
        assertThat(transactions.read("busy", () -> store.lastWork("mia", now))).contains(now.minusSeconds(50));
    }

    @Test
    void whetherSomebodyIsIdleIsAskedAgainLaterWithoutWaitingForTheRunsInHand() {
        put("held", "mia", employee("\"enabled\": true"), null);
        transactions.run(
                "held",
                () -> personas.assign(
                        "held",
                        UUID.randomUUID(),
                        ticket("api", "Thanks", "Thank you!"),
                        new Wanted("praise", "en"),
                        Instant.now()));
        Settling settling = new Settling(
                "held",
                transactions.read("held", () -> store.find("mia").orElseThrow().employeeId()));

        transactions.run("held", () -> {
            assertThat(store.holdActive("mia")).isTrue();
            // On a thread of its own, as jobs are: did it wait for this transaction, both would wait.
            CompletableFuture.runAsync(() -> personas.settle(settling))
                    .orTimeout(60, TimeUnit.SECONDS)
                    .join();
        });

        assertThat(settling.putOff).containsExactly(Duration.ofSeconds(8));
    }

    @Test
    void figuresCountWorkWithoutTheTimeOfWaiting() {
        put("figures", "mia", employee("\"enabled\": true"), null);
        Instant noon = Instant.parse("2026-11-20T12:00:00Z");
        UUID waited = UUID.randomUUID();
        UUID alone = UUID.randomUUID();
        UUID yesterdays = UUID.randomUUID();
        transactions.run("figures", () -> {
            store.begin("figures", waited, MIA, noon, noon);
            store.rest(waited, noon.plusSeconds(2));
            store.begin("figures", waited, MIA, noon.plusSeconds(100), noon.plusSeconds(100));
            store.finish(waited, "escalated", noon.plusSeconds(103));
            store.begin("figures", alone, MIA, noon, noon);
            store.finish(alone, "resolved", noon.plusSeconds(1));
            store.begin("figures", yesterdays, MIA, noon, noon.minus(Duration.ofDays(1)));
            store.finish(yesterdays, "failed", noon.minus(Duration.ofDays(1)));
        });

        Day day = transactions
                .read("figures", () -> store.seen("mia", noon.plusSeconds(200)))
                .getFirst()
                .today();

        assertThat(day).isEqualTo(new Day(2, 1, 1, 0, 1, 3.0));
        assertThat(day.shareResolvedAlone()).isEqualTo(0.5);
        assertThat(EmployeeController.PrimaryMetric.of(new AiEmployee.Metric("efficiency", "percent"), day)
                        .value())
                .isEqualTo(50.0);
        assertThat(EmployeeController.PrimaryMetric.of(new AiEmployee.Metric("satisfaction", "percent"), day)
                        .value())
                .isNull();
    }

    @Test
    void intentThenLanguageThenOrderDecideWhoIsAssigned() {
        put("rules", "first", employee("\"languages\": [\"de\"]"), null);
        put("rules", "second", employee("\"enabled\": true"), null);
        put("rules", "off", employee("\"enabled\": false, \"intents\": [\"spam\"]"), null);
        put("rules", "bugs", employee("\"intents\": [\"bug_report\"], \"languages\": [\"en\"]"), null);

        assertThat(routed("bug_report", "en")).contains("bugs");
        assertThat(routed("bug_report", "de")).contains("first");
        assertThat(routed("spam", "en")).contains("second");
        assertThat(routed("praise", "de")).contains("first");
        assertThat(transactions.read("rules-none", () -> store.routed("praise", "en")))
                .isEmpty();
    }

    @Test
    void theRepliesOfAnEmployeeHaveItsTone() {
        put("formal", "mia", employee("\"tone\": \"formal\""), null);
        TicketReceived ticket = ticket("api", "A question", "How long do refunds take?");

        send("formal", ticket);

        assertThat(await(ticket, ReplyDrafted.class).text())
                .startsWith("Dear Sir or Madam,")
                .endsWith("Yours faithfully");
        await(ticket, RunCompleted.class);
    }

    @Test
    void whoMayNotRefundHandsOver() {
        put("barred", "mia", employee("\"tools\": [\"search_knowledge_base\"]"), null);
        TicketReceived ticket = ticket("api", "Order A-1001", "The lamp came in pieces, I want my money back.");

        send("barred", ticket);

        RunCompleted completed = await(ticket, RunCompleted.class);
        assertThat(completed.outcome()).isEqualTo(Outcome.ESCALATED);
        assertThat(completed.reason()).isEqualTo("mia may not use process_refund");
        assertThat(kafka.all(Topics.TICKET))
                .noneMatch(message -> is(message, ticket.ticketId().toString(), ActionProposed.class));
    }

    @Test
    void manyRunsAtOnceMakeOneAppearance() throws Exception {
        put("crowd", "mia", employee("\"enabled\": true"), null);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Optional<Assigned>>> assigned = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                assigned.add(threads.submit(() -> transactions.call(
                        "crowd",
                        () -> personas.assign(
                                "crowd",
                                UUID.randomUUID(),
                                ticket("api", "Thanks", "Thank you!"),
                                new Wanted("praise", "en"),
                                Instant.now()))));
            }
            for (Future<Optional<Assigned>> one : assigned) {
                assertThat(one.get()).isPresent();
            }
        }

        awaitStatus("crowd", "mia", "2 active");
        assertThat(statuses("crowd", "mia")).containsExactly("1 idle", "2 active");
    }

    private Optional<String> routed(String intent, String language) {
        return transactions.read("rules", () -> store.routed(intent, language)).map(Assigned::name);
    }

    private static String employee(String more) {
        return """
                {"display_name": "Mia", "role": "Support", "primary_metric": {"name": "efficiency", "unit": "percent"},
                 %s}""".formatted(more);
    }

    private MvcTestResult put(String client, String name, String body, String ifMatch) {
        return call(client, Role.ADMIN, "PUT", EMPLOYEES + "/" + name, body, ifMatch);
    }

    private MvcTestResult get(String client, String uri) {
        return call(client, Role.VIEWER, "GET", uri, "", null);
    }

    private MvcTestResult call(String client, Role role, String method, String uri, String body, String ifMatch) {
        var request = http.method(HttpMethod.valueOf(method))
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role));
        if (!body.isEmpty()) {
            request = request.contentType("application/json").content(body);
        }
        return (ifMatch == null ? request : request.header("If-Match", ifMatch)).exchange();
    }

    private static JsonNode json(MvcTestResult answer) {
        return JsonMapper.shared().readTree(answer.getResponse().getContentAsByteArray());
    }

    private static TicketReceived ticket(String channel, String subject, String body) {
        return new TicketReceived(
                UUID.randomUUID(),
                channel,
                subject,
                body,
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null,
                null,
                Map.of());
    }

    private void send(String client, Event event) {
        new Tickets(kafka).send(client, event);
    }

    private <E extends Event> E await(TicketReceived ticket, Class<E> type) {
        ConsumerRecord<String, byte[]> message = kafka.await(
                Topics.TICKET, record -> is(record, ticket.ticketId().toString(), type));
        return ContractJson.mapper().readValue(message.value(), type);
    }

    private static boolean is(ConsumerRecord<String, byte[]> message, String key, Class<? extends Event> type) {
        return key.equals(message.key())
                && EventCatalog.typeOf(type).value().equals(TestKafka.header(message, Headers.TYPE));
    }

    private List<JsonNode> awaitFeed(String client, String frame, int count) {
        return kafka.await(Topics.FEED, count, record -> isFrame(record, client, frame), TestKafka.PATIENCE).stream()
                .map(record -> JsonMapper.shared().readTree(record.value()))
                .toList();
    }

    private void awaitStatus(String client, String name, String status) {
        kafka.await(
                Topics.FEED,
                record -> isFrame(record, client, "ai_status_changed")
                        && status(JsonMapper.shared().readTree(record.value()), name)
                                .equals(status));
    }

    /** Version and status of each record, in order. */
    private List<String> statuses(String client, String name) {
        return kafka.all(Topics.FEED).stream()
                .filter(record -> isFrame(record, client, "ai_status_changed"))
                .map(record -> status(JsonMapper.shared().readTree(record.value()), name))
                .filter(status -> !status.isEmpty())
                .collect(Collectors.toList());
    }

    private static String status(JsonNode data, String name) {
        return data.get("ai_employee").asString().equals(name)
                ? data.get("version").asLong() + " " + data.get("status").asString()
                : "";
    }

    private static boolean isFrame(ConsumerRecord<String, byte[]> message, String client, String frame) {
        return client.equals(message.key())
                && "ai".equals(TestKafka.header(message, Headers.CHANNEL))
                && frame.equals(TestKafka.header(message, Headers.FRAME));
    }

    /** The job that asks whether somebody is idle, and how far it was put off. */
    private record Settling(String clientId, UUID subject, List<Duration> putOff) implements Job {

        Settling(String clientId, UUID subject) {
            this(clientId, subject, new ArrayList<>());
        }

        @Override
        public String kind() {
            return "settle";
        }

        @Override
        public int attempt() {
            return 1;
        }

        @Override
        public void done() {
            throw new AssertionError("somebody is at work");
        }

        @Override
        public void again(Duration delay) {
            putOff.add(delay);
        }

        @Override
        public void caused(Runnable work) {
            work.run();
        }
    }
}
