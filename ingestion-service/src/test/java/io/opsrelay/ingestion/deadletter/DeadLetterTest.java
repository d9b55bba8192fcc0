package io.opsrelay.ingestion.deadletter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.UpstreamServiceTest;
import io.opsrelay.ingestion.UpstreamSystems;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@UpstreamServiceTest
class DeadLetterTest {

    private static final String PATH = "/api/v1/dead-letters";

    @Autowired
    Api api;

    @Autowired
    UpstreamSystems systems;

    @Autowired
    TestKafka kafka;

    @Autowired
    TestDatabase database;

    @Autowired
    MeterRegistry meters;

    @Autowired
    Upkeep upkeep;

    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void aPoisonRecordIsSeenMendedReplayedAndAppliedOnce() {
        // given
        systems.binary("crm", run, "t", run, "{\"subject\":\"Broken\",\"n\":1}", Map.of("x-extra", "kept"));

        // then it is listed, with what it holds
        JsonNode letter = awaitLetter(api.as("acme", Role.ADMIN), run);
        assertThat(letter.get("state").asString()).isEqualTo("open");
        assertThat(letter.get("topic").asString()).isEqualTo(kafka.topic(Topics.UPSTREAM));
        assertThat(letter.get("origin").asString()).startsWith(kafka.topic(Topics.UPSTREAM) + "-");
        assertThat(letter.get("consumer").asString()).isEqualTo("ingestion-service.upstream");
        assertThat(letter.get("reason").asString()).isEqualTo("body is required");
        assertThat(letter.get("event_type").asString()).isEqualTo("t");
        String id = letter.get("letter_id").asString();
        JsonNode detail =
                api.as("acme", Role.ADMIN).get(PATH + "/" + id).has(200).json();
        assertThat(detail.get("value").get("encoding").asString()).isEqualTo("json");
        assertThat(detail.get("value").get("data").toString()).isEqualTo("{\"subject\":\"Broken\",\"n\":1}");
        assertThat(detail.get("headers").toString()).contains("{\"name\":\"x-extra\",\"value\":\"kept\"}");
        assertThat(detail.get("headers").toString()).doesNotContain("dead_reason");

        // when it is mended and replayed
        JsonNode replaying = api.as("acme", Role.ADMIN)
                .post(PATH + "/" + id + "/replay", "{\"value\":" + UpstreamSystems.ticket("m-" + run, "Mended") + "}")
                .has(202)
                .json();

        // then it is applied, once
        assertThat(replaying.get("state").asString()).isIn("replaying", "replayed");
        awaitState(id, "replayed");
        await().untilAsserted(() -> assertThat(tickets("m-" + run)).isEqualTo(1));
        api.as("acme", Role.ADMIN).post(PATH + "/" + id + "/replay", "{}").has(409);
        api.as("acme", Role.ADMIN)
                .post(PATH + "/" + id + "/discard", "{\"reason\":\"too late\"}")
                .has(409);
        var again = kafka.await(Topics.UPSTREAM, message -> id.equals(TestKafka.header(message, Headers.REPLAY_OF)));
        assertThat(TestKafka.header(again, Headers.ID)).isEqualTo(run);
        assertThat(TestKafka.header(again, Headers.REPLAY_FOR)).isEqualTo("ingestion-service.upstream");
        assertThat(TestKafka.header(again, "x-extra")).isEqualTo("kept");
        assertThat(TestKafka.header(again, Headers.DEAD_REASON)).isNull();
        assertThat(again.key()).isEqualTo(run);
        detail = api.as("acme", Role.ADMIN).get(PATH + "/" + id).has(200).json();
        assertThat(detail.get("letter").get("settled_by").asString()).isEqualTo("user:admin@acme.example");
        assertThat(detail.get("edited").get("data").get("subject").asString()).isEqualTo("Mended");
    }

