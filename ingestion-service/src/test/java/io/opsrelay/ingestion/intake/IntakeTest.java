package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@IngestionServiceTest
class IntakeTest {

    private static final String PATH = "/api/v1/tickets";

    @Autowired
    Api api;

    @Autowired
    TestKafka kafka;

    @Autowired
    TestDatabase database;

    @Test
    void anAcceptedTicketIsStoredWithCustomerMessageAndTimeline() {
        String id = accepted("""
                {"subject":"Broken lamp","body":"It came in pieces.","customer_email":"Mary.Major@Example.org",
                 "priority":"high","external_id":"stored-1","metadata":{"shop":"berlin"}}""");

        JsonNode ticket =
                api.as("acme", Role.VIEWER).get(PATH + "/" + id).has(200).json();

        assertThat(ticket.get("status").asString()).isEqualTo("received");
        assertThat(ticket.get("subject").asString()).isEqualTo("Broken lamp");
        assertThat(ticket.get("body").asString()).isEqualTo("It came in pieces.");
        assertThat(ticket.get("channel").asString()).isEqualTo("api");
        assertThat(ticket.get("priority").asString()).isEqualTo("high");
        assertThat(ticket.get("external_id").asString()).isEqualTo("stored-1");
        assertThat(ticket.get("metadata").toString()).isEqualTo("{\"shop\":\"berlin\"}");
        assertThat(ticket.get("version").asInt()).isEqualTo(1);
        assertThat(ticket.get("created_at").asString())
                .endsWith("Z")
                .isEqualTo(ticket.get("updated_at").asString());
        assertThat(ticket.get("customer").get("email").asString()).isEqualTo("mary.major@example.org");
        assertThat(ticket.get("customer").get("verified").asBoolean()).isTrue();
        assertThat(ticket.get("messages")).hasSize(1);
        assertThat(ticket.get("messages").get(0).get("direction").asString()).isEqualTo("inbound");
        assertThat(ticket.get("messages").get(0).get("text").asString()).isEqualTo("It came in pieces.");
        assertThat(ticket.get("timeline")).hasSize(1);
        assertThat(ticket.get("timeline").get(0).get("seq").asInt()).isEqualTo(1);
        assertThat(ticket.get("timeline").get(0).get("event").asString()).isEqualTo("ticket_received");
        assertThat(ticket.get("timeline").get(0).get("actor").asString()).isEqualTo("user:agent@acme.example");
        assertThat(ticket.has("reply")).isFalse();
        assertThat(ticket.has("resolved_at")).isFalse();
    }

    @Test
    void itsEventReachesTheTopicAndItsFrameTheFeedFirst() {
        String id = accepted("""
                {"subject":"Broken lamp","body":"In pieces","customer_email":"mary.major@example.org",
                 "external_id":"told-1","metadata":{"shop":"berlin"}}""");

        var told = kafka.await(Topics.TICKET, message -> id.equals(message.key()));
        var shown = kafka.await(Topics.FEED, message -> new String(message.value()).contains(id));

        TicketReceived event = ContractJson.mapper().readValue(told.value(), TicketReceived.class);
        assertThat(event.ticketId()).isEqualTo(UUID.fromString(id));
        assertThat(event.subject()).isEqualTo("Broken lamp");
        assertThat(event.body()).isEqualTo("In pieces");
        assertThat(event.customer().email()).isEqualTo("mary.major@example.org");
        assertThat(event.customer().verified()).isTrue();
        assertThat(event.priority()).isNull();
        assertThat(event.externalId()).isEqualTo("told-1");
        assertThat(event.metadata()).containsExactly(Map.entry("shop", "berlin"));
        assertThat(TestKafka.header(told, Headers.CLIENT)).isEqualTo("acme");
        assertThat(TestKafka.header(told, Headers.SOURCE)).isEqualTo("ingestion-service");

        assertThat(shown.key()).isEqualTo("acme");
        assertThat(TestKafka.header(shown, Headers.TYPE)).isEqualTo(FeedRecord.CLOUD_EVENT_TYPE);
        assertThat(TestKafka.header(shown, Headers.CHANNEL)).isEqualTo(Channels.TICKETS);
        assertThat(TestKafka.header(shown, Headers.FRAME)).isEqualTo("ticket_received");
        assertThat(ContractJson.mapper().readTree(shown.value()).toString())
                .isEqualTo("{\"ticket_id\":\"%s\",\"status\":\"received\",\"channel\":\"api\",\"version\":1}"
                        .formatted(id));
        assertThat(shown.timestamp()).isLessThanOrEqualTo(told.timestamp());
    }

