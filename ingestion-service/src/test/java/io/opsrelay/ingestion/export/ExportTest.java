package io.opsrelay.ingestion.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.ticket.NewTicket;
import io.opsrelay.ingestion.ticket.Tickets;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@IngestionServiceTest
class ExportTest {

    private static final String PATH = "/api/v1/tickets/export";

    private final String client = "export-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    TestDatabase database;

    @Autowired
    Environment environment;

    private final Tickets tickets;

    /** By the constructor: features take from each other what they say they do. */
    @Autowired
    ExportTest(Tickets tickets) {
        this.tickets = tickets;
    }

    @Test
    void aCsvHoldsEveryTicketWithItsTextAsItIs() throws IOException {
        store("one", "Broken \"lamp\", blue", "Line one\r\nline, two; größe 💡", "high");
        store("two", "Login", "No mail", null);

        Api.Answer answer = get("?sort=created_at").has(200);

        assertThat(answer.contentType()).isEqualToIgnoringWhitespace("text/csv;header=present;charset=UTF-8");
        assertThat(answer.headers().get("Content-Disposition"))
                .matches("attachment; filename=\"tickets-" + client + "-\\d{8}T\\d{6}Z\\.csv\"");
        assertThat(answer.text()).endsWith("\r\n");
        List<CSVRecord> rows = csv(answer);
        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).get("external_id")).isEqualTo("one");
        assertThat(rows.get(0).get("subject")).isEqualTo("Broken \"lamp\", blue");
        assertThat(rows.get(0).get("body")).isEqualTo("Line one\r\nline, two; größe 💡");
        assertThat(rows.get(0).get("priority")).isEqualTo("high");
        assertThat(rows.get(0).get("customer_email")).isEqualTo("mary.major@example.org");
        assertThat(rows.get(1).get("priority")).isEmpty();
        assertThat(rows.get(1).get("status")).isEqualTo("received");
    }

    @Test
    void whatASpreadsheetWouldCalculateBecomesAText() throws IOException {
        List<String> formulas = List.of(
                "=HYPERLINK(\"http://evil.example\")", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "a=1", "'=1");
        for (String formula : formulas) {
            store("f" + formulas.indexOf(formula), "Lamp", formula, null);
        }

        List<CSVRecord> rows = csv(get("?sort=created_at").has(200));

        assertThat(rows.stream().map(row -> row.get("body")))
                .containsExactly(
                        "'=HYPERLINK(\"http://evil.example\")",
                        "'+1+1",
                        "'-2+3",
                        "'@SUM(A1)",
                        "'\t=1",
                        "'\r=1",
                        " =1",
                        "a=1",
                        "'=1");
    }

    @Test
    void jsonIsOneArrayInTheOrderAskedFor() {
        store("one", "=1+1", "x", "low");
        store("two", "Lamp", "y", "urgent");
        store("three", "Lamp", "z", null);

        Api.Answer answer = get("?format=json&sort=-priority").has(200);

        assertThat(answer.contentType()).startsWith("application/json");
        assertThat(answer.headers().get("Content-Disposition")).contains(".json\"");
        List<JsonNode> items = answer.json().valueStream().toList();
        assertThat(items.stream().map(item -> item.get("external_id").asString()))
                .containsExactly("two", "one", "three");
        assertThat(items.get(1).get("subject").asString()).isEqualTo("=1+1");
        assertThat(items.get(2).has("priority")).isFalse();
        assertThat(get("?format=json&status=failed").has(200).json()).isEmpty();
    }

    @Test
    void theFiltersAreThoseOfTheList() throws IOException {
        store("one", "Broken lamp", "x", "low");
        store("two", "Login", "unicorn", "high");

        assertThat(csv(get("?priority=high").has(200))).hasSize(1);
        assertThat(csv(get("?q=unic").has(200)).getFirst().get("external_id")).isEqualTo("two");
        assertThat(csv(get("?q=unicorn&priority=low").has(200))).isEmpty();
        get("?status=open").has(400);
        get("?format=xls").isProblem(400, "Bad Request", "format", "must be csv or json");
    }

    @Test
    void manyTicketsLeaveOneAfterTheOther() throws IOException {
        List<NewTicket> many = new ArrayList<>();
        for (int i = 0; i < 1_700; i++) {
            many.add(ticket("many-" + i, "Lamp " + i, "x".repeat(200), null));
        }
        tickets.receiveAll(client, many);

        List<CSVRecord> rows = csv(get("?sort=created_at").has(200));

        assertThat(rows).hasSize(1_700);
        assertThat(rows.getLast().get("external_id")).isEqualTo("many-1699");
        assertThat(get("?format=json").has(200).json()).hasSize(1_700);
    }

    @Test
    void anExportThatLosesItsDatabaseIsCutAndNeverLooksWhole() throws Exception {
        List<NewTicket> large = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            large.add(ticket("large-" + i, "Lamp " + i, "x ".repeat(30_000), null));
        }
        for (int i = 0; i < 400; i += 50) {
            tickets.receiveAll(client, large.subList(i, i + 50));
        }
        URI address = URI.create("http://127.0.0.1:" + environment.getRequiredProperty("local.server.port") + PATH);
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", TestTokens.bearer(client, "viewer@acme.example", Role.VIEWER))
                .build();
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream file =
                        http.send(request, BodyHandlers.ofInputStream()).body()) {
            file.readNBytes(10_000);
            JdbcClient.create(database.admin())
                    .sql("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and usename = 'ingestion_app'")
                    .query()
                    .listOfRows();

            assertThatThrownBy(file::readAllBytes).isInstanceOf(IOException.class);
        }
        await().until(() -> get("?q=nothing").status() == 200);
    }

    @Test
    void anothersTicketsAreNotInIt() throws IOException {
        store("mine", "Lamp", "x", null);

        assertThat(csv(api.as("globex", Role.ADMIN).get(PATH).has(200)).stream().map(row -> row.get("external_id")))
                .doesNotContain("mine");
        api.as(client, Role.INGEST).get(PATH).has(403);
        api.asOperator().get(PATH).has(403);
    }

    @Test
    void whoExportedWhatIsInTheAuditLogAndNoCustomerIs() {
        get("?status=resolved&channel=email&customer_email=mary.major@example.org&format=json")
                .has(200);
        get("?status=nonsense").has(400);

        JsonNode entries = await().until(
                        () -> api.as(client, Role.ADMIN)
                                .get("/api/v1/tickets/audit?action=tickets.exported")
                                .has(200)
                                .json()
                                .get("items"),
                        items -> items.size() > 0);

        assertThat(entries).singleElement().satisfies(entry -> {
            assertThat(entry.at("/entry/actor").asString()).startsWith("user:");
            assertThat(entry.at("/entry/after").toString())
                    .isEqualTo("{\"channel\":\"email\",\"customer_email\":\"given\",\"format\":\"json\","
                            + "\"statuses\":[\"resolved\"]}");
        });
    }

    private void store(String externalId, String subject, String body, String priority) {
        tickets.receive(client, ticket(externalId, subject, body, priority), null);
    }

    private static NewTicket ticket(String externalId, String subject, String body, String priority) {
        return new NewTicket(
                "api",
                "api",
                subject,
                body,
                "mary.major@example.org",
                true,
                priority,
                externalId,
                Map.of(),
                "user:agent@acme.example");
    }

    private Api.Answer get(String query) {
        return api.as(client, Role.VIEWER).get(PATH + query);
    }

    private static List<CSVRecord> csv(Api.Answer answer) throws IOException {
        return CSVFormat.RFC4180
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get()
                .parse(new StringReader(answer.text()))
                .getRecords();
    }
}