    @Test
    void whatFailsAgainIsALetterOfItsOwn() {
        systems.plain("crm", run, "nonsense");
        String first =
                awaitLetter(api.as("acme", Role.ADMIN), run).get("letter_id").asString();

        api.as("acme", Role.ADMIN)
                .post(PATH + "/" + first + "/replay", "{\"value\":{\"still\":\"wrong\"}}")
                .has(202);

        JsonNode second = await().until(
                        () -> letters(api.as("acme", Role.ADMIN), "?state=open").stream()
                                .filter(it -> first.equals(it.path("replay_of").asString("")))
                                .toList(),
                        found -> found.size() == 1)
                .getFirst();
        assertThat(second.get("reason").asString()).isEqualTo("subject is required");
        // Plain JSON has no id of its own; the letter's takes its place, so that two sendings make one ticket.
        String value =
                "{\"value\":{\"subject\":\"%s\",\"body\":\"b\",\"customer_email\":\"a@example.org\"}}".formatted(run);
        api.as("acme", Role.ADMIN)
                .post(PATH + "/" + second.get("letter_id").asString() + "/replay", value)
                .has(202);
        await().untilAsserted(() -> assertThat(
                        tickets("replay:" + second.get("letter_id").asString()))
                .isEqualTo(1));
    }

    @Test
    void twoWhoReplayAtOnceReplayItOnce() throws Exception {
        systems.plain("crm", run, "nonsense");
        String id =
                awaitLetter(api.as("acme", Role.ADMIN), run).get("letter_id").asString();
        List<Callable<Api.Answer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(() -> api.as("acme", Role.ADMIN).post(PATH + "/" + id + "/replay", "{}"));
        }

