package io.opsrelay.agent.labels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.agent.Tickets;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.EventCatalog;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.http.HttpMethod;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client's own labels on real Kafka and PostgreSQL. Each test has clients of its own. */
@OpsRelayTest(service = "agent")
@SpringBootTest(
        properties = {
            "opsrelay.labels.lease=9s",
            "opsrelay.labels.retrain-after=3",
            "opsrelay.labels.most-examples=60500",
            "opsrelay.web.larger-bodies[/api/v1/agent/classifier/examples]=6MB"
        })
@AutoConfigureMockMvc
class OwnLabelsTest {

    private static final String CLASSIFIER = "/api/v1/agent/classifier";
    private static final String EXAMPLES = CLASSIFIER + "/examples";
    private static final String JSON_LINES = "application/x-ndjson";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String REFUND = "The lamp came in pieces, I want my money back.";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @Autowired
    private MockMvcTester http;

    @Autowired
    private TestKafka kafka;

    @Autowired
    private JdbcTemplate jdbc;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private Training training;

    @Autowired
    private ExampleStore examples;

    @Autowired
    private VersionStore versions;

    @Autowired
    private LabelsProperties properties;

    @Autowired
    private ClientClassifier classifier;

    @Test
    void aClientsOwnLabelIsTheCategoryOfItsNextTicketAndTheIntentStillChoosesThePlan() {
        String client = newClient();
        String other = newClient();
        assertThat(view(client).get("status").asString()).isEqualTo("none");

        JsonNode taken = json(put(client, JSON_LINES, shippedAs("own ")));
        MvcTestResult started = post(client, CLASSIFIER + "/train", "");

        assertThat(taken.get("added").asInt()).isEqualTo(taken.get("examples").asInt());
        assertThat(started).hasStatus(202);
        assertThat(json(started).get("version").asInt()).isEqualTo(1);
        assertThat(json(started).get("status").asString()).isEqualTo("training");
        JsonNode ready = awaitStatus(client, "ready");
        assertThat(ready.get("version").asInt()).isEqualTo(1);
        assertThat(ready.get("accuracy").asDouble()).isBetween(0.8, 0.999);
        assertThat(ready.get("calibration_error").asDouble()).isBetween(0.0, 0.03);
        assertThat(ready.get("progress").asDouble()).isEqualTo(1);
        assertThat(ready.get("label_figures").size())
                .isEqualTo(ready.get("labels").asInt());
        assertThat(ready.get("confusion").get(0).get("count").asInt()).isPositive();

        TicketReceived ticket = ticket("Order A-1001", REFUND);
        send(client, ticket);
        TicketReceived elsewhere = ticket("Order A-1001", REFUND);
        send(other, elsewhere);

        TicketClassified classified = said(ticket, TicketClassified.class);
        assertThat(classified.category()).isEqualTo("own refund_request");
        assertThat(classified.method()).isEqualTo("local+own");
        assertThat(classified.modelVersion()).endsWith("+own.1");
        assertThat(classified.confidence()).isBetween(0.5, 1.0);
        assertThat(said(ticket, ActionProposed.class).arguments()).isEqualTo(Map.of("order_id", "A-1001"));
        TicketClassified shipped = said(elsewhere, TicketClassified.class);
        assertThat(shipped.category()).isEqualTo("refund_request");
        assertThat(shipped.method()).isEqualTo("local");
        assertThat(json(get(client, "/api/v1/agent/runs?ticket_id=" + ticket.ticketId()))
                        .get("items")
                        .get(0)
                        .get("category")
                        .asString())
                .isEqualTo("own refund_request");
    }

    @Test
    void aDryRunAnswersWithTheClientsOwnLabelAndTheIntentBesideIt() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        train(client);

        JsonNode own = json(post(client, "/api/v1/agent/classify", "{\"text\": \"a cloudless sky 3\"}"));
        JsonNode shipped = json(post(newClient(), "/api/v1/agent/classify", "{\"text\": \"a cloudless sky 3\"}"));