    @Test
    void theAnswerSaysWhereTheTicketIs() {
        Api.Answer answer = post(ticket("where-1", "In pieces")).has(202);

        String id = answer.json().get("ticket_id").asString();
        assertThat(answer.json().toString()).isEqualTo("{\"ticket_id\":\"%s\",\"status\":\"received\"}".formatted(id));
        assertThat(answer.headers()).containsEntry("Location", "/api/v1/tickets/" + id);
    }

    @Test
    void anExternalIdSentAgainIsTheSameTicketWhateverItsContent() {
        String first = post(ticket("again-1", "In pieces"))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();

        Api.Answer second = post(ticket("again-1", "In pieces")).has(200);
        Api.Answer third = post(ticket("again-1", "Quite another text")).has(200);

        assertThat(second.json().toString())
                .isEqualTo("{\"ticket_id\":\"%s\",\"status\":\"received\"}".formatted(first));
        assertThat(third.json().get("ticket_id").asString()).isEqualTo(first);
        assertThat(count("ticket", "external_id = 'again-1'")).isEqualTo(1);
    }

    @Test
    void theSameExternalIdOnAnotherChannelOrOfAnotherClientIsAnotherTicket() {
        String one =
                post(ticket("shared-1", "x")).has(202).json().get("ticket_id").asString();
        String chat = post("{\"channel\":\"chat\"," + ticket("shared-1", "x").substring(1))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
        String globex = api.as("globex", Role.INGEST)
                .post(PATH, ticket("shared-1", "x"))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();

        assertThat(Set.of(one, chat, globex)).hasSize(3);
    }

    @Test
    void theSameExternalIdFromManyAtOnceIsOneTicket() throws Exception {
        Set<String> ids = ConcurrentHashMap.newKeySet();
        Set<Integer> statuses = ConcurrentHashMap.newKeySet();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Void>> posts = IntStream.range(0, 12)
                    .<Callable<Void>>mapToObj(i -> () -> {
                        Api.Answer answer = post(ticket("race-1", "text " + i));
                        statuses.add(answer.status());
                        ids.add(answer.json().get("ticket_id").asString());
                        return null;
                    })
                    .toList();
            for (Future<Void> post : executor.invokeAll(posts)) {
                post.get();
            }
        }