        List<Integer> answers = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Api.Answer> answer : threads.invokeAll(requests)) {
                answers.add(answer.get().status());
            }
        }

        assertThat(answers).containsOnly(202, 409).containsOnlyOnce(202);
        awaitState(id, "replayed");
        assertThat(kafka.all(Topics.UPSTREAM))
                .filteredOn(message -> id.equals(TestKafka.header(message, Headers.REPLAY_OF)))
                .hasSize(1);
    }

    @Test
    void aReplayThatIsPublishedTwiceIsAppliedOnce() {
        // given a record without any id of its own
        systems.plain("crm", run, "nonsense");
        String id =
                awaitLetter(api.as("acme", Role.ADMIN), run).get("letter_id").asString();
        String value =
                "{\"value\":{\"subject\":\"%s\",\"body\":\"b\",\"customer_email\":\"a@example.org\"}}".formatted(run);
        api.as("acme", Role.ADMIN).post(PATH + "/" + id + "/replay", value).has(202);
        awaitState(id, "replayed");
        await().untilAsserted(() -> assertThat(tickets("replay:" + id)).isEqualTo(1));

        // when it is as after a crash between Kafka's acknowledgement and the commit
        admin().sql("update ingestion.dead_letter set state = 'replaying' where letter_id = ?::uuid")
                .param(id)
                .update();
        admin().sql("insert into ingestion.job (queue, client_id, key, kind, subject, due_at)"
                        + " values (?, 'acme', ?, ?, ?::uuid, now())")
                .params(Replays.QUEUE, run, Replays.KIND, id)
                .update();

        // then it is published again, and dropped
        awaitState(id, "replayed");
        kafka.await(
                Topics.UPSTREAM,
                2,
                message -> id.equals(TestKafka.header(message, Headers.REPLAY_OF)),
                TestKafka.PATIENCE);
        systems.plain("crm", run, UpstreamSystems.ticket("next-" + run, "Next"));
        await().untilAsserted(() -> assertThat(tickets("next-" + run)).isEqualTo(1));
        assertThat(admin().sql("select count(*) from ingestion.ticket where subject = ?")
                        .param(run)
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void anEventOfOursIsReplayedForTheGroupThatFailed() {
        String ticketId = api.as("acme", Role.AGENT).ticket("Ours " + run);
        String eventId = UUID.randomUUID().toString();
        kafka.send(
                Topics.TICKET,
                ticketId,
                "{\"ticket_id\":\"%s\"}".formatted(ticketId).getBytes(StandardCharsets.UTF_8),
                Map.of(
                        Headers.SPEC_VERSION, "1.0",
                        Headers.ID, eventId,
                        Headers.SOURCE, "agent-service",
                        Headers.TYPE, "io.opsrelay.run.started.v1",
                        Headers.TIME, Instant.now().toString(),
                        Headers.CLIENT, "acme"));
        JsonNode letter = awaitLetter(api.as("acme", Role.ADMIN), ticketId);
        assertThat(letter.get("consumer").asString()).isEqualTo("ingestion-service.tickets");
        assertThat(letter.get("event_id").asString()).isEqualTo(eventId);

        api.as("acme", Role.ADMIN)
                .post(
                        PATH + "/" + letter.get("letter_id").asString() + "/replay",
                        "{\"value\":{\"ticket_id\":\"%s\",\"run_id\":\"%s\",\"engine\":\"local\"}}"
                                .formatted(ticketId, UUID.randomUUID()))
                .has(202);

        await().untilAsserted(() -> assertThat(api.as("acme", Role.VIEWER)
                        .get("/api/v1/tickets/" + ticketId)
                        .json()
                        .get("status")
                        .asString())
                .isEqualTo("analyzing"));
    }

    @Test
    void adminsSeeTheirClientsLettersAndOperatorsThoseOfNobody() {
        systems.plain("crm", "acme-" + run, "nonsense");
        systems.plain("globex-crm", "globex-" + run, "nonsense");
        systems.plain("stranger", "nobody-" + run, "nonsense");

        String acmes = awaitLetter(api.as("acme", Role.ADMIN), "acme-" + run)
                .get("letter_id")
                .asString();
        String globexs = awaitLetter(api.as("globex", Role.ADMIN), "globex-" + run)
                .get("letter_id")
                .asString();
        String nobodys =
                awaitLetter(api.asOperator(), "nobody-" + run).get("letter_id").asString();

        assertThat(keys(api.as("acme", Role.ADMIN))).doesNotContain("globex-" + run, "nobody-" + run);
        assertThat(keys(api.asOperator())).doesNotContain("globex-" + run, "acme-" + run);
        for (String foreign : List.of(globexs, nobodys, UUID.randomUUID().toString(), "no-id")) {
            api.as("acme", Role.ADMIN).get(PATH + "/" + foreign).has(404);
            api.as("acme", Role.ADMIN)
                    .post(PATH + "/" + foreign + "/replay", "{}")
                    .has(404);
            api.as("acme", Role.ADMIN)
                    .post(PATH + "/" + foreign + "/discard", "{\"reason\":\"r\"}")
                    .has(404);
        }
        api.asOperator().get(PATH + "/" + acmes).has(404);
        api.asOperator()
                .post(PATH + "/" + nobodys + "/discard", "{\"reason\":\"a test\"}")
                .has(200);
        assertThat(api.asOperator()
                        .get(PATH + "/" + nobodys)
                        .json()
                        .get("letter")
                        .get("settled_by")
                        .asString())
                .isEqualTo("user:operator@opsrelay.example");
        assertThat(state(globexs)).isEqualTo("open");
    }

    @ParameterizedTest
    @EnumSource(value = Role.class, mode = EnumSource.Mode.EXCLUDE, names = "OPERATOR")
    void otherRolesMayNothing(Role role) {
        systems.plain("crm", run, "nonsense");
        String id =
                awaitLetter(api.as("acme", Role.ADMIN), run).get("letter_id").asString();
        Api.As caller = api.as("acme", role);
        boolean may = role == Role.ADMIN;

        caller.get(PATH).has(may ? 200 : 403);
        caller.get(PATH + "/" + id).has(may ? 200 : 403);
        caller.post(PATH + "/replay", "{\"reason\":\"nothing like it\"}").has(may ? 202 : 403);
        caller.post(PATH + "/" + id + "/discard", "{\"reason\":\"r\"}").has(may ? 200 : 403);
        assertThat(state(id)).isEqualTo(may ? "discarded" : "open");
        api.asNobody().get(PATH).has(401);
    }

    @Test
    void anOperatorReplaysWhatBelongsToNobody() {
        systems.plain("stranger", run, "nonsense");
        String id = awaitLetter(api.asOperator(), run).get("letter_id").asString();

        api.asOperator().post(PATH + "/" + id + "/replay", "{}").has(202);

        awaitState(id, "replayed");
        await().untilAsserted(() -> assertThat(letters(api.asOperator(), "?limit=200"))
                .anyMatch(letter -> id.equals(letter.path("replay_of").asString(""))));
    }

    @Test
    void anOperatorWhoHasAClientIsNoAdminOfIt() {
        String token = TestTokens.bearer("acme", "o@acme.example", Role.OPERATOR);

        api.with(token).get(PATH).has(403);
    }

    @Test
    void theListIsFilteredAndPaged() {
        for (int i = 0; i < 5; i++) {
            systems.plain("crm", run + i, "{\"customer_email\":\"" + run + "\"}");
        }
        systems.plain("crm", run + "last", "{\"subject\":\"a\",\"body\":\"b\",\"customer_email\":\"" + run + "\"}");
        Api.As admin = api.as("acme", Role.ADMIN);
        awaitLetter(admin, run + "last");
        await().untilAsserted(() -> assertThat(keys(admin)).contains(run + 0, run + 1, run + 2, run + 3, run + 4));

        List<String> paged = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = admin.get(
                            PATH + "?limit=2&topic=upstream.tickets&state=open&reason=SUBJECT%20is%20required" + cursor)
                    .has(200)
                    .json();
            page.get("items").forEach(item -> paged.add(item.path("key").asString("")));
            cursor = page.get("next_cursor").isNull()
                    ? ""
                    : "&cursor=" + page.get("next_cursor").asString();
        } while (!cursor.isEmpty());

        assertThat(paged).doesNotHaveDuplicates().contains(run + 0, run + 4).doesNotContain(run + "last");
        assertThat(keys(admin, "?consumer=ingestion-service.tickets&limit=200")).doesNotContain(run + 0);
        assertThat(keys(admin, "?to=2020-01-01T00:00:00Z")).isEmpty();
        assertThat(keys(admin, "?from=2020-01-01T00:00:00Z&limit=200")).contains(run + 0);
        admin.get(PATH + "?state=dead").has(400);
        admin.get(PATH + "?from=yesterday").has(400);
        admin.get(PATH + "?topic=%00").has(400);
        admin.get(PATH + "?cursor=x").has(400);
    }

    @Test
    void manyAreReplayedAtOnceTheOldestFirst() {
        for (int i = 0; i < 20; i++) {
            systems.plain("crm", run, "{\"subject\":\"\",\"marker\":" + i + "}");
        }
        Api.As admin = api.as("acme", Role.ADMIN);
        await().untilAsserted(
                        () -> assertThat(keys(admin)).filteredOn(run::equals).hasSize(20));

        JsonNode answer = admin.post(PATH + "/replay", "{\"topic\":\"upstream.tickets\",\"reason\":\"subject is\"}")
                .has(202)
                .json();

        assertThat(answer.get("replaying").asInt()).isGreaterThanOrEqualTo(20);
        assertThat(answer.get("more").asBoolean()).isFalse();
        await().untilAsserted(() -> assertThat(
                        admin().sql("""
                                select count(*) from ingestion.dead_letter
                                where key = ?::bytea and state = 'replayed'""").param(run).query(Long.class).single())
                .isEqualTo(20));
        List<String> again = kafka.all(Topics.UPSTREAM).stream()
                .filter(message -> run.equals(message.key()))
                .filter(message -> TestKafka.header(message, Headers.REPLAY_OF) != null)
                .map(message -> new String(message.value(), StandardCharsets.UTF_8).replaceAll("\\D", ""))
                .toList();
        assertThat(again)
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(Integer::toString).toList());
    }

    @Test
    void aLetterThatIsSetAsideTwiceIsListedOnce() {
        systems.plain("crm", run, "nonsense");
        awaitLetter(api.as("acme", Role.ADMIN), run);
        var letter = kafka.await(Topics.UPSTREAM + Topics.DEAD_LETTER_SUFFIX, message -> run.equals(message.key()));
        Map<String, String> headers = new HashMap<>();
        letter.headers().forEach(header -> headers.put(header.key(), new String(header.value())));

        kafka.send(Topics.UPSTREAM + Topics.DEAD_LETTER_SUFFIX, run, letter.value(), headers);
        systems.plain("crm", run + "next", "nonsense");

        awaitLetter(api.as("acme", Role.ADMIN), run + "next");
        assertThat(keys(api.as("acme", Role.ADMIN))).containsOnlyOnce(run);
    }

    @Test
    void whateverLiesOnADeadLetterTopicIsListed() {
        byte[] value = {(byte) 0xff, 0, 1};
        kafka.send(
                Topics.FEED + Topics.DEAD_LETTER_SUFFIX,
                run,
                value,
                Map.of(
                        Headers.DEAD_REASON, "a\0b".repeat(3000),
                        Headers.DEAD_ORIGIN, "x".repeat(5000),
                        Headers.DEAD_TIME, "+999999999-01-01T00:00:00Z",
                        Headers.REPLAY_OF, "no uuid",
                        Headers.CLIENT, "No Client"));

        JsonNode letter = awaitLetter(api.asOperator(), run);
        assertThat(letter.get("consumer").asString()).isEqualTo("unknown");
        assertThat(Instant.parse(letter.get("set_aside_at").asString()))
                .isBefore(Instant.now().plusSeconds(60));
        JsonNode shown = api.asOperator()
                .get(PATH + "/" + letter.get("letter_id").asString())
                .has(200)
                .json()
                .get("value");
        assertThat(shown.get("encoding").asString()).isEqualTo("base64");
        assertThat(shown.get("data").asString()).isEqualTo("/wAB");
    }

    @Test
    void aForgedLetterReachesNoForeignTopic() {
        // Its topic is what stands before the suffix, whatever its headers say.
        kafka.send(
                Topics.FEED + Topics.DEAD_LETTER_SUFFIX,
                run,
                "{}".getBytes(StandardCharsets.UTF_8),
                Map.of(Headers.DEAD_ORIGIN, "bank.transfers-0@1", Headers.CLIENT, "acme"));
        JsonNode letter = awaitLetter(api.as("acme", Role.ADMIN), run);

        api.as("acme", Role.ADMIN)
                .post(PATH + "/" + letter.get("letter_id").asString() + "/replay", "{}")
                .has(202);

        awaitState(letter.get("letter_id").asString(), "replayed");
        assertThat(kafka.await(Topics.FEED, message -> run.equals(message.key()))
                        .value())
                .isEqualTo("{}".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void anEditMakesNoOtherSourcesRecordAndNoOtherEvent() {
        String event = "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"%s\",\"type\":\"t\",\"data\":%s}";
        String whole = UpstreamSystems.ticket("s-" + run, "Mended");
        systems.structured(run, event.formatted(run, "crm", "{\"subject\":\"Broken\"}"));
        Api.As admin = api.as("acme", Role.ADMIN);
        String id = awaitLetter(admin, run).get("letter_id").asString();
        String replay = PATH + "/" + id + "/replay";

        admin.post(replay, "{\"value\":" + event.formatted(run, "globex-crm", whole) + "}")
                .has(422);
        admin.post(replay, "{\"value\":" + event.formatted("other", "crm", whole) + "}")
                .has(422);
        assertThat(state(id)).isEqualTo("open");

        admin.post(replay, "{\"value\":" + event.formatted(run, "crm", whole) + "}")
                .has(202);
        await().untilAsserted(() -> assertThat(tickets("s-" + run)).isEqualTo(1));
    }

    @Test
    void badRequestsChangeNothing() {
        systems.plain("crm", run, "nonsense");
        Api.As admin = api.as("acme", Role.ADMIN);
        String path = PATH + "/" + awaitLetter(admin, run).get("letter_id").asString();

        admin.post(path + "/discard", "{}").has(422);
        admin.post(path + "/discard", "{\"reason\":\" \"}").has(422);
        admin.post(path + "/discard", "{\"reason\":\"" + "r".repeat(1001) + "\"}")
                .has(422);
        admin.post(path + "/discard", "{\"reason\":\"r\",\"x\":1}").has(400);
        admin.post(path + "/replay", "{\"valeu\":{}}").has(400);
        admin.post(path + "/replay", "{\"value\":").has(400);
        admin.post(PATH + "/replay", "{\"topics\":\"a\"}").has(400);

        assertThat(admin.get(path).json().get("letter").get("state").asString()).isEqualTo("open");
    }

    @Test
    void whatWaitsIsMeasured() {
        systems.plain("crm", run, "nonsense");
        awaitLetter(api.as("acme", Role.ADMIN), run);

        await().untilAsserted(() -> {
            assertThat(meters.get(DeadLetterMetric.OPEN.id()).gauge().value())
                    .isEqualTo(admin().sql("""
                            select count(*) from ingestion.dead_letter where state in ('open', 'replaying')""").query(Long.class).single().doubleValue());
            assertThat(meters.get(DeadLetterMetric.OLDEST.id()).gauge().value()).isPositive();
        });
    }

    @Test
    void whatIsOldIsForgotten() {
        systems.plain("crm", run, "nonsense");
        systems.plain("crm", run + "young", "nonsense");
        Api.As admin = api.as("acme", Role.ADMIN);
        String old = awaitLetter(admin, run).get("letter_id").asString();
        String young = awaitLetter(admin, run + "young").get("letter_id").asString();
        admin.post(PATH + "/" + old + "/discard", "{\"reason\":\"r\"}").has(200);
        admin.post(PATH + "/" + young + "/discard", "{\"reason\":\"r\"}").has(200);
        admin().sql(
                        "update ingestion.dead_letter set settled_at = now() - interval '31 days' where letter_id = ?::uuid")
                .param(old)
                .update();

        upkeep.sweep();

        admin.get(PATH + "/" + old).has(404);
        admin.get(PATH + "/" + young).has(200);
    }

    private JsonNode awaitLetter(Api.As caller, String key) {
        return await().until(
                        () -> letters(caller, "?limit=200").stream()
                                .filter(letter -> key.equals(letter.path("key").asString("")))
                                .toList(),
                        found -> !found.isEmpty())
                .getFirst();
    }

    private static List<JsonNode> letters(Api.As caller, String query) {
        return caller.get(PATH + query)
                .has(200)
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    private static List<String> keys(Api.As caller) {
        return keys(caller, "?limit=200");
    }

    private static List<String> keys(Api.As caller, String query) {
        return letters(caller, query).stream()
                .map(letter -> letter.path("key").asString(""))
                .toList();
    }

    private void awaitState(String letterId, String state) {
        await().untilAsserted(() -> assertThat(state(letterId)).isEqualTo(state));
    }

    private String state(String letterId) {
        return admin().sql("select state from ingestion.dead_letter where letter_id = ?::uuid")
                .param(letterId)
                .query(String.class)
                .single();
    }

    private long tickets(String externalId) {
        return admin().sql("select count(*) from ingestion.ticket where external_id = ?")
                .param(externalId)
                .query(Long.class)
                .single();
    }

    private JdbcClient admin() {
        return JdbcClient.create(database.admin());
    }
}
