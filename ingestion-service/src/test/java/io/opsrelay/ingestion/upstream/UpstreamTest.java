package io.opsrelay.ingestion.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.DatabaseBlackout;
import io.opsrelay.ingestion.IngestionApplication;
import io.opsrelay.ingestion.UpstreamServiceTest;
import io.opsrelay.ingestion.UpstreamSystems;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestServices;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@UpstreamServiceTest
class UpstreamTest {

    private static final String LETTERS = Topics.UPSTREAM + Topics.DEAD_LETTER_SUFFIX;
    private static final String HELPDESK = "https://helpdesk.example/events";
    private static final int PARTITIONS = 6;

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
    DataSource pool;

    @Autowired
    ConfigurableApplicationContext context;

    private final String run = UUID.randomUUID().toString().substring(0, 8);

    @Test
    void aPlainRecordBecomesATicketOfTheSourcesClient() {
        systems.plain("crm", "k", UpstreamSystems.ticket(run, "A lamp"));

        JsonNode ticket = awaitTicket("acme", run);
        JsonNode detail = api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + ticket.get("ticket_id").asString())
                .has(200)
                .json();
        assertThat(detail.get("subject").asString()).isEqualTo("A lamp");
        assertThat(detail.get("channel").asString()).isEqualTo("upstream");
        assertThat(detail.get("priority").asString()).isEqualTo("high");
        assertThat(detail.get("body").asString()).isEqualTo("The lamp came in pieces.");
        assertThat(detail.get("metadata").toString()).isEqualTo("{\"gift\":\"true\",\"order\":\"4711\"}");
        assertThat(row(run).get("email")).isEqualTo("mary.major@example.org");
        assertThat(row(run).get("sender_verified")).isEqualTo(false);
        assertThat(row(run).get("source")).isEqualTo("upstream:crm");
        var event = kafka.await(
                Topics.TICKET,
                message -> ticket.get("ticket_id").asString().equals(message.key())
                        && "io.opsrelay.ticket.received.v1".equals(TestKafka.header(message, Headers.TYPE)));
        assertThat(TestKafka.header(event, Headers.CLIENT)).isEqualTo("acme");
    }

    @Test
    void aSourceThatWasProvisionedWithItsClientWritesForIt() {
        systems.plain("https://Orders.example/Events", "k", UpstreamSystems.ticket("configured-" + run, "A lamp"));
        api.asOperator()
                .post(
                        "/api/v1/clients",
                        "{\"client_id\":\"asked\",\"name\":\"Asked\",\"sources\":[\"shop of asked\"]}");
        systems.binary("shop of asked", run, "t", "k", UpstreamSystems.ticket("asked-" + run, "A lamp"));

        assertThat(awaitTicket("provisioned", "configured-" + run)
                        .get("subject")
                        .asString())
                .isEqualTo("A lamp");
        assertThat(awaitTicket("asked", "asked-" + run).get("subject").asString())
                .isEqualTo("A lamp");
    }

    @Test
    void aSourcesOwnFormIsMapped() {
        systems.binary(HELPDESK, "e-" + run, "com.example.ticket.created", "k", """
                {"number":%d,"title":"A lamp,\\n in pieces","description":{"text":"It broke."},
                 "requester":{"name":"Mary","emails":["mary@example.org","m@example.org"]},
                 "severity":"p1","order":{"id":17.5},"internal":[1,2]}""".formatted(run.hashCode()));

        awaitTicket("acme", Integer.toString(run.hashCode()));
        Map<String, Object> row = row(Integer.toString(run.hashCode()));
        assertThat(row)
                .containsEntry("subject", "A lamp, in pieces")
                .containsEntry("body", "It broke.")
                .containsEntry("email", "mary@example.org")
                .containsEntry("priority", "urgent")
                .containsEntry("sender_verified", true);
        assertThat(String.valueOf(row.get("metadata"))).isEqualTo("{\"order\": \"17.5\"}");
    }

    @Test
    void aStructuredCloudEventIsTakenLikeABinaryOne() {
        systems.structured("k", """
                {"specversion":"1.0","id":"1","source":"crm","type":"t","datacontenttype":"application/json",
                 "data":%s}""".formatted(UpstreamSystems.ticket("s-" + run, "Structured")));
        systems.structured("k", """
                {"specversion":"1.0","id":"2","source":"crm","type":"t","data_base64":"%s"}""".formatted(Base64.getEncoder()
                .encodeToString(UpstreamSystems.ticket("b-" + run, "Base64").getBytes())));

        assertThat(awaitTicket("acme", "s-" + run).get("subject").asString()).isEqualTo("Structured");
        assertThat(awaitTicket("acme", "b-" + run).get("subject").asString()).isEqualTo("Base64");
    }

    @Test
    void withoutAnExternalIdTheEventsIdTellsRepetitions() {
        String ticket = """
                {"subject":"%s","body":"b","customer_email":"a@example.org"}""".formatted(run);
        systems.binary("crm", "id-" + run, "t", "a", ticket);
        systems.binary("crm", "id-" + run, "t", "a", ticket);
        systems.binary("globex-crm", "id-" + run, "t", "a", ticket);
        systems.plain("crm", "a", UpstreamSystems.ticket("last-" + run, "Last"));

        awaitTicket("acme", "last-" + run);
        awaitTicket("globex", "ce:id-" + run);
        assertThat(count("subject = '" + run + "' and client_id = 'acme'")).isEqualTo(1);
    }

    @Test
    void amongPoisonTheRestOfTheBatchGoesOn() {
        List<String> good = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            String id = "mixed-" + run + "-" + i;
            if (i % 3 == 2) {
                systems.plain("crm", "bad-" + id, i % 2 == 0 ? "{\"subject\":" : "{\"subject\":\"no body\"}");
            } else {
                systems.plain(i % 2 == 0 ? "crm" : "globex-crm", "good-" + id, UpstreamSystems.ticket(id, "Mixed"));
                good.add(id);
            }
        }

        await().untilAsserted(() ->
                assertThat(count("external_id like 'mixed-" + run + "-%'")).isEqualTo(good.size()));
        List<ConsumerRecord<String, byte[]>> letters = kafka.await(
                LETTERS,
                20,
                message -> String.valueOf(message.key()).startsWith("bad-mixed-" + run),
                TestKafka.PATIENCE);
        assertThat(letters)
                .allSatisfy(letter -> {
                    assertThat(TestKafka.header(letter, Headers.DEAD_CLIENT)).isEqualTo("acme");
                    assertThat(TestKafka.header(letter, Headers.DEAD_CONSUMER)).isEqualTo("ingestion-service.upstream");
                    assertThat(TestKafka.header(letter, Headers.DEAD_REASON))
                            .containsAnyOf("is not JSON", "body is required");
                })
                .extracting(ConsumerRecord::key)
                .doesNotHaveDuplicates();
    }

    static List<Arguments> poison() {
        String good = UpstreamSystems.ticket("x", "s");
        Map<String, String> crm = Map.of("source", "crm");
        Map<String, String> event = Map.of("ce_specversion", "1.0", "ce_id", "1", "ce_type", "t", "ce_source", "crm");
        return List.of(
                Arguments.of("no value", crm, null, "the record has no value"),
                Arguments.of("an empty value", crm, "", "the record has no value"),
                Arguments.of("no source", Map.of(), good, "nobody knows whose this is"),
                Arguments.of(
                        "unknown source", Map.of("source", "nobody"), good, "source nobody is not bound to a client"),
                Arguments.of("an empty source", Map.of("source", ""), good, "nobody knows whose this is"),
                Arguments.of("no JSON", crm, "subject=a", "is not JSON"),
                Arguments.of("a list", crm, "[1]", "not a JSON object"),
                Arguments.of("two values", crm, good + good, "is not JSON"),
                Arguments.of("too deep", crm, "[".repeat(200) + "]".repeat(200), "nesting depth"),
                Arguments.of("no subject", crm, good.replace("\"subject\":\"s\",", ""), "subject is required"),
                Arguments.of("a blank subject", crm, good.replace("\"s\"", "\" \""), "subject is required"),
                Arguments.of(
                        "a long subject", crm, good.replace("\"s\"", "\"" + "s".repeat(501) + "\""), "at most 500"),
                Arguments.of("NUL", crm, good.replace("in pieces", "\\u0000"), "NUL"),
                Arguments.of("half a surrogate pair", crm, good.replace("in pieces", "\\ud800"), "surrogate"),
                Arguments.of(
                        "no address", crm, good.replace("Mary.Major@example.org", "Mary"), "customer_email must be"),
                Arguments.of("an unknown priority", crm, good.replace("\"high\"", "\"P9\""), "not mapped: P9"),
                Arguments.of("an object as a text", crm, good.replace("\"s\"", "{}"), "must be a text"),
                Arguments.of("metadata of objects", crm, good.replace("4711", "{\"a\":1}"), "metadata.order"),
                Arguments.of(
                        "metadata as a list",
                        crm,
                        good.replace("{\"order\":4711,\"gift\":true}", "[]"),
                        "not an object"),
                Arguments.of("an old CloudEvent", with(event, "ce_specversion", "0.3"), good, "only CloudEvents 1.0"),
                Arguments.of("an event without id", with(event, "ce_id", ""), good, "header ce_id is missing"),
                Arguments.of("an event without type", with(event, "ce_type", ""), good, "header ce_type is missing"),
                Arguments.of(
                        "an event without source", with(event, "ce_source", ""), good, "header ce_source is missing"),
                Arguments.of("a long id", with(event, "ce_id", "i".repeat(200)), good, "at most 190"),
                Arguments.of(
                        "NUL in an id",
                        with(event, "ce_id", "a\0b"),
                        good.replace("\"external_id\":\"x\",", ""),
                        "NUL"),
                Arguments.of("XML", with(event, "content-type", "application/xml"), "<a/>", "must be JSON"),
                Arguments.of(
                        "a batch of events",
                        Map.of("content-type", "application/cloudevents-batch+json"),
                        "[]",
                        "one event a record"),
                Arguments.of(
                        "a structured event of two sources",
                        Map.of("content-type", "application/cloudevents+json", "source", "globex-crm"),
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"crm\",\"type\":\"t\",\"data\":" + good
                                + "}",
                        "differ"),
                Arguments.of(
                        "a structured event without data",
                        Map.of("content-type", "application/cloudevents+json"),
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"crm\",\"type\":\"t\"}",
                        "not a JSON object"),
                Arguments.of(
                        "a structured event with broken base64",
                        Map.of("content-type", "application/cloudevents+json"),
                        "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"crm\",\"type\":\"t\",\"data_base64\":\"%\"}",
                        "not base64"));
    }

    private static Map<String, String> with(Map<String, String> headers, String name, String value) {
        Map<String, String> changed = new HashMap<>(headers);
        changed.put(name, value);
        return changed;
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poison")
    void whatCannotBecomeATicketIsSetAsideWithItsReason(
            String what, Map<String, String> headers, String value, String reason) {
        String key = what + " " + run;

        systems.send(key, value, headers);

        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> key.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).contains(reason);
    }

    @Test
    void theClientIsTheSourcesWhateverTheRecordSays() {
        String ticket = UpstreamSystems.ticket(run, "Whose").replaceFirst("\\{", "{\"client_id\":\"acme\",");
        systems.binary("globex-crm", run, "t", "acme", ticket, Map.of(Headers.CLIENT, "acme", "dead_client", "acme"));

        awaitTicket("globex", run);
        assertThat(list("acme", run)).isEmpty();
    }

    @Test
    void aRecordOfAnUnknownSourceCannotChooseWhoSeesIt() {
        systems.binary("stranger", run, "t", run, "{}", Map.of(Headers.CLIENT, "acme", Headers.DEAD_CLIENT, "acme"));

        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> run.equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_CLIENT)).isNull();
    }

    @Test
    void typesThatAreNotNamedArePassedOver() {
        double before = count(UpstreamMetric.SKIPPED, HELPDESK);

        systems.binary(HELPDESK, run, "com.example.ticket.viewed", "k", "{\"anything\":1}");

        await().untilAsserted(() ->
                assertThat(count(UpstreamMetric.SKIPPED, HELPDESK)).isGreaterThanOrEqualTo(before + 1));
        assertThat(kafka.all(LETTERS)).noneMatch(letter -> run.equals(TestKafka.header(letter, Headers.ID)));
    }

    @Test
    void aRecordOfOneMegabyteIsReadAndOneWithABodyOfThatSizeIsSetAside() {
        String large = "x".repeat(1_000_000);
        systems.plain(
                "crm",
                "a",
                UpstreamSystems.ticket("large-" + run, "Large").replaceFirst("\\{", "{\"log\":\"" + large + "\","));
        systems.plain(
                "crm",
                "large " + run,
                UpstreamSystems.ticket("refused-" + run, "Large").replace("in pieces", large));

        awaitTicket("acme", "large-" + run);
        ConsumerRecord<String, byte[]> letter = kafka.await(LETTERS, message -> ("large " + run).equals(message.key()));
        assertThat(TestKafka.header(letter, Headers.DEAD_REASON)).isEqualTo("body must have at most 100000 characters");
        assertThat(letter.value()).hasSizeGreaterThan(1_000_000);
    }

    @Test
    void recordsOfOneKeyBecomeTicketsInTheirOrder() {
        for (int i = 0; i < 100; i++) {
            systems.plain("crm", "order-" + run, UpstreamSystems.ticket("order-" + run + "-" + i, "" + i));
        }

        await().untilAsserted(() ->
                assertThat(count("external_id like 'order-" + run + "-%'")).isEqualTo(100));
        List<String> subjects = admin().sql("select subject from ingestion.ticket where external_id like ?"
                        + " order by created_at, ticket_id")
                .param("order-" + run + "-%")
                .query(String.class)
                .list();
        assertThat(subjects)
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(Integer::toString).toList());
    }

    @Test
    void aRewoundTopicMakesNothingTwice() throws Exception {
        for (int i = 0; i < 40; i++) {
            systems.plain("crm", "k" + i, i % 2 == 0 ? withoutId(i) : UpstreamSystems.ticket("rw-" + run + i, run));
        }
        await().untilAsserted(() -> assertThat(count("subject = '" + run + "'")).isEqualTo(40));
        double repeated = count(UpstreamMetric.REPEATED, "crm");

        SmartLifecycle consumers = context.getBean("consumers", SmartLifecycle.class);
        consumers.stop();
        rewind();
        consumers.start();

        await().untilAsserted(
                        () -> assertThat(count(UpstreamMetric.REPEATED, "crm")).isGreaterThanOrEqualTo(repeated + 40));
        systems.plain("crm", "k", UpstreamSystems.ticket("after-" + run, "After"));
        awaitTicket("acme", "after-" + run);
        assertThat(count("subject = '" + run + "'")).isEqualTo(40);
    }

    private String withoutId(int i) {
        return "{\"subject\":\"%s\",\"body\":\"%d\",\"customer_email\":\"a@example.org\"}".formatted(run, i);
    }

    @Test
    void aCommentIsAddedToTheTicketOfItsExternalIdAndOnceOnly() {
        String number = Integer.toString(run.hashCode());
        helpdesk("c1-" + run, number, "First");
        helpdesk("c2-" + run, number, null);
        helpdesk("c3-" + run, number, "Third");
        helpdesk("c1-" + run, number, "First");
        helpdesk("c3-" + run, number, "Third");
        systems.binary(
                HELPDESK, "last-" + run, "com.example.ticket.created", number, helpdeskTicket("last-" + run, null));

        awaitTicket("acme", "last-" + run);
        JsonNode ticket = awaitTicket("acme", number);
        List<String> said = admin().sql("select text from ingestion.message where ticket_id = ?::uuid order by seq")
                .param(ticket.get("ticket_id").asString())
                .query(String.class)
                .list();
        assertThat(said).containsExactly("It broke.", "First", "Third");
        assertThat(ticket.get("status").asString()).isEqualTo("received");
    }

    @Test
    void aCommentOpensAResolvedTicketAgainAndALinkedOneWhereItIsClosed() {
        String number = Integer.toString(run.hashCode());
        helpdesk("r1-" + run, number, null);
        String ticketId = awaitTicket("acme", number).get("ticket_id").asString();
        setStatus(ticketId, "resolved");

        helpdesk("r2-" + run, number, "Still broken.");
        await().untilAsserted(() -> assertThat(status(ticketId)).isEqualTo("received"));

        setStatus(ticketId, "closed");
        helpdesk("r3-" + run, number, "Broken once more.");
        await().untilAsserted(() -> assertThat(count(
                        "body = 'Broken once more.' and client_id = 'acme' and external_id = 'ce:r3-" + run + "'"))
                .isEqualTo(1));
        assertThat(status(ticketId)).isEqualTo("closed");
    }

    private void setStatus(String ticketId, String status) {
        Api.As agent = api.as("acme", Role.AGENT);
        agent.post("/api/v1/tickets/" + ticketId + "/status", "{\"status\":\"" + status + "\",\"reason\":\"a test\"}")
                .has(200);
    }

    private String status(String ticketId) {
        return api.as("acme", Role.VIEWER)
                .get("/api/v1/tickets/" + ticketId)
                .json()
                .get("status")
                .asString();
    }

    private void helpdesk(String id, String number, @Nullable String comment) {
        systems.binary(HELPDESK, id, "com.example.ticket.updated", number, helpdeskTicket(number, comment));
    }

    private static String helpdeskTicket(String number, @Nullable String comment) {
        return """
                {"number":"%s","title":"A lamp","description":{"text":"It broke."},
                 "requester":{"emails":["mary@example.org"]},"comment":%s}""".formatted(number, comment == null ? "null" : "{\"text\":\"" + comment + "\"}");
    }

    @Test
    void twoInstancesShareTheWorkAndDoNothingTwice() {
        try (ConfigurableApplicationContext other = secondInstance()) {
            for (int i = 0; i < 200; i++) {
                String record = UpstreamSystems.ticket("two-" + run + "-" + i % 150, "Two");
                systems.plain("crm", "two" + i, record);
            }

            await().untilAsserted(() ->
                    assertThat(count("external_id like 'two-" + run + "-%'")).isEqualTo(150));
            assertThat(other.isActive()).isTrue();
        }
        systems.plain("crm", "k", UpstreamSystems.ticket("alone-" + run, "Alone"));
        awaitTicket("acme", "alone-" + run);
        assertThat(count("external_id like 'two-" + run + "-%'")).isEqualTo(150);
    }

    /** With the same database and topics. */
    private ConfigurableApplicationContext secondInstance() {
        ConfigurableEnvironment here = context.getEnvironment();
        Properties port = new Properties();
        port.put("server.port", "0");
        return new SpringApplicationBuilder(IngestionApplication.class)
                .initializers(there -> {
                    MutablePropertySources sources = there.getEnvironment().getPropertySources();
                    List<PropertySource<?>> ofTest = here.getPropertySources().stream()
                            .filter(source -> source.getName().startsWith("opsRelayTest")
                                    || source.getName().equals("Inlined Test Properties"))
                            .collect(Collectors.toList());
                    ofTest.reversed().forEach(sources::addFirst);
                    sources.addFirst(new PropertiesPropertySource("second", port));
                })
                .run();
    }

    @Test
    void withoutTheDatabaseRecordsWaitAndNoneIsSetAside() {
        try (DatabaseBlackout _ = new DatabaseBlackout(database, pool)) {
            double retried = retried();
            for (int i = 0; i < 20; i++) {
                systems.plain("crm", "wait-" + run + "-" + i, UpstreamSystems.ticket("wait-" + run + "-" + i, "Wait"));
            }
            await().until(() -> retried() > retried);
        }

        await().untilAsserted(() ->
                assertThat(count("external_id like 'wait-" + run + "-%'")).isEqualTo(20));
        // Of others there may be some under way: a topic that was rewound is read again, poison included.
        assertThat(kafka.all(LETTERS))
                .noneMatch(letter -> String.valueOf(letter.key()).startsWith("wait-" + run));
    }

    private double retried() {
        return meters.find("opsrelay.events.retried").tag("consumer", "ingestion-service.upstream").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private void rewind() throws Exception {
        Map<TopicPartition, OffsetAndMetadata> start = IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(
                        i -> new TopicPartition(kafka.topic(Topics.UPSTREAM), i), i -> new OffsetAndMetadata(0)));
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", TestServices.get().kafka()))) {
            await().ignoreExceptions()
                    .untilAsserted(() -> admin.alterConsumerGroupOffsets("ingestion-service.upstream", start)
                            .all()
                            .get(20, TimeUnit.SECONDS));
        }
    }

    private JsonNode awaitTicket(String client, String externalId) {
        return await().until(() -> list(client, externalId), found -> found.size() == 1)
                .getFirst();
    }

    private List<JsonNode> list(String client, String externalId) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets?external_id=" + externalId)
                .has(200)
                .json()
                .get("items")
                .valueStream()
                .toList();
    }

    private Map<String, Object> row(String externalId) {
        return admin().sql("select t.*, c.email from ingestion.ticket t join ingestion.customer c"
                        + " using (client_id, customer_id) where external_id = ?")
                .param(externalId)
                .query()
                .singleRow();
    }

    private long count(String condition) {
        return admin().sql("select count(*) from ingestion.ticket where " + condition)
                .query(Long.class)
                .single();
    }

    private JdbcClient admin() {
        return JdbcClient.create(database.admin());
    }

    private double count(UpstreamMetric metric, String source) {
        return meters.find(metric.id()).tag("source", source).counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }
}
