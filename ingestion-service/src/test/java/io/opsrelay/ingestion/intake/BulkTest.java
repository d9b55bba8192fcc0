package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@IngestionServiceTest
class BulkTest {

    private static final String PATH = "/api/v1/tickets/bulk";

    /** A client of its own for each test: tickets are counted. */
    private final String client = "bulk-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    TestKafka kafka;

    @Autowired
    TestDatabase database;

    @Test
    void eachLineHasItsAnswerInOrderBrokenOnesToo() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (String line : List.of(
                ticket("good-1"),
                "{\"subject\":\"s\"",
                "",
                "[1,2]",
                "null",
                "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"prio\":\"high\"}",
                "{\"subject\":\"\",\"customer_email\":\"nobody\"}",
                "{\"subject\":7,\"body\":\"b\",\"customer_email\":\"a@b.co\"}",
                "{\"subject\":\"s\",\"body\":\"" + "x".repeat(1_100_000) + "\"}",
                "[".repeat(2_000),
                ticket("good-2") + "\r")) {
            body.write((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        body.write("{\"subject\":\"".getBytes(StandardCharsets.UTF_8));
        body.write(new byte[] {(byte) 0xc3, (byte) 0x28, '"', '}', '\n'});
        body.write(ticket("good-3").getBytes(StandardCharsets.UTF_8));

        Api.Answer answer = post(body.toByteArray(), Map.of()).has(200);

        assertThat(answer.contentType()).startsWith("application/x-ndjson");
        List<JsonNode> lines = lines(answer);
        assertThat(lines.stream().map(line -> line.get("line").asLong()))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 13).mapToObj(i -> (long) i).toList());
        assertThat(lines.stream().map(BulkTest::told))
                .containsExactly(
                        "accepted",
                        "is not valid JSON in UTF-8",
                        "must be a ticket as a JSON object",
                        "must be a ticket as a JSON object",
                        "must be a ticket as a JSON object",
                        "prio is not a field of this request",
                        "subject must not be blank, body is required,"
                                + " customer_email must be an e-mail address, like name@example.org",
                        "subject does not have the form it must have",
                        "is longer than the 1048576 bytes that a line may have",
                        "must be a ticket as a JSON object",
                        "accepted",
                        "is not valid JSON in UTF-8",
                        "accepted");
        assertThat(tickets()).isEqualTo(3);
        assertThat(get(lines.get(0)).get("external_id").asString()).isEqualTo("good-1");
        assertThat(get(lines.get(12)).get("external_id").asString()).isEqualTo("good-3");
    }

    @Test
    void whatIsAcceptedIsStoredWholeAndToldToOthers() {
        String line =
                "{\"subject\":\"Broken lamp\",\"body\":\"In pieces.\",\"customer_email\":\"Mary.Major@Example.org\","
                        + "\"priority\":\"high\",\"channel\":\"chat\",\"metadata\":{\"shop\":\"berlin\"},\"external_id\":\"w-1\"}";

        JsonNode answer = lines(post(line, Map.of()).has(200)).getFirst();

        JsonNode ticket = get(answer);
        assertThat(ticket.get("status").asString()).isEqualTo("received");
        assertThat(ticket.get("channel").asString()).isEqualTo("chat");
        assertThat(ticket.get("priority").asString()).isEqualTo("high");
        assertThat(ticket.get("customer").get("email").asString()).isEqualTo("mary.major@example.org");
        assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
        assertThat(ticket.get("metadata").get("shop").asString()).isEqualTo("berlin");
        assertThat(ticket.get("messages").get(0).get("text").asString()).isEqualTo("In pieces.");
        assertThat(ticket.get("timeline").get(0).get("event").asString()).isEqualTo("ticket_received");
        String id = answer.get("ticket_id").asString();
        var told = kafka.await(Topics.TICKET, message -> id.equals(message.key()));
        TicketReceived event = ContractJson.mapper().readValue(told.value(), TicketReceived.class);
        assertThat(event.subject()).isEqualTo("Broken lamp");
        assertThat(event.customer().email()).isEqualTo("mary.major@example.org");
    }

