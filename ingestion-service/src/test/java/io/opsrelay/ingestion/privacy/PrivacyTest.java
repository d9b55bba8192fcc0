package io.opsrelay.ingestion.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.Outcome;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunStarted;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.Api.Answer;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.ingestion.attachment.Attachments;
import io.opsrelay.ingestion.attachment.StoredFile;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** What a customer may ask for. */
@IngestionServiceTest
class PrivacyTest {

    /** Of this test alone: what others left in the database is not looked for. */
    private final String secret = "secret-" + UUID.randomUUID();

    @Autowired
    private Api api;

    @Autowired
    private OtherServices others;

    @Autowired
    private Jobs jobs;

    @Autowired
    private ClientTransactions transactions;

    private Attachments attachments;
    private BlobStore blobs;

    @Autowired
    private TestDatabase database;

    @Autowired
    private TestKafka kafka;

    private Api.As admin;
    private String email;
    private String ticket;
    private String customer;

    @BeforeEach
    void parts(@Autowired Attachments files, @Autowired BlobStore bytes) {
        attachments = files;
        blobs = bytes;
    }

    @BeforeEach
    void someone() {
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
    void anErasureLeavesNothingThatTellsWhoItWasAndNoCountChanges() throws Exception {
        StoredFile file = attach("secret.txt", secret);
        admin.patch(path(""), "{\"name\":\"" + secret + "\"}").has(200);
        admin.post(path("/notes"), "{\"text\":\"" + secret + "\"}").has(201);
        admin.post(path("/identities"), "{\"type\":\"external\",\"source\":\"s\",\"value\":\"" + email + "\"}")
                .has(201);
        end(ticket, secret);
        String export = admin.post(path("/export"), "").has(202).headers().get("Location");
        new OtherHolders(kafka, others).answerAll(export, 1);
        await().atMost(TestKafka.PATIENCE)
                .until(() -> admin.get(export).json().get("status").asString().equals("ready"));

        Answer erased = admin.post(path("/erase"), erase(email.toUpperCase())).has(200);

        assertThat(erased.json().get("tickets").asInt()).isEqualTo(1);
        JsonNode page = admin.get(path("")).has(200).json();
        assertThat(page.get("email").asString()).isEqualTo("erased-" + customer + "@erased.invalid");
        assertThat(page.has("name")).isFalse();
        assertThat(page.get("tickets_count").asLong()).isEqualTo(1);
        assertThat(page.get("tickets").get("resolved").asLong()).isEqualTo(1);
        assertThat(page.get("identities")).hasSize(1);
        JsonNode shown = admin.get("/api/v1/tickets/" + ticket).has(200).json();
        assertThat(shown.toString()).doesNotContain(secret).doesNotContain(email);
        assertThat(shown.get("subject").asString()).isEqualTo("[erased]");
        assertThat(shown.get("timeline").valueStream().map(entry -> entry.get("event")
                        .asString()))
                .startsWith("ticket_received")
                .endsWith("customer_erased");
        assertThat(shown.get("version").asLong())
                .isEqualTo(shown.get("timeline").size());
        assertNowhereInTheDatabase(secret);
        assertNowhereInTheDatabase(email);
        await().atMost(TestKafka.PATIENCE).untilAsserted(() -> {
            assertThat(blobs.open(BlobStore.keyOf("acme", file.fileId()), 0)).isEmpty();
            assertThat(blobs.open(
                            BlobStore.keyOf("acme", UUID.fromString(export.substring(export.lastIndexOf('/') + 1))), 0))
                    .isEmpty();
        });
        admin.get(export + "/content").has(409);
        ConsumerRecord<String, byte[]> event = kafka.await(
                Topics.TICKET,
                message -> ticket.equals(message.key())
                        && "io.opsrelay.ticket.customer_erased.v1".equals(TestKafka.header(message, Headers.TYPE)));
        assertThat(new String(event.value(), StandardCharsets.UTF_8))
                .isEqualTo("{\"ticket_id\":\"" + ticket + "\",\"customer_id\":\"" + customer + "\"}");
        await().atMost(TestKafka.PATIENCE)
                .untilAsserted(() -> assertThat(admin.get("/api/v1/tickets/audit?subject=" + customer)
                                .json()
                                .get("items")
                                .get(0)
                                .get("entry")
                                .get("action")
                                .asString())
                        .isEqualTo("customer.erased"));
        // Who writes again is somebody new.
        assertThat(admin.get("/api/v1/tickets/" + ticketFrom(email))
                        .json()
                        .get("customer")
                        .get("customer_id")
                        .asString())
                .isNotEqualTo(customer);
        admin.post(path("/erase"), erase(email)).has(409);
        admin.post(path("/block"), "{\"reason\":\"x\"}").has(409);
    }

    @Test
    void whatComesToAnErasedTicketLateIsErasedToo() {
        end(ticket, "Done");
        admin.post(path("/erase"), erase(email)).has(200);
        UUID run = UUID.randomUUID();
        others.tell("acme", new RunCompleted(UUID.fromString(ticket), run, Outcome.RESOLVED, secret, null));
        await().atMost(TestKafka.PATIENCE)
                .until(() -> admin.get("/api/v1/tickets/" + ticket).text().contains(secret));

        transactions.run(
                "acme", () -> assertThat(jobs.hasten(Erasure.QUEUE, "acme", Erasure.AGAIN, UUID.fromString(customer)))
                        .isTrue());

        await().atMost(TestKafka.PATIENCE)
                .until(() -> !admin.get("/api/v1/tickets/" + ticket).text().contains(secret));
        assertNowhereInTheDatabase(secret);
    }

    @Test
    void anErasureOfManyTicketsGoesInStepsShowsHowFarItIsAndGoesOnAfterABreak() throws Exception {
        int count = 2 * Erasure.BATCH + 50;
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
        JdbcTemplate everywhere = new JdbcTemplate(database.admin());
        everywhere.update("update ingestion.ticket set status = 'closed' where subject like ?", "%" + secret + "%");
        UUID inSecondStep = everywhere.queryForObject(
                "select ticket_id from ingestion.ticket where subject like ? order by ticket_id offset ? limit 1",
                UUID.class,
                "%" + secret + "%",
                Erasure.BATCH + 10);

        try (Connection other = database.admin().getConnection();
                Statement lock = other.createStatement()) {
            other.setAutoCommit(false);
            lock.execute("select * from ingestion.ticket where ticket_id = '" + inSecondStep + "' for update");
            Answer begun = admin.post(path("/erase"), erase(email)).has(202);
            String status = begun.headers().get("Location");
            JsonNode shown = admin.get(status).has(200).json();
            assertThat(shown.get("status").asString()).isEqualTo("erasing");
            assertThat(shown.get("tickets").asInt()).isEqualTo(count);
            assertThat(shown.get("erased").asInt()).isEqualTo(Erasure.BATCH);
            // The second step holds the customer's row; nobody waits for it to be told no.
            String waits = """
                    from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
                      and query like '%from ticket where customer_id in%'""";
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> everywhere.queryForObject("select count(*) " + waits, Integer.class) > 0);
            assertThat(admin.post(path("/export"), "").has(409).text()).contains("is being erased");
            admin.post(path("/erase"), erase(email)).has(409);
            admin.post(path("/block"), "{\"reason\":\"x\"}").has(409);
            // The step is broken off in the middle, as by the death of whoever does it.
            await().atMost(Duration.ofMinutes(1)).until(() -> everywhere.queryForObject("""
                        select count(pg_terminate_backend(pid)) from pg_stat_activity
                        where datname = current_database() and wait_event_type = 'Lock'
                          and query like '%from ticket where customer_id in%'""", Integer.class) > 0);
            assertThat(admin.get(status).json().get("erased").asInt()).isEqualTo(Erasure.BATCH);
            other.rollback();

            await().atMost(Duration.ofMinutes(1))
                    .until(() ->
                            admin.get(status).json().get("status").asString().equals("erased"));
            assertThat(admin.get(status).json().get("erased").asInt()).isEqualTo(count);
        }

        assertThat(everywhere.queryForObject("""
                        select count(*) from ingestion.timeline_entry e join ingestion.ticket t using (client_id, ticket_id)
                        join ingestion.customer c using (client_id, customer_id)
                        where c.root = ? and e.event = 'customer_erased'""", Integer.class, UUID.fromString(customer)))
                .isEqualTo(count);
        assertNowhereInTheDatabase(secret);
        assertNowhereInTheDatabase(email);
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(admin.get("/api/v1/tickets/audit?subject=" + customer)
                                .json()
                                .get("items")
                                .valueStream()
                                .map(item -> item.get("entry").get("action").asString()))
                        .containsExactly("customer.erased", "customer.erasure_begun"));
    }

    @Test
    void recordsThatWereSetAsideAreErasedToo() {
        UUID ofTicket = letter(ticket, "{\"text\":\"" + secret + "\"}", "open");
        UUID ofAddress =
                letter("k", "{\"from\":\"" + email.toUpperCase() + "\",\"text\":\"" + secret + "\"}", "replayed");
        UUID ofAnother = letter("k2", "{\"from\":\"x" + secret + "@example.org\"}", "open");
        end(ticket, "Done");

        admin.post(path("/erase"), erase(email)).has(200);

        JsonNode first = admin.get("/api/v1/dead-letters/" + ofTicket).has(200).json();
        assertThat(first.toString()).doesNotContain(secret);
        assertThat(first.at("/letter/state").asString()).isEqualTo("discarded");
        assertThat(first.at("/letter/note").asString()).isEqualTo("the customer was erased");
        JsonNode second =
                admin.get("/api/v1/dead-letters/" + ofAddress).has(200).json();
        assertThat(second.toString()).doesNotContain(secret).doesNotContainIgnoringCase(email);
        assertThat(second.at("/letter/state").asString()).isEqualTo("replayed");
        assertThat(admin.get("/api/v1/dead-letters/" + ofAnother).has(200).text())
                .contains(secret);
    }

    @Test
    void recordsThatAreSetAsideAfterwardsAreErasedAsTheyAreWrittenDown() {
        end(ticket, "Done");
        admin.post(path("/erase"), erase(email)).has(200);
        String another = ticketFrom("a" + email);

        setAside(another);
        setAside(ticket);

        JsonNode erased = awaitLetter(ticket);
        assertThat(erased.toString()).doesNotContain(secret);
        assertThat(erased.at("/letter/state").asString()).isEqualTo("discarded");
        assertThat(erased.at("/letter/reason").asString()).isEqualTo("the customer was erased");
        assertThat(erased.at("/letter/consumer").asString()).isEqualTo("agent-service.runs");
        JsonNode kept = awaitLetter(another);
        assertThat(kept.toString()).contains(secret);
        assertThat(kept.at("/letter/state").asString()).isEqualTo("open");
    }

    /** As a consumer does that cannot use an event of the ticket. */
    private void setAside(String key) {
        kafka.send(
                Topics.TICKET + Topics.DEAD_LETTER_SUFFIX,
                key,
                ("{\"text\":\"" + secret + "\"}").getBytes(StandardCharsets.UTF_8),
                Map.of(
                        Headers.CLIENT, "acme",
                        Headers.DEAD_CLIENT, "acme",
                        Headers.DEAD_CONSUMER, "agent-service.runs",
                        Headers.DEAD_ORIGIN, "ticket-0@" + key,
                        Headers.DEAD_REASON, "cannot read " + secret));
    }

    private JsonNode awaitLetter(String key) {
        UUID letter = await().atMost(TestKafka.PATIENCE)
                .until(
                        () -> new JdbcTemplate(database.admin())
                                .queryForList(
                                        "select letter_id from ingestion.dead_letter where origin = ?",
                                        UUID.class,
                                        "ticket-0@" + key),
                        found -> found.size() == 1)
                .getFirst();
        return admin.get("/api/v1/dead-letters/" + letter).has(200).json();
    }

    private UUID letter(String key, String value, String state) {
        UUID id = UUID.randomUUID();
        new JdbcTemplate(database.admin())
                .update(
                        """
            insert into ingestion.dead_letter (client_id, letter_id, state, topic, origin, consumer, reason, key,
                value, header_names, header_values, fingerprint, set_aside_at, created_at, settled_by, settled_at)
            values ('acme', ?, ?, 'ticket', ?, 'c', ?, ?, ?, '{}', '{}', ?, now(), now(), ?, ?)""",
                        id,
                        state,
                        "t-0@" + id,
                        "cannot read " + value,
                        key.getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8),
                        new byte[] {1},
                        state.equals("open") ? null : "user:a",
                        state.equals("open") ? null : Timestamp.from(Instant.now()));
        return id;
    }

    @Test
    void anErasureWantsTheAddressRepeatedAnEndOfAllTicketsAndAnAdmin() {
        admin.post(path("/erase"), "{}").has(422);
        admin.post(path("/erase"), erase("other@example.org")).has(422);
        assertThat(admin.post(path("/erase"), erase(email)).has(409).text()).contains("1 of the customer's tickets");
        api.as("acme", Role.AGENT).post(path("/erase"), erase(email)).has(403);
        api.as("globex", Role.ADMIN).post(path("/erase"), erase(email)).has(404);

        assertThat(admin.get(path("")).json().get("email").asString()).isEqualTo(email);
        assertThat(admin.get("/api/v1/tickets/" + ticket).json().toString()).contains(secret);
    }

    /** Every text column of every table of the service, but what is on its way to others and the inbox. */
    private void assertNowhereInTheDatabase(String text) {
        JdbcTemplate everywhere = new JdbcTemplate(database.admin());
        List<String> tables = everywhere.queryForList(
                "select tablename from pg_tables where schemaname = 'ingestion' and tablename <> 'outbox'",
                String.class);
        for (String table : tables) {
            assertThat(everywhere.queryForObject(
                            "select count(*) from ingestion.\"" + table + "\" t where to_jsonb(t)::text ilike ?",
                            Integer.class,
                            "%" + text + "%"))
                    .as(table)
                    .isZero();
        }
    }

    private void end(String ticketId, String reply) {
        UUID run = UUID.randomUUID();
        others.tell("acme", new RunStarted(UUID.fromString(ticketId), run, "local"));
        others.tell("acme", new RunCompleted(UUID.fromString(ticketId), run, Outcome.RESOLVED, reply, reply));
        await().atMost(TestKafka.PATIENCE).until(() -> admin.get("/api/v1/tickets/" + ticketId)
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
                                "customer_email", address,
                                "metadata", Map.of("secret", secret))))
                .has(202)
                .json()
                .get("ticket_id")
                .asString();
    }

    private String path(String below) {
        return "/api/v1/customers/" + customer + below;
    }

    private static String erase(String confirm) {
        return "{\"confirm\":\"" + confirm + "\",\"reason\":\"Asked for it\"}";
    }
}
