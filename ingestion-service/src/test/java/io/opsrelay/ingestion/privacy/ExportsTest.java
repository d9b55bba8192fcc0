package io.opsrelay.ingestion.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.contracts.ExportEvent.ExportAnswered;
import io.opsrelay.contracts.ExportEvent.ExportRequested;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.StoredFile;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Role;
import io.opsrelay.security.seal.SealedParts;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A copy of all that is held of a customer: what the other services answer, in whatever order and whether or not. */
@IngestionServiceTest
class ExportsTest {

    private final String secret = "secret-" + UUID.randomUUID();

    @LocalServerPort
    private int port;

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private Attachments attachments;

    @Autowired
    private Jobs jobs;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestKafka kafka;

    private JdbcTemplate everywhere;
    private OtherHolders holders;
    private Api.As admin;
    private String email;
    private String ticket;
    private String customer;

    @BeforeEach
    void someone(@Autowired TestDatabase database) {
        everywhere = new JdbcTemplate(database.admin());
        holders = new OtherHolders(kafka, others);
        admin = api.as("acme", Role.ADMIN);
        email = "e" + UUID.randomUUID().toString().substring(0, 8) + "@example.org";
        ticket = ticketFrom(email);
        customer = admin.get("/api/v1/tickets/" + ticket)
                .json()
                .get("customer")
                .get("customer_id")
                .asString();
    }