        assertThat(ids).hasSize(1);
        assertThat(statuses).containsExactlyInAnyOrder(202, 200);
        assertThat(count("ticket", "external_id = 'race-1'")).isEqualTo(1);
        assertThat(kafka.await(Topics.TICKET, message -> ids.contains(message.key())))
                .isNotNull();
    }

    @Test
    void manyFirstTicketsOfACustomerMakeOneCustomer() throws Exception {
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Api.Answer>> posts = IntStream.range(0, 8)
                    .<Callable<Api.Answer>>mapToObj(i -> () ->
                            post("{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"New.Customer@example.org\"}"))
                    .toList();
            for (Future<Api.Answer> post : executor.invokeAll(posts)) {
                post.get().has(202);
            }
        }

        assertThat(count("customer", "email = 'new.customer@example.org'")).isEqualTo(1);
    }

    @Test
    void anIdempotencyKeySentAgainIsAnsweredLikeTheFirst() {
        Map<String, String> key = Map.of("Idempotency-Key", "key-" + UUID.randomUUID());
        String body =
                "{\"subject\":\"s\",\"body\":\"b\",\"customer_email\":\"a@b.co\",\"metadata\":{\"x\":\"1\",\"y\":\"2\"}}";
        String shuffled =
                "{\"metadata\":{\"y\":\"2\",\"x\":\"1\"}, \"customer_email\":\"a@b.co\",\"body\":\"b\",\"subject\":\"s\"}";

        String first =
                agent().post(PATH, body, key).has(202).json().get("ticket_id").asString();

        assertThat(agent().post(PATH, shuffled, key)
                        .has(200)
                        .json()
                        .get("ticket_id")
                        .asString())
                .isEqualTo(first);
    }

    @Test
    void anIdempotencyKeyForAnotherRequestIsRefused() {
        Map<String, String> key = Map.of("Idempotency-Key", "key-" + UUID.randomUUID());
        agent().post(PATH, ticket(null, "one"), key).has(202);

        agent().post(PATH, ticket(null, "two"), key)
                .isProblem(422, "Unprocessable Content", "Idempotency-Key", "was sent before with another request");
    }

    @Test
    void anIdempotencyKeyIsTheClientsOwn() {
        Map<String, String> key = Map.of("Idempotency-Key", "key-" + UUID.randomUUID());

        agent().post(PATH, ticket(null, "one"), key).has(202);
        api.as("globex", Role.AGENT).post(PATH, ticket(null, "two"), key).has(202);
    }

    @Test
    void aKeyThatCameWithAKnownExternalIdIsRememberedToo() {
        Map<String, String> key = Map.of("Idempotency-Key", "key-" + UUID.randomUUID());
        agent().post(PATH, ticket("known-1", "one")).has(202);
        agent().post(PATH, ticket("known-1", "one"), key).has(200);

        agent().post(PATH, ticket("known-2", "one"), key).has(422);
    }

    @Test
    void aKeyThatIsNoneIsRefused() {
        agent().post(PATH, ticket(null, "one"), Map.of("Idempotency-Key", "k".repeat(201)))
                .isProblem(400, "Bad Request", "Idempotency-Key", "must be 1 to 200 visible ASCII characters");
    }

    @ParameterizedTest
    @EnumSource(BadBodies.class)
    void aBadBodyIsRefusedWithItsReasonAndStoresNothing(BadBodies bad) {
        long before = count("ticket", "true") + count("customer", "true");

        Api.Answer answer = agent().post(PATH, bad.body(), bad.contentType(), Map.of());

        answer.isProblem(bad.status(), bad.problem());
        assertThat(count("ticket", "true") + count("customer", "true")).isEqualTo(before);
    }

    @Test
    void everyWrongFieldIsNamedAtOnce() {
        post("{\"subject\":\"\",\"customer_email\":\"nobody\"}").isProblem(422, """
                        {"title":"Unprocessable Content","status":422,"detail":"subject must not be blank",
                         "errors":[{"field":"subject","reason":"must not be blank"},
                                   {"field":"body","reason":"is required"},
                                   {"field":"customer_email",
                                    "reason":"must be an e-mail address, like name@example.org"}]}""");
    }

    private Api.As agent() {
        return api.as("acme", Role.AGENT);
    }

    private Api.Answer post(String json) {
        return agent().post(PATH, json);
    }

    private String accepted(String json) {
        return post(json).has(202).json().get("ticket_id").asString();
    }

    private static String ticket(String externalId, String body) {
        return "{\"subject\":\"Lamp\",\"customer_email\":\"mary.major@example.org\",\"body\":\"" + body + "\""
                + (externalId == null ? "" : ",\"external_id\":\"" + externalId + "\"") + "}";
    }

    private long count(String table, String condition) {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from ingestion." + table + " where " + condition)
                .query(Long.class)
                .single();
    }
}