    @Test
    void theTicketsOfALargeRequestTakeAWayOfTheirOwnAndAFewDoNot() {
        String many = IntStream.range(0, 40).mapToObj(i -> ticket("many-" + i)).collect(Collectors.joining("\n"));

        JsonNode ofMany = lines(post(many, Map.of()).has(200)).getFirst();
        JsonNode ofFew = lines(post(ticket("few-1"), Map.of()).has(200)).getFirst();

        String id = ofMany.get("ticket_id").asString();
        assertThat(kafka.await(Topics.TICKET_BULK, message -> id.equals(message.key()))
                        .value())
                .isNotEmpty();
        assertThat(UUID.fromString(ofFew.get("ticket_id").asString()).version()).isEqualTo(7);
        assertThat(get(ofMany).get("status").asString()).isEqualTo("received");
    }

    @Test
    void sentAgainEveryLineIsARepetition() {
        String body = ticket("r-1") + "\n" + ticket("r-2") + "\n" + ticket("r-1");

        List<JsonNode> first = lines(post(body, Map.of()).has(200));
        List<JsonNode> second =
                lines(post(body + "\n" + ticket("r-3"), Map.of()).has(200));

        assertThat(first.stream().map(BulkTest::told)).containsExactly("accepted", "accepted", "repeated");
        assertThat(first.get(2).get("ticket_id")).isEqualTo(first.get(0).get("ticket_id"));
        assertThat(second.stream().map(BulkTest::told)).containsExactly("repeated", "repeated", "repeated", "accepted");
        assertThat(second.subList(0, 3).stream().map(line -> line.get("ticket_id")))
                .containsExactlyElementsOf(
                        first.stream().map(line -> line.get("ticket_id")).toList());
        assertThat(tickets()).isEqualTo(3);
    }

    @Test
    void aTicketThatCameAloneIsKnownInBulkAndTheOtherWayRound() {
        String alone = api.as(client, Role.INGEST)
                .post("/api/v1/tickets", ticket("alone"))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();

        List<JsonNode> lines =
                lines(post(ticket("alone") + "\n" + ticket("bulk"), Map.of()).has(200));

        assertThat(told(lines.get(0))).isEqualTo("repeated");
        assertThat(lines.get(0).get("ticket_id").asString()).isEqualTo(alone);
        api.as(client, Role.INGEST).post("/api/v1/tickets", ticket("bulk")).has(200);
    }

    @Test
    void linesWithoutAnIdAreKnownByTheRequestsKeyAndTheirNumber() {
        Map<String, String> key = Map.of("Idempotency-Key", "import-" + client);
        String nameless = "{\"subject\":\"%s\",\"body\":\"b\",\"customer_email\":\"a@b.co\"}";
        String body = nameless.formatted("one") + "\n" + nameless.formatted("one") + "\n" + nameless.formatted("two");

        List<JsonNode> first = lines(post(body, key).has(200));
        List<JsonNode> second = lines(post(body, key).has(200));
        List<JsonNode> changed = lines(post(nameless.formatted("three"), key).has(200));
        List<JsonNode> withoutKey =
                lines(post(nameless.formatted("one"), Map.of()).has(200));

        assertThat(first.stream().map(BulkTest::told)).containsOnly("accepted");
        assertThat(second.stream().map(BulkTest::told)).containsOnly("repeated");
        assertThat(second.stream().map(line -> line.get("ticket_id")))
                .containsExactlyElementsOf(
                        first.stream().map(line -> line.get("ticket_id")).toList());
        assertThat(told(changed.getFirst()))
                .isEqualTo("Idempotency-Key was sent before with another ticket on this line");
        assertThat(told(withoutKey.getFirst())).isEqualTo("accepted");
        assertThat(tickets()).isEqualTo(4);
    }

