package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.DatabaseBlackout;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What only a sender sees who reads while he sends. */
@IngestionServiceTest
class BulkStreamTest {

    private static final String PATH = "/api/v1/tickets/bulk";

    /** A client of its own for each test: tickets are counted. */
    private final String client = "stream-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    TestDatabase database;

    @Autowired
    Environment environment;

    @Autowired
    DataSource pool;

    @Test
    void whoWaitsForAnAnswerBeforeTheNextLineGetsIt() throws IOException {
        try (Upload upload = upload()) {
            upload.send(ticket("step-1") + "\n");
            assertThat(upload.status()).startsWith("HTTP/1.1 200");
            assertThat(upload.line()).contains("\"line\":1", "accepted");
            upload.send("{\"subject\":\n" + ticket("step-2").substring(0, 20));
            assertThat(upload.line()).contains("\"line\":2", "refused");
            upload.send(ticket("step-2").substring(20) + "\n");
            assertThat(upload.line()).contains("\"line\":3", "accepted");
            upload.end();
            assertThat(upload.line()).isNull();
        }
        assertThat(tickets()).isEqualTo(2);
    }

    @Test
    void tenThousandLinesAreStoredAndAnswered() throws IOException {
        int count = 10_000;
        List<String> answers = new ArrayList<>();
        try (Upload upload = upload();
                ExecutorService sender = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Void> sent = sender.submit(() -> {
                StringBuilder some = new StringBuilder();
                for (int i = 0; i < count; i++) {
                    some.append(ticket("many-" + i)).append('\n');
                    if (some.length() > 10_000) {
                        upload.send(some.toString());
                        some.setLength(0);
                    }
                }
                upload.send(some.toString());
                upload.end();
                return null;
            });
            assertThat(upload.status()).startsWith("HTTP/1.1 200");
            for (String line = upload.line(); line != null; line = upload.line()) {
                answers.add(line);
            }
            assertThat(sent).succeedsWithin(Duration.ofSeconds(60));
        }

        assertThat(answers).hasSize(count).allMatch(line -> line.contains("\"status\":\"accepted\""));
        assertThat(answers.getLast()).contains("\"line\":" + count);
        assertThat(tickets()).isEqualTo(count);
        assertThat(count("message")).isEqualTo(count);
        assertThat(count("timeline_entry")).isEqualTo(count);
        assertThat(count("customer")).isEqualTo(1);
    }

    @Test
    void moreAtOnceThanThereMayBeAreToldToComeAgain() throws IOException {
        try (Upload one = place();
                Upload two = place();
                Upload three = place()) {

            post(ticket("fourth"), Map.of()).has(503);

            for (Upload upload : List.of(one, two, three)) {
                upload.end();
                assertThat(upload.line()).contains("accepted");
                assertThat(upload.line()).isNull();
            }
        }
        await().until(() -> post(ticket("fourth"), Map.of()).status() == 200);
    }

    @Test
    void aSenderWhoBreaksOffHasWhatWasAnsweredAndLosesNoPlaceForOthers() throws IOException {
        for (int i = 0; i < 4; i++) {
            String lines = ticket("gone-" + i) + "\n" + ticket("half").substring(0, 15);
            try (Upload upload = await().until(() -> begun(lines), Objects::nonNull)) {
                assertThat(upload.line()).contains("accepted");
            }
            assertThat(tickets()).isEqualTo(i + 1);
        }
    }

    @Test
    void withoutItsDatabaseTheAnswerEndsWithALineThatSaysSoAndWhatWasAcceptedIsThere() throws IOException {
        List<String> answers = new ArrayList<>();
        try (Upload upload = upload()) {
            upload.send(ticket("kept-1") + "\n" + ticket("kept-2") + "\n");
            assertThat(upload.status()).startsWith("HTTP/1.1 200");
            answers.add(upload.line());
            answers.add(upload.line());
            try (DatabaseBlackout _ = new DatabaseBlackout(database, pool)) {
                upload.send(ticket("lost-1") + "\n");
                assertThat(upload.line())
                        .isEqualTo("{\"error\":\"the database cannot answer now; send this line and those after it"
                                + " again\",\"line\":3}");
            }
            upload.end();
            assertThat(upload.line()).isNull();
        }

        assertThat(answers).allMatch(line -> line.contains("accepted"));
        assertThat(tickets()).isEqualTo(2);
        await().until(() -> post(ticket("lost-1"), Map.of()).status() == 200);
        assertThat(
                        lines(post(ticket("kept-1") + "\n" + ticket("kept-2") + "\n" + ticket("lost-1"), Map.of())
                                        .has(200))
                                .stream()
                                .map(BulkStreamTest::told))
                .containsOnly("repeated");
    }

    @Test
    void withoutItsDatabaseFromTheBeginningTheStatusSaysSo() throws SQLException {
        List<Connection> taken = new ArrayList<>();
        try {
            for (int i = 0; i < 16; i++) {
                // Those who work in the background give theirs back soon, but perhaps not within the pool's own time.
                taken.add(await().ignoreExceptions().until(pool::getConnection, Objects::nonNull));
            }

            post(ticket("full"), Map.of()).isProblem(503, """
                            {"title":"Service Unavailable","status":503,
                             "detail":"the database cannot answer now; nothing was changed, try again"}""");
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        assertThat(tickets()).isZero();
    }

    /** One of the places, once those who were there before have been noticed to be gone. */
    private Upload place() {
        String line = ticket("place-" + UUID.randomUUID()) + "\n";
        return await().until(() -> begun(line), Objects::nonNull);
    }

    /** Null while those before have not been noticed to be gone. */
    private @Nullable Upload begun(String lines) throws IOException {
        Upload upload = upload();
        upload.send(lines);
        if (upload.status().startsWith("HTTP/1.1 200")) {
            return upload;
        }
        upload.close();
        return null;
    }

    private Upload upload() throws IOException {
        return new Upload(
                environment.getRequiredProperty("local.server.port", Integer.class),
                TestTokens.bearer(client, "ingest@" + client + ".example", Role.INGEST));
    }

    private Api.Answer post(String body, Map<String, String> headers) {
        return api.as(client, Role.INGEST).post(PATH, BodyPublishers.ofString(body), "application/x-ndjson", headers);
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