    @Test
    void anExportHoldsAllThatIsHeldHereAndElsewhere() throws Exception {
        StoredFile file = attach("what it was.txt", "bytes of the file");
        admin.patch(path(""), "{\"name\":\"Mary Major\"}").has(200);
        admin.post(path("/notes"), "{\"text\":\"Likes lamps\"}").has(201);
        admin.post(path("/identities"), "{\"type\":\"email\",\"value\":\"w" + email + "\"}")
                .has(201);
        String second = ticketFrom("w" + email);

        String location = export();

        holders.answerAll(location, 2);
        assertThat(awaitReady(location).get("incomplete")).isEmpty();
        HttpResponse<byte[]> content = fetch(location + "/content");
        assertThat(content.headers().firstValue("Content-Disposition").orElse(""))
                .contains("customer-" + customer + ".zip");
        Map<String, String> files = unzip(content.body());
        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        "customer.json",
                        in(ticket, "ticket.json"),
                        in(ticket, "agent.json"),
                        in(ticket, "approvals.json"),
                        in(ticket, "actions.json"),
                        in(ticket, "files/" + file.fileId() + "-what it was.txt"),
                        in(second, "ticket.json"),
                        in(second, "agent.json"),
                        in(second, "approvals.json"),
                        in(second, "actions.json"));
        assertThat(files.get("customer.json")).contains(email, "w" + email, "Mary Major", "Likes lamps");
        assertThat(files.get(in(ticket, "ticket.json")))
                .contains(secret, "\"messages\"", "\"timeline\"", "ticket_received")
                .doesNotContain("client_id");
        assertThat(files.get(in(ticket, "files/" + file.fileId() + "-what it was.txt")))
                .isEqualTo("bytes of the file");
        for (Holder holder : Holder.values()) {
            assertThat(files.get(in(second, holder.file())))
                    .isEqualTo(OtherHolders.held(holder, UUID.fromString(second)));
        }
        api.as("acme", Role.AGENT).get(location).has(403);
        api.as("globex", Role.ADMIN).get(location).has(404);
        api.as("globex", Role.ADMIN).get(location + "/content").has(404);
        api.as("globex", Role.ADMIN).post(path("/export"), "").has(404);
        assertNothingIsLeftOf(location);
    }

    @Test
    void partsComeInAnyOrderAndTwiceAndTheExportShowsHowFarItIs() throws Exception {
        byte[] noise = new byte[3 * SealedParts.MOST_BYTES / 2];
        new Random(7).nextBytes(noise);
        String large = new String(noise, StandardCharsets.ISO_8859_1);
        String location = export();
        ExportRequested asked = holders.asked(OtherHolders.idIn(location), 1).getFirst();
        assertThat(asked.ticketId().toString()).isEqualTo(ticket);
        assertThat(asked.customerId().toString()).isEqualTo(customer);
        List<ExportAnswered> agent = new ArrayList<>(OtherHolders.answer(asked, Holder.AGENT, large));
        assertThat(agent).hasSizeGreaterThan(1);
        Collections.reverse(agent);

        holders.tell(OtherHolders.answer(asked, Holder.ACTION, "actions"));
        holders.tell(agent.subList(0, agent.size() - 1));
        holders.tell(agent.subList(0, agent.size() - 1));
        holders.tell(OtherHolders.answer(asked, Holder.ACTION, "again"));
        holders.tell(OtherHolders.answer(asked, Holder.APPROVAL, "approvals"));

        JsonNode pending = await().atMost(TestKafka.PATIENCE)
                .until(
                        () -> admin.get(location).has(200).json(),
                        it -> it.get("answers").asInt() == 2);
        assertThat(pending.get("status").asString()).isEqualTo("pending");
        assertThat(pending.get("answers_expected").asInt()).isEqualTo(3);
        assertThat(pending.toString()).doesNotContain("key");
        admin.get(location + "/content").has(409);

        holders.tell(List.of(agent.getLast()));

        assertThat(awaitReady(location).has("answers")).isFalse();
        Map<String, String> files = unzip(fetch(location + "/content").body());
        assertThat(files.get(in(ticket, "agent.json"))).isEqualTo(large);
        assertThat(files.get(in(ticket, "actions.json"))).isEqualTo("actions");
        assertThat(files.get(in(ticket, "approvals.json"))).isEqualTo("approvals");
    }

    @Test
    void whatIsNotAnsweredInTimeIsMissingAndTheFileSaysSo() throws Exception {
        String second = ticketFrom(email);
        String location = export();
        UUID exportId = OtherHolders.idIn(location);
        List<ExportRequested> asked = holders.asked(exportId, 2);
        List<ExportAnswered> late = new ArrayList<>();
        for (ExportRequested request : asked) {
            holders.tell(OtherHolders.answer(request, Holder.AGENT, "agent"));
            late.addAll(OtherHolders.answer(request, Holder.ACTION, "too late"));
            boolean isSecond = request.ticketId().toString().equals(second);
            // Nobody can open what was sealed for another ticket.
            holders.tell(
                    OtherHolders.answer(
                                    isSecond ? request : about(request, UUID.randomUUID()),
                                    Holder.APPROVAL,
                                    "approvals")
                            .stream()
                            .map(part -> about(part, request.ticketId()))
                            .toList());
        }
        awaitAnswers(location, 4);

        letTimePass(exportId);

        JsonNode ready = awaitReady(location);
        assertThat(ready.get("incomplete").valueStream().map(JsonNode::asString))
                .containsExactly("action-engine", "approval-service");
        HttpResponse<byte[]> content = fetch(location + "/content");
        assertThat(content.headers().firstValue("Content-Disposition").orElse(""))
                .contains("-incomplete.zip");
        Map<String, String> files = unzip(content.body());
        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        "customer.json",
                        "missing.json",
                        in(ticket, "ticket.json"),
                        in(ticket, "agent.json"),
                        in(second, "ticket.json"),
                        in(second, "agent.json"),
                        in(second, "approvals.json"));
        JsonNode missing =
                JsonMapper.shared().readTree(files.get("missing.json")).get("tickets_by_service");
        assertThat(missing.get("action-engine").valueStream().map(JsonNode::asString))
                .containsExactlyInAnyOrder(ticket, second);
        assertThat(missing.get("approval-service").valueStream().map(JsonNode::asString))
                .containsExactly(ticket);
        assertNothingIsLeftOf(location);

        late.forEach(this::awaitApplied);
        assertNothingIsLeftOf(location);
    }

    @Test
    void anErasureEndsAnExportThatWaitsAndNoAnswerIsKept() {
        String location = export();
        UUID exportId = OtherHolders.idIn(location);
        ExportRequested asked = holders.asked(exportId, 1).getFirst();
        holders.tell(OtherHolders.answer(asked, Holder.AGENT, "agent"));
        awaitAnswers(location, 1);
        end();

        admin.post(path("/erase"), "{\"confirm\":\"" + email + "\",\"reason\":\"Asked for it\"}")
                .has(200);

        assertThat(admin.get(location).json().get("status").asString()).isEqualTo("expired");
        List<ExportAnswered> late = OtherHolders.answer(asked, Holder.ACTION, "actions");
        holders.tell(OtherHolders.answer(asked, Holder.APPROVAL, "approvals"));
        late.forEach(this::awaitApplied);
        assertNothingIsLeftOf(location);
        assertThat(admin.get(location).json().get("status").asString()).isEqualTo("expired");
        admin.get(location + "/content").has(409);
    }

    @Test
    void whatNobodyAskedForIsDropped() throws Exception {
        String location = export();
        ExportRequested asked = holders.asked(OtherHolders.idIn(location), 1).getFirst();
        holders.tell(OtherHolders.answer(about(asked, UUID.randomUUID()), Holder.AGENT, "another ticket"));
        holders.tell(new ExportRequested(UUID.randomUUID(), asked.ticketId(), asked.customerId(), asked.publicKey())
                .answeredBy("agent-service", List.of("AAAA")));
        holders.tell(asked.answeredBy("a-stranger", List.of("AAAA")));
        OtherHolders.answer(asked, Holder.AGENT, "of another client").forEach(part -> others.tell("globex", part));

        holders.answerAll(location, 1);

        assertThat(awaitReady(location).get("incomplete")).isEmpty();
        Map<String, String> files = unzip(fetch(location + "/content").body());
        assertThat(files.keySet())
                .containsExactlyInAnyOrder(
                        "customer.json",
                        in(ticket, "ticket.json"),
                        in(ticket, "agent.json"),
                        in(ticket, "approvals.json"),
                        in(ticket, "actions.json"));
        assertThat(files.get(in(ticket, "agent.json")))
                .isEqualTo(OtherHolders.held(Holder.AGENT, UUID.fromString(ticket)));
    }

    @Test
    void whoDiesWhileAskingAboutManyTicketsHasThemAskedAboutOnceAfterAll(@Autowired TestDatabase database)
            throws Exception {
        int count = ExportAnswers.BATCH + 10;
        StringBuilder lines = new StringBuilder();
        for (int i = 1; i < count; i++) {
            lines.append("{\"subject\":\"%s\",\"body\":\"%s\",\"customer_email\":\"%s\"}\n"
                    .formatted(secret, secret, email));
        }
        admin.post(
                        "/api/v1/tickets/bulk",
                        HttpRequest.BodyPublishers.ofString(lines.toString()),
                        "application/x-ndjson",
                        Map.of())
                .has(200);
        String location;
        UUID exportId;
        try (Connection other = database.admin().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("lock table ingestion.customer_export_answer in share mode");
            location = export();
            exportId = OtherHolders.idIn(location);
            // Broken off within the first commit, as by the death of whoever asks.
            await().atMost(TestKafka.PATIENCE).until(() -> everywhere.queryForObject("""
                            select count(pg_terminate_backend(pid)) from pg_stat_activity
                            where datname = current_database() and wait_event_type = 'Lock'
                              and query like '%insert into customer_export_answer%'""", Integer.class) > 0);
            assertThat(holders.askedSoFar(exportId)).isEmpty();
            other.rollback();
        }

        await().atMost(TestKafka.PATIENCE)
                .until(() -> holders.askedSoFar(exportId).size() >= count);
        awaitAnswers(location, 0);
        assertThat(admin.get(location).json().get("answers_expected").asInt()).isEqualTo(3 * count);
        assertThat(holders.askedSoFar(exportId).stream().map(ExportRequested::ticketId))
                .hasSize(count)
                .doesNotHaveDuplicates()
                .contains(UUID.fromString(ticket));
        assertThat(holders.askedSoFar(exportId).stream()
                        .map(ExportRequested::publicKey)
                        .distinct())
                .hasSize(1);

        letTimePass(exportId);

        assertThat(awaitReady(location).get("incomplete")).hasSize(3);
        assertNothingIsLeftOf(location);
    }

    private String export() {
        return admin.post(path("/export"), "").has(202).headers().get("Location");
    }

    private void awaitAnswers(String location, int answers) {
        await().atMost(TestKafka.PATIENCE)
                .until(() -> admin.get(location).has(200).json().get("answers").asInt() == answers);
    }

    private JsonNode awaitReady(String location) {
        return await().atMost(TestKafka.PATIENCE)
                .until(
                        () -> admin.get(location).has(200).json(),
                        it -> it.get("status").asString().equals("ready"));
    }

    /** The services were asked long ago; the job that waits for them looks now. */
    private void letTimePass(UUID exportId) {
        await().atMost(TestKafka.PATIENCE)
                .until(() -> everywhere.update(
                                "update ingestion.customer_export set asked_at = asked_at - interval '2 hours'"
                                        + " where export_id = ? and asked_at is not null",
                                exportId)
                        == 1);
        transactions.run("acme", () -> assertThat(jobs.hasten(PrivacyJobs.QUEUE, "acme", PrivacyJobs.GATHER, exportId))
                .isTrue());
    }

    /** Tells it, and waits until it is applied, and with it all that was told of its ticket before. */
    private void awaitApplied(ExportAnswered late) {
        UUID eventId = UUID.randomUUID();
        others.tell("acme", late, eventId, Instant.now());
        await().atMost(TestKafka.PATIENCE)
                .until(() -> everywhere.queryForObject(
                                "select count(*) from ingestion.inbox where consumer = 'ingestion-service.exports'"
                                        + " and event_id = ?",
                                Integer.class,
                                eventId)
                        == 1);
    }

    /** Neither a key nor an answer. */
    private void assertNothingIsLeftOf(String location) {
        UUID exportId = OtherHolders.idIn(location);
        assertThat(everywhere.queryForMap(
                        "select public_key, private_key from ingestion.customer_export where export_id = ?", exportId))
                .containsEntry("public_key", null)
                .containsEntry("private_key", null);
        for (String table : List.of("customer_export_answer", "customer_export_part")) {
            assertThat(everywhere.queryForObject(
                            "select count(*) from ingestion." + table + " where export_id = ?",
                            Integer.class,
                            exportId))
                    .as(table)
                    .isZero();
        }
    }

    private static ExportRequested about(ExportRequested request, UUID ticketId) {
        return new ExportRequested(request.exportId(), ticketId, request.customerId(), request.publicKey());
    }

    private static ExportAnswered about(ExportAnswered part, UUID ticketId) {
        return new ExportAnswered(part.exportId(), ticketId, part.service(), part.part(), part.parts(), part.content());
    }

    private void end() {
        UUID run = UUID.randomUUID();
        others.tell("acme", new RunStarted(UUID.fromString(ticket), run, "local"));
        others.tell("acme", new RunCompleted(UUID.fromString(ticket), run, Outcome.RESOLVED, "Done", "Done"));
        await().atMost(TestKafka.PATIENCE).until(() -> admin.get("/api/v1/tickets/" + ticket)
                .json()
                .get("status")
                .asString()
                .equals("resolved"));
    }

    private StoredFile attach(String name, String content) throws IOException {
        StoredFile file = attachments.store(
                "acme", name, null, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
        attachments.attach("acme", UUID.fromString(ticket), UUID.randomUUID(), List.of(file));
        return file;
    }

    private String ticketFrom(String address) {
        return admin.post(
                        "/api/v1/tickets",
                        JSONObjectUtils.toJSONString(Map.of(
                                "subject", "About " + secret,
                                "body", secret + " from " + address,
                                "external_id", address + UUID.randomUUID(),
                                "customer_email", address)))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    private String path(String below) {
        return "/api/v1/customers/" + customer + below;
    }

    private static String in(String ticketId, String file) {
        return "tickets/" + ticketId + "/" + file;
    }

    private HttpResponse<byte[]> fetch(String path) throws Exception {
        HttpResponse<byte[]> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                .header("Authorization", TestTokens.bearer("acme", "a@acme.example", Role.ADMIN))
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/zip");
        return response;
    }

    private static Map<String, String> unzip(byte[] bytes) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(bytes))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                files.put(entry.getName(), new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return files;
    }
}