    @Test
    void aRequestUnderAKeyGoesOnWhereItBrokeOffWithTheSameIdsAndNothingTwice() {
        Map<String, String> key = Map.of("Idempotency-Key", "import-" + client);
        List<String> sent = IntStream.rangeClosed(1, 5)
                .mapToObj(n -> "{\"subject\":\"s%d\",\"body\":\"b\",\"customer_email\":\"a@b.co\"}".formatted(n))
                .toList();
        List<JsonNode> before =
                lines(post(String.join("\n", sent.subList(0, 3)), key).has(200));

        List<JsonNode> after = lines(post(PATH + "?first_line=3", String.join("\n", sent.subList(2, 5)), key)
                .has(200));
        List<JsonNode> whole = lines(post(String.join("\n", sent), key).has(200));

        assertThat(after.stream().map(line -> line.get("line").asLong())).containsExactly(3L, 4L, 5L);
        assertThat(after.stream().map(BulkTest::told)).containsExactly("repeated", "accepted", "accepted");
        assertThat(after.getFirst().get("ticket_id")).isEqualTo(before.getLast().get("ticket_id"));
        assertThat(whole.stream().map(BulkTest::told)).containsOnly("repeated").hasSize(5);
        assertThat(whole.subList(2, 5).stream().map(line -> line.get("ticket_id")))
                .containsExactlyElementsOf(
                        after.stream().map(line -> line.get("ticket_id")).toList());
        assertThat(tickets()).isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1000000000001", "two"})
    void aFirstLineThatIsNoneIsRefusedBeforeAnythingIsRead(String first) {
        assertThat(post(PATH + "?first_line=" + first, ticket("x"), Map.of())
                        .has(400)
                        .text())
                .contains("\"field\":\"first_line\"");
        assertThat(tickets()).isZero();
    }

    @Test
    void aKeyThatIsNoneIsRefusedBeforeAnythingIsRead() {
        post(ticket("x"), Map.of("Idempotency-Key", "k".repeat(201)))
                .isProblem(400, "Bad Request", "Idempotency-Key", "must be 1 to 200 visible ASCII characters");
        assertThat(tickets()).isZero();
    }

    @Test
    void anEmptyBodyHasAnEmptyAnswer() {
        assertThat(post("", Map.of()).has(200).text()).isEmpty();
    }

    @Test
    void otherMediaTypesAreRefused() {
        api.as(client, Role.INGEST).post(PATH, ticket("x")).has(415);
    }

    @Test
    void manyTicketsAreListedInTheOrderOfTheirLines() {
        post(IntStream.range(0, 30).mapToObj(i -> ticket("o-" + i)).collect(Collectors.joining("\n")), Map.of())
                .has(200);

        assertThat(api.as(client, Role.VIEWER)
                        .get("/api/v1/tickets?sort=created_at")
                        .json()
                        .get("items")
                        .valueStream()
                        .map(item -> item.get("external_id").asString()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 30).mapToObj(i -> "o-" + i).toList());
    }

    @Test
    void theSameLinesFromManyAtOnceAreOneTicketEach() throws Exception {
        List<Callable<List<JsonNode>>> posts = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            List<Integer> order = new ArrayList<>(IntStream.range(0, 60).boxed().toList());
            java.util.Collections.shuffle(order);
            posts.add(() ->
                    lines(post(order.stream().map(n -> ticket("rush-" + n)).collect(Collectors.joining("\n")), Map.of())
                            .has(200)));
        }
        List<JsonNode> all = new ArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<JsonNode>> answered : executor.invokeAll(posts)) {
                all.addAll(answered.get());
            }
        }

        assertThat(all).hasSize(180).noneMatch(line -> line.has("errors") || line.has("error"));
        assertThat(all.stream().filter(line -> told(line).equals("accepted"))).hasSize(60);
        assertThat(all.stream().map(line -> line.get("ticket_id").asString()).distinct())
                .hasSize(60);
        assertThat(tickets()).isEqualTo(60);
    }

    private Api.Answer post(String body, Map<String, String> headers) {
        return post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    private Api.Answer post(String path, String body, Map<String, String> headers) {
        return api.as(client, Role.INGEST).post(path, BodyPublishers.ofString(body), "application/x-ndjson", headers);
    }

    private Api.Answer post(byte[] body, Map<String, String> headers) {
        return api.as(client, Role.INGEST)
                .post(PATH, BodyPublishers.ofByteArray(body), "application/x-ndjson", headers);
    }

    private static List<JsonNode> lines(Api.Answer answer) {
        return answer.text().lines().map(JsonMapper.shared()::readTree).toList();
    }

    /** The status, or what was wrong. */
    private static String told(JsonNode line) {
        if (!line.has("errors")) {
            return line.get("status").asString();
        }
        assertThat(line.get("status").asString()).isEqualTo("refused");
        return line.get("errors")
                .valueStream()
                .map(wrong -> (wrong.has("field") ? wrong.get("field").asString() + " " : "")
                        + wrong.get("reason").asString())
                .collect(Collectors.joining(", "));
    }

    private JsonNode get(JsonNode line) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + line.get("ticket_id").asString())
                .has(200)
                .json();
    }

    private static String ticket(String externalId) {
        return "{\"subject\":\"Lamp\",\"body\":\"In pieces.\",\"customer_email\":\"mary.major@example.org\","
                + "\"external_id\":\"" + externalId + "\"}";
    }

    private long tickets() {
        return count("ticket");
    }

    private long count(String table) {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from ingestion." + table + " where client_id = :client")
                .param("client", client)
                .query(Long.class)
                .single();
    }
}