        assertThat(own.get("category").asString()).isEqualTo("blue");
        assertThat(own.get("candidates").get(0).get("category").asString()).isEqualTo("blue");
        assertThat(own.get("method").asString()).isEqualTo("local+own");
        assertThat(own.get("model_version").asString()).endsWith("+own.1");
        assertThat(own.get("intent")).isEqualTo(shipped.get("category"));
        assertThat(shipped.get("method").asString()).isEqualTo("local");
    }

    @Test
    void theSameExamplesGiveTwoClientsTheSameModelAndNeitherSeesTheOther() {
        String one = newClient();
        String two = newClient();
        put(one, JSON_LINES, colours());
        put(two, "application/json", "[" + colours().strip().replace("\n", ",") + "]");
        train(one);
        assertThat(view(two).get("status").asString()).isEqualTo("none");
        assertThat(json(get(two, CLASSIFIER + "/versions")).get("items")).isEmpty();
        train(two);

        byte[] first = transactions.read(one, () -> versions.model(1).orElseThrow());
        byte[] second = transactions.read(two, () -> versions.model(1).orElseThrow());

        assertThat(second).isEqualTo(first);
        delete(one, EXAMPLES);
        assertThat(json(get(one, EXAMPLES)).get("items")).isEmpty();
        assertThat(json(get(two, EXAMPLES)).get("items")).isNotEmpty();
    }

    @Test
    void aBadLineIsNamedAndChangesNothing() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        int before = examplesOf(client);

        MvcTestResult broken = put(client, "text/csv", "text,label\nlight as the sky,blue\n\"dark as\n wine\",\n");
        MvcTestResult unknown = post(client, EXAMPLES, JSON_LINES, "{\"text\":\"a\",\"label\":\"b\",\"c\":\"d\"}");

        assertThat(broken).hasStatus(400).hasContentType("application/problem+json");
        assertThat(json(broken).get("errors").get(0).get("field").asString()).isEqualTo("line 3");
        assertThat(json(broken).get("errors").get(0).get("reason").asString()).isEqualTo("the label is empty");
        assertThat(unknown).hasStatus(400);
        assertThat(put(client, "text/plain", "text,label")).hasStatus(415);
        assertThat(examplesOf(client)).isEqualTo(before);
    }

    @Test
    void examplesAreReplacedAddedToListedByLabelAndDeleted() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        json(put(client, "text/csv", "text,label\r\n\"sky, sea\",blue\r\nblood,red\r\n"));
        MvcTestResult added = post(client, EXAMPLES, JSON_LINES, "{\"text\":\"wine\",\"label\":\"red\"}");

        assertThat(json(added).get("added").asInt()).isEqualTo(1);
        assertThat(json(added).get("examples").asInt()).isEqualTo(3);
        assertThat(json(added).get("labels").asInt()).isEqualTo(2);
        JsonNode page = json(get(client, EXAMPLES + "?label=red&limit=1"));
        assertThat(page.get("items").get(0).get("text").asString()).isEqualTo("wine");
        JsonNode next = json(get(
                client,
                EXAMPLES + "?label=red&limit=1&cursor="
                        + page.get("next_cursor").asString()));
        assertThat(next.get("items").get(0).get("text").asString()).isEqualTo("blood");
        assertThat(next.get("items").get(0).get("source").asString()).isEqualTo("upload");
        assertThat(next.get("next_cursor").isNull()).isTrue();
        assertThat(json(delete(client, EXAMPLES)).get("removed").asInt()).isEqualTo(3);
        assertThat(examplesOf(client)).isZero();
    }

    @Test
    void whoReplacesAtTheSameTimeReplacesOneAfterTheOther() throws Exception {
        String client = newClient();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<MvcTestResult>> sent = IntStream.range(0, 6)
                    .mapToObj(i -> threads.submit(() -> put(client, JSON_LINES, colours())))
                    .toList();
            for (Future<MvcTestResult> answer : sent) {
                assertThat(answer.get()).hasStatusOk();
            }
        }

        assertThat(examplesOf(client)).isEqualTo(40);
    }

    @Test
    void onlyAnAdministratorTeachesAndOnlyWithEnough() {
        String client = newClient();

        assertThat(call(HttpMethod.PUT, client, Role.AGENT, EXAMPLES, JSON_LINES, colours()))
                .hasStatus(403);
        assertThat(call(HttpMethod.POST, client, Role.AGENT, CLASSIFIER + "/train", JSON_LINES, ""))
                .hasStatus(403);
        assertThat(call(HttpMethod.GET, client, Role.AGENT, EXAMPLES, JSON_LINES, ""))
                .hasStatus(403);
        assertThat(call(HttpMethod.POST, client, Role.VIEWER, CLASSIFIER + "/corrections", "application/json", "{}"))
                .hasStatus(403);
        assertThat(call(HttpMethod.GET, client, Role.VIEWER, CLASSIFIER, JSON_LINES, ""))
                .hasStatusOk();
        put(client, JSON_LINES, "{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}");
        assertThat(post(client, CLASSIFIER + "/train", "")).hasStatus(422);
    }

    @Test
    void anOlderVersionClassifiesAgainAndOtherInstancesNotice() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        train(client);
        put(client, JSON_LINES, colours().replace("blue", "azure"));
        train(client);
        ClientClassifier elsewhere = new ClientClassifier(versions, transactions, properties);
        assertThat(elsewhere.classify(client, "a cloudless sky 3").orElseThrow().category())
                .isEqualTo("azure");

        MvcTestResult activated = post(client, CLASSIFIER + "/versions/1/activate", "");

        assertThat(activated).hasStatusOk();
        assertThat(classifier
                        .classify(client, "a cloudless sky 3")
                        .orElseThrow()
                        .category())
                .isEqualTo("blue");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(elsewhere
                        .classify(client, "a cloudless sky 3")
                        .orElseThrow()
                        .version())
                .isEqualTo(1));
        assertThat(view(client).get("version").asInt()).isEqualTo(1);
        assertThat(view(client).get("newest_version").asInt()).isEqualTo(2);
        assertThat(post(client, CLASSIFIER + "/versions/7/activate", "")).hasStatus(404);
        assertThat(post(newClient(), CLASSIFIER + "/versions/1/activate", "")).hasStatus(404);
    }

    @Test
    void onlyTheLastFiveModelsAndTheOneInUseAreKept() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        train(client);
        for (int version = 2; version <= 7; version++) {
            train(client);
        }

        assertThat(json(get(client, CLASSIFIER + "/versions")).get("items").valueStream())
                .extracting(version -> version.get("version").asInt())
                .containsExactly(7, 6, 5, 4, 3);
    }

    @Test
    void aTrainingWhoseInstanceVanishedIsTakenUpAgain() {
        String client = newClient();
        put(client, JSON_LINES, colours());

        // As after a kill: the job is claimed, its lease runs, and nobody works on it.
        transactions.run(client, () -> {
            UUID claimed = training.start(client, "user:someone").orElseThrow().trainingId();
            jdbc.update(
                    "update job set attempts = 1, epoch = 1, due_at = clock_timestamp() + interval '1 hour' where subject = ?",
                    claimed);
        });

        assertThat(post(client, CLASSIFIER + "/train", "")).hasStatus(409);
        UUID subject = transactions.read(client, () -> versions.all().getFirst().trainingId());
        jdbc.update("update job set due_at = clock_timestamp() where subject = ?", subject);
        assertThat(awaitStatus(client, "ready").get("version").asInt()).isEqualTo(1);
    }

    @Test
    void aWorkerThatLostItsLeaseDoesNotFinishTheTraining() {
        String client = newClient();
        put(client, JSON_LINES, shippedAs("own "));
        post(client, CLASSIFIER + "/train", "");
        UUID subject = transactions.read(client, () -> versions.all().getFirst().trainingId());
        // Another worker claimed the job meanwhile, as after a long pause of this one, and has not ended it yet.
        await().atMost(PATIENCE)
                .until(() -> jdbc.update(
                                "update job set epoch = epoch + 1, due_at = clock_timestamp() + interval '30 seconds' where subject = ? and epoch = 1",
                                subject)
                        == 1);

        String next = newClient();
        put(next, JSON_LINES, colours());
        train(next); // this one's turn comes when the worker has given up the other

        assertThat(view(client).get("status").asString()).isEqualTo("training");
        jdbc.update("update job set due_at = clock_timestamp() where subject = ?", subject);
        awaitStatus(client, "ready");
    }

    @Test
    void aTrainingThatNeverEndsFailsInTheEndAndTheOlderVersionStays() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        train(client);
        transactions.run(client, () -> {
            UUID subject = training.start(client, "user:someone").orElseThrow().trainingId();
            // Jobs are written just before the commit; this comes after that, and before anybody can claim it.
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    jdbc.update("update job set attempts = 3, epoch = 3 where subject = ?", subject);
                }
            });
        });

        JsonNode failed = awaitStatus(client, "failed");

        assertThat(failed.get("reason").asString()).contains("begun 3 times");
        assertThat(failed.get("version").asInt()).isEqualTo(1);
        assertThat(post(client, CLASSIFIER + "/versions/2/activate", "")).hasStatus(409);
        assertThat(classifier
                        .classify(client, "a cloudless sky 3")
                        .orElseThrow()
                        .version())
                .isEqualTo(1);
    }

    @Test
    void enoughCorrectionsTrainTheClassifierAgainAndAreBelieved() {
        String client = newClient();
        put(client, JSON_LINES, colours());
        train(client);
        assertThat(classifier
                        .classify(client, "a cloudless sky 3")
                        .orElseThrow()
                        .category())
                .isEqualTo("blue");

        UUID ticket = UUID.randomUUID();
        JsonNode first = correct(client, ticket, "grapes from the south", "purple");
        JsonNode again = correct(client, ticket, "grapes from the south", "violet");
        correct(client, null, "Grapes from the west ", "violet");
        assertThat(view(client).get("newest_version").asInt()).isEqualTo(1);
        JsonNode third = correct(client, null, "grapes from the north", "violet");

        assertThat(again.get("example_id")).isEqualTo(first.get("example_id"));
        assertThat(third.get("training_version").asInt()).isEqualTo(2);
        awaitStatus(client, "ready");
        OwnLabel label = classifier.classify(client, "grapes from the east").orElseThrow();
        assertThat(label.version()).isEqualTo(2);
        assertThat(label.category()).isEqualTo("violet");
        assertThat(view(client).get("examples").asInt()).isEqualTo(43);
        JsonNode kept = json(get(client, EXAMPLES + "?source=correction")).get("items");
        assertThat(kept).hasSize(3);
        assertThat(kept.get(0).get("created_by").asString()).startsWith("user:");
        // What is sent anew does not take back what people said.
        put(client, JSON_LINES, colours());
        assertThat(json(get(client, EXAMPLES + "?source=correction")).get("items"))
                .hasSize(3);
    }

    @Test
    void severalMegabytesAreTakenInOneRequestAndTooManyExamplesAreNot() {
        String client = newClient();
        String line =
                "{\"text\":\"%07d where on earth is the parcel that I have been waiting for\",\"label\":\"l%d\"}\n";
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            body.append(line.formatted(i, i % 50));
        }

        JsonNode taken = json(put(client, JSON_LINES, body.toString()));

        assertThat(body.length()).isBetween(5_000_000, 6_000_000);
        assertThat(taken.get("examples").asInt()).isEqualTo(60_000);
        assertThat(taken.get("labels").asInt()).isEqualTo(50);
        assertThat(put(client, JSON_LINES, body.append(body).toString())).hasStatus(413);
        StringBuilder labels = new StringBuilder("text,label\n");
        for (int i = 0; i <= 1_000; i++) {
            labels.append("x,m").append(i).append('\n');
        }
        MvcTestResult refused = put(client, "text/csv", labels.toString());
        assertThat(refused).hasStatus(422);
        assertThat(json(refused).get("errors").get(0).get("reason").asString()).contains("1001 different");
        assertThat(post(client, EXAMPLES, "text/csv", "text,label\n" + "a,l1\n".repeat(501)))
                .hasStatus(422);
        assertThat(examplesOf(client)).isEqualTo(60_000);
    }

    @Test
    void theApisDescriptionTellsTheFormsThatExamplesComeIn() {
        JsonNode paths = json(http.get().uri("/v3/api-docs").exchange()).get("paths");

        assertThat(paths.get(EXAMPLES)
                        .get("put")
                        .get("requestBody")
                        .get("content")
                        .propertyNames())
                .containsExactlyInAnyOrder("application/x-ndjson", "text/csv", "application/json");
        assertThat(paths.get(CLASSIFIER + "/train").get("post").get("responses").propertyNames())
                .contains("202");
    }

    private static String newClient() {
        return "client-" + UUID.randomUUID().toString().substring(0, 8);
    }

    private void train(String client) {
        int newest = view(client).path("newest_version").asInt(0);
        assertThat(post(client, CLASSIFIER + "/train", "")).hasStatus(202);
        assertThat(awaitStatus(client, "ready").get("newest_version").asInt()).isEqualTo(newest + 1);
    }

    private JsonNode awaitStatus(String client, String status) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(view(client).get("status").asString()).isEqualTo(status));
        return view(client);
    }

    private JsonNode view(String client) {
        return json(get(client, CLASSIFIER));
    }

    private int examplesOf(String client) {
        return transactions.read(client, () -> examples.counts().examples());
    }

    private JsonNode correct(String client, @Nullable UUID ticket, String text, String label) {
        String body = JSON.writeValueAsString(
                ticket == null
                        ? Map.of("text", text, "label", label)
                        : Map.of("ticket_id", ticket.toString(), "text", text, "label", label));
        MvcTestResult answer =
                call(HttpMethod.POST, client, Role.AGENT, CLASSIFIER + "/corrections", "application/json", body);
        assertThat(answer).hasStatus(201);
        return json(answer);
    }

    private MvcTestResult get(String client, String uri) {
        return call(HttpMethod.GET, client, Role.ADMIN, uri, "application/json", "");
    }

    private MvcTestResult delete(String client, String uri) {
        return call(HttpMethod.DELETE, client, Role.ADMIN, uri, "application/json", "");
    }

    private MvcTestResult put(String client, String type, String body) {
        return call(HttpMethod.PUT, client, Role.ADMIN, EXAMPLES, type, body);
    }

    private MvcTestResult post(String client, String uri, String body) {
        return post(client, uri, "application/json", body);
    }

    private MvcTestResult post(String client, String uri, String type, String body) {
        return call(HttpMethod.POST, client, Role.ADMIN, uri, type, body);
    }

    private MvcTestResult call(HttpMethod method, String client, Role role, String uri, String type, String body) {
        return http.method(method)
                .uri(uri)
                .header("Authorization", TestTokens.bearer(client, "someone@" + client + ".example", role))
                .header("Content-Type", type)
                .content(body.getBytes(StandardCharsets.UTF_8))
                .exchange();
    }

    private static JsonNode json(MvcTestResult answer) {
        return JSON.readTree(answer.getResponse().getContentAsByteArray());
    }

    /** Two labels that are easily told apart. */
    private static String colours() {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            lines.append("{\"text\":\"a cloudless sky %d\",\"label\":\"blue\"}\n".formatted(i));
            lines.append("{\"text\":\"a ripe tomato %d\",\"label\":\"red\"}\n".formatted(i));
        }
        return lines.toString();
    }

    /** The examples that the shipped classifier was trained with, under labels of the client's own. */
    private static String shippedAs(String prefix) {
        try (var stream = OwnLabelsTest.class.getResourceAsStream("/triage/examples.tsv")) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t", -1))
                    .filter(cells -> !cells[0].equals("out_of_scope"))
                    .map(cells -> JSON.writeValueAsString(Map.of("text", cells[4], "label", prefix + cells[0])))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        new Tickets(kafka).send(client, event);
    }

    private <E extends Event> E said(TicketReceived ticket, Class<E> type) {
        String wanted = EventCatalog.typeOf(type).value();
        kafka.await(
                Topics.TICKET,
                message -> ticket.ticketId().toString().equals(message.key())
                        && wanted.equals(TestKafka.header(message, Headers.TYPE)));
        List<E> found = kafka.all(Topics.TICKET).stream()
                .filter(message -> ticket.ticketId().toString().equals(message.key()))
                .filter(message -> wanted.equals(TestKafka.header(message, Headers.TYPE)))
                .map(message -> ContractJson.mapper().readValue(message.value(), type))
                .toList();
        assertThat(found).hasSize(1);
        return found.getFirst();
    }
}
