package io.opsrelay.ingestion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.mailout.provider.FakeSmtp;
import io.opsrelay.ingestion.zendesk.FakeZendesk;
import io.opsrelay.security.Role;
import io.opsrelay.testing.ServiceProcess;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.mock.env.MockEnvironment;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The process dies while every door of the intake stands right before its commit, then right after it, then while what
 * goes out is about to leave, then when it has just left. Each time a new process goes on, and whoever was not answered asks
 * again as his protocol says: nothing is lost and nothing is there twice. One thing is known to be possible and no protocol
 * for mail can rule it out: a mail whose taking was not written down leaves again, under the same Message-ID.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class CrashTest {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Each door's work is another client's, so that none waits for another's locks. */
    private static final List<String> DOORS = List.of("post", "bulk", "mail", "file", "upstream", "zendesk");

    private static final String RUNS = "/api/v1/connectors/zendesk/runs";
    private static final Pattern MESSAGE_ID = Pattern.compile("(?im)^Message-ID:\\s*(\\S+)");

    @TempDir
    private static Path folder;

    private static final TestDatabase DATABASE = TestDatabase.create("ingestion");
    private static final TestKafka KAFKA = TestKafka.withRandomPrefix();
    private static final FakeSmtp SMTP = new FakeSmtp();
    private static final FakeZendesk ZENDESK = new FakeZendesk();
    private static final UpstreamSystems UPSTREAM = new UpstreamSystems(KAFKA);

    private static ServiceProcess service;
    private static Api api;
    private static MailRig mails;
    private static String fileTicket;

    @BeforeAll
    static void start() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("opsrelay.attachments.folder", folder.resolve("files").toString());
        settings.put("opsrelay.bulk.batch", "1");
        settings.put("opsrelay.mail.host", "127.0.0.1");
        settings.put("opsrelay.mail.port", Integer.toString(SMTP.port()));
        settings.put("opsrelay.mail.security", "none");
        settings.put("opsrelay.mail.from", "support@mail.example");
        settings.put("opsrelay.mail.allow-private", "true");
        settings.put("opsrelay.mail.address-keys", "${OPSRELAY_WEBHOOK_KEYS}");
        settings.put("opsrelay.zendesk.allow-private", "true");
        settings.put("opsrelay.upstream.sources[0].name", "crm");
        settings.put("opsrelay.upstream.sources[0].client", "upstream");
        service = new ServiceProcess(IngestionApplication.class, DATABASE, KAFKA, settings, folder);
        service.start();
        MockEnvironment environment = new MockEnvironment();
        environment.setProperty("local.server.port", Integer.toString(service.port()));
        api = new Api(environment);
        mails = new MailRig(api, DATABASE, Clock.systemUTC());
        // Dashboards' numbers are told by transactions of their own, which nobody is to be held in.
        for (String door : DOORS) {
            database()
                    .sql("insert into figure_told (client_id, version, at) values (?, 1, '2100-01-01T00:00:00Z')")
                    .param(door)
                    .update();
        }
        fileTicket = as("file").ticket("A lamp");
        zendeskChannel();
        mails.generic("mail");
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        SMTP.close();
        ZENDESK.close();
    }

    @ParameterizedTest
    @Order(1)
    @ValueSource(strings = {"before-commit", "after-commit"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whoeverWasNotAnsweredAsksAgainAndEachThingIsThereOnce(String point) {
        long zendeskId = point.equals("before-commit") ? 1 : 2;
        ZENDESK.ticket(zendeskId, "From Zendesk " + point, "The lamp came in pieces.", "mary@zendesk.example");
        // The first line is answered before anything happens; the second one's commit is struck.
        bulk(point, 1).has(200);
        String mail = JSON.writeValueAsString(
                MailRig.mail("mary@mail.example", "support@mail.example", "By mail " + point, "It broke."));
        Map<String, Supplier<Api.Answer>> doors = new LinkedHashMap<>();
        doors.put("post", () -> post(point));
        doors.put("bulk", () -> bulk(point, 2));
        doors.put("mail", () -> mail(mail));
        doors.put("file", () -> file(point));
        Map<String, Integer> before = counts();

        service.dieAt(point, DOORS.size());
        String run =
                as("zendesk").post(RUNS, "{}").has(202).json().get("run_id").asString();
        UPSTREAM.plain("crm", "k", UpstreamSystems.ticket("up-" + point, "From upstream"));
        Map<String, Boolean> answered = allAtOnce(doors);
        service.awaitDeath();
        assertThat(answered)
                .as("whom the dying process answered")
                .containsValue(false)
                .doesNotContainValue(true);
        if (point.equals("before-commit")) {
            assertThat(counts()).isEqualTo(before);
        }
        leasesRunOut();
        service.start();
        doors.values().forEach(door -> assertThat(door.get().status()).isIn(200, 201, 202));
        // And again, as one does who was not patient enough.
        doors.values().forEach(door -> assertThat(door.get().status()).isIn(200, 201, 202));

        await().atMost(PATIENCE).untilAsserted(() -> {
            Map<String, Integer> expected = new LinkedHashMap<>(before);
            expected.replaceAll((door, count) -> count + (door.equals("file") ? 0 : 1));
            assertThat(counts()).isEqualTo(expected);
        });
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(run(run)).isEqualTo("waiting"));
        assertThat(as("file")
                        .get("/api/v1/tickets/" + fileTicket + "/attachments")
                        .has(200)
                        .json()
                        .get("items"))
                .filteredOn(file -> file.get("file_name").asString().equals(point + ".txt"))
                .hasSize(1);
        for (String door : DOORS) {
            eachTicketHasOneMessageOneEntryAndOneEvent(door);
        }
    }

    @Test
    @Order(2)
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatWasAboutToLeaveLeavesOnce() {
        service.dieAt("before-provider-call", 2);
        sayOnBoth("Before it leaves");
        service.awaitDeath();
        assertThat(sent("Before it leaves")).isEmpty();
        leasesRunOut();
        service.start();

        awaitWritten("Before it leaves");
        assertThat(sent("Before it leaves")).hasSize(1);
    }

    @Test
    @Order(3)
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatHasLeftUnnotedLeavesAgainAsTheSameMailAndIsNoSecondComment() {
        service.dieAt("after-provider-call", 2);
        sayOnBoth("It has left");
        service.awaitDeath();
        assertThat(sent("It has left")).hasSize(1);
        leasesRunOut();
        service.start();

        awaitWritten("It has left");
        // The known ambiguity of SMTP: the answer to DATA was lost with the process.
        assertThat(sent("It has left")).hasSize(2);
        assertThat(messageIds("It has left")).hasSize(1);
        assertThat(sent("Before it leaves")).as("what was noted as sent").hasSize(1);
    }

    @ParameterizedTest
    @Order(4)
    @ValueSource(strings = {"before-commit", "after-commit"})
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatACustomerCommentsAtZendeskIsOneMessageWhereverTheProcessDies(String point) {
        ZENDESK.customerWrites(point.equals("before-commit") ? 1 : 2, "The other one, too, " + point);
        service.dieAt(point, 1);
        String run =
                as("zendesk").post(RUNS, "{}").has(202).json().get("run_id").asString();
        service.awaitDeath();
        assertThat(said("The other one, too, " + point)).isEqualTo(point.equals("before-commit") ? 0 : 1);
        leasesRunOut();
        service.start();

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(run(run)).isIn("waiting", "completed"));
        assertThat(said("The other one, too, " + point)).isEqualTo(1);
        assertThat(as("zendesk")
                        .get(RUNS + "/" + run)
                        .json()
                        .get("comments_taken")
                        .asInt())
                .isEqualTo(1);
    }

    private static int said(String text) {
        return database()
                .sql("select count(*) from message where client_id = 'zendesk' and text = ?")
                .param(text)
                .query(Integer.class)
                .single();
    }

    private static Api.As as(String client) {
        return api.as(client, Role.ADMIN);
    }

    private static Api.Answer post(String point) {
        return as("post").post("/api/v1/tickets", """
                {"subject":"By post","body":"It broke.","customer_email":"mary@post.example"}""", Map.of("Idempotency-Key", point));
    }

    private static Api.Answer bulk(String point, int lines) {
        StringBuilder body = new StringBuilder();
        for (int line = 1; line <= lines; line++) {
            body.append("{\"subject\":\"Line ")
                    .append(line)
                    .append("\",\"body\":\"It broke.\",\"customer_email\":\"mary@bulk.example\"}\n");
        }
        return as("bulk")
                .post(
                        "/api/v1/tickets/bulk",
                        BodyPublishers.ofString(body.toString()),
                        "application/x-ndjson",
                        Map.of("Idempotency-Key", point));
    }

    private static Api.Answer mail(String body) {
        MailRig.Inbox inbox = mails.generic("mail");
        return api.asNobody()
                .post(
                        "/webhooks/email/inbound/" + inbox.channelId(),
                        body,
                        MailRig.signed(
                                inbox.secret(),
                                body,
                                Clock.systemUTC().instant().getEpochSecond()));
    }

    private static Api.Answer file(String point) {
        return as("file")
                .post(
                        "/api/v1/tickets/" + fileTicket + "/attachments",
                        BodyPublishers.ofString("what was seen"),
                        "text/plain",
                        Map.of(
                                "Idempotency-Key",
                                point,
                                "Content-Disposition",
                                "attachment; filename=\"" + point + ".txt\""));
    }

    private static void zendeskChannel() {
        as("zendesk")
                .post(
                        "/api/v1/channels",
                        JSON.writeValueAsString(Map.of(
                                "kind",
                                "zendesk",
                                "name",
                                "desk",
                                "settings",
                                Map.of("subdomain", "acme", "base_url", ZENDESK.url(), "email", FakeZendesk.EMAIL),
                                "secrets",
                                Map.of("api_token", FakeZendesk.TOKEN))))
                .has(201);
    }

    /** Which of them had an answer; those of a dying process have none. */
    private static Map<String, Boolean> allAtOnce(Map<String, Supplier<Api.Answer>> doors) {
        Map<String, Boolean> answered = new LinkedHashMap<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Map<String, Future<Boolean>> calls = new LinkedHashMap<>();
            doors.forEach((name, door) -> calls.put(name, callers.submit(() -> {
                try {
                    door.get();
                    return true;
                } catch (UncheckedIOException e) {
                    return false;
                }
            })));
            calls.forEach((name, call) -> answered.put(name, resultOf(call)));
        }
        return answered;
    }

    private static boolean resultOf(Future<Boolean> call) {
        try {
            return call.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A minute passes while nobody is there: the work of the process that died is anybody's. */
    private static void leasesRunOut() {
        database()
                .sql("update job set due_at = now() where queue in ('mail-out', 'zendesk') and due_at > now()")
                .update();
    }

    private static Map<String, Integer> counts() {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (String door : DOORS) {
            counts.put(
                    door,
                    database()
                            .sql("select count(*) from ticket where client_id = ?")
                            .param(door)
                            .query(Integer.class)
                            .single());
        }
        return counts;
    }

    private static void eachTicketHasOneMessageOneEntryAndOneEvent(String client) {
        List<String> tickets = database()
                .sql("select ticket_id::text from ticket where client_id = ?")
                .param(client)
                .query(String.class)
                .list();
        for (String table : List.of("message", "timeline_entry")) {
            assertThat(database()
                            .sql("select ticket_id::text from " + table + " where client_id = ?")
                            .param(client)
                            .query(String.class)
                            .list())
                    .as(table + " of " + client)
                    .containsExactlyInAnyOrderElementsOf(tickets);
        }
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(received(client)).containsAll(tickets));
        assertThat(new TreeSet<>(received(client))).as("events of " + client).isEqualTo(new TreeSet<>(tickets));
        // A row goes a moment after its event has come: the broker's answer is awaited before.
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(database()
                        .sql("select count(*) from outbox where client_id = ?")
                        .param(client)
                        .query(Integer.class)
                        .single())
                .as("rows that wait to be sent, of " + client)
                .isZero());
    }

    /** Tickets of which the topic tells, each event counted once however often it was sent: its id is the same. */
    private static List<String> received(String client) {
        Map<String, String> byEvent = new LinkedHashMap<>();
        KAFKA.all(Topics.TICKET).stream()
                .filter(event -> client.equals(TestKafka.header(event, Headers.CLIENT)))
                .filter(event -> "io.opsrelay.ticket.received.v1".equals(TestKafka.header(event, Headers.TYPE)))
                .forEach(event -> byEvent.put(TestKafka.header(event, Headers.ID), event.key()));
        return new ArrayList<>(byEvent.values());
    }

    private static String run(String runId) {
        return as("zendesk")
                .get(RUNS + "/" + runId)
                .has(200)
                .json()
                .get("state")
                .asString();
    }

    private static void sayOnBoth(String text) {
        for (String client : List.of("mail", "zendesk")) {
            as(client)
                    .post(
                            "/api/v1/tickets/" + anyTicket(client) + "/messages",
                            JSON.writeValueAsString(Map.of("text", text)))
                    .has(201);
        }
    }

    private static String anyTicket(String client) {
        return database()
                .sql("select min(ticket_id::text) from ticket where client_id = ?")
                .param(client)
                .query(String.class)
                .single();
    }

    private static List<String> sent(String text) {
        return SMTP.mails().stream()
                .map(FakeSmtp.Mail::raw)
                .filter(raw -> raw.contains(text))
                .toList();
    }

    private static Set<String> messageIds(String text) {
        Set<String> ids = new TreeSet<>();
        for (String raw : sent(text)) {
            Matcher id = MESSAGE_ID.matcher(raw);
            assertThat(id.find()).isTrue();
            ids.add(id.group(1));
        }
        return ids;
    }

    /** Both are noted as sent, and Zendesk has the comment once. */
    private static void awaitWritten(String text) {
        for (String client : List.of("mail", "zendesk")) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode messages = as(client)
                        .get("/api/v1/tickets/" + anyTicket(client))
                        .has(200)
                        .json()
                        .get("messages");
                assertThat(messages)
                        .filteredOn(message -> message.path("text").asString("").equals(text))
                        .singleElement()
                        .satisfies(message ->
                                assertThat(message.path("state").asString()).isEqualTo("sent"));
            });
        }
        assertThat(List.of(1L, 2L))
                .flatMap(ZENDESK::comments)
                .filteredOn(comment -> text.equals(comment.get("body")))
                .hasSize(1);
    }

    private static JdbcClient database() {
        org.postgresql.ds.PGSimpleDataSource source = (org.postgresql.ds.PGSimpleDataSource) DATABASE.admin();
        source.setCurrentSchema("ingestion");
        return JdbcClient.create(source);
    }
}
