package io.opsrelay.ingestion.processed;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.TicketEvent.TicketImported;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@IngestionServiceTest
class ProcessedTest {

    private static final String PATH = "/api/tickets/process";

    private final String client = "processed-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    Api api;

    @Autowired
    TestKafka kafka;

    @Autowired
    TestDatabase database;

    @Test
    void aResultIsATicketThatIsDone() {
        JsonNode answer = post("""
                {"id":4711,"description":"The lamp came in pieces.\\nPlease help.","industry":"ecommerce",
                 "category":"order_issue","accuracy":95.0,"confidence":0.97,"pii_protected":true,
                 "redactions":{"email":2,"phone":1},"reply_draft":true,"classification_method":"enhanced_v2.4",
                 "region":"US","processing_time":1.24}""").has(200).json();

        assertThat(answer.get("success").asBoolean()).isTrue();
        assertThat(answer.get("status").asString()).isEqualTo("resolved");
        assertThat(answer.get("duplicate").asBoolean()).isFalse();
        JsonNode ticket = get(answer);
        assertThat(ticket.get("status").asString()).isEqualTo("resolved");
        assertThat(ticket.get("external_id").asString()).isEqualTo("4711");
        assertThat(ticket.get("subject").asString()).isEqualTo("The lamp came in pieces.");
        assertThat(ticket.get("category").asString()).isEqualTo("order_issue");
        assertThat(ticket.get("confidence").asDouble()).isEqualTo(0.97);
        assertThat(ticket.get("resolved_at")).isEqualTo(ticket.get("created_at"));
        assertThat(ticket.get("metadata").get("industry").asString()).isEqualTo("ecommerce");
        assertThat(ticket.has("reply")).isFalse();
        JsonNode entry = ticket.get("timeline").get(0);
        assertThat(entry.get("event").asString()).isEqualTo("ticket_imported");
        assertThat(entry.get("summary").asString()).isEqualTo("Worked elsewhere: order issue");
        assertThat(entry.get("data").get("accuracy").asDouble()).isEqualTo(0.95);
        assertThat(entry.get("data").get("redactions").get("email").asInt()).isEqualTo(2);
        assertThat(entry.get("data").get("processing_millis").asDouble()).isEqualTo(1240);
        assertThat(completed()).isEqualTo(1);
    }

    @Test
    void itIsToldByAnEventThatStartsNoRunAndShownOnTheFeed() {
        String id =
                post("{\"id\":\"t-1\",\"description\":\"Secret words\",\"root_cause\":\"refund\",\"confidence\":\"0.5\"}")
                        .has(200)
                        .json()
                        .get("ticketId")
                        .asString();

        var told = kafka.await(Topics.TICKET, message -> id.equals(message.key()));
        assertThat(TestKafka.header(told, Headers.TYPE)).isEqualTo("io.opsrelay.ticket.imported.v1");
        TicketImported event = ContractJson.mapper().readValue(told.value(), TicketImported.class);
        assertThat(event.externalId()).isEqualTo("t-1");
        assertThat(event.category()).isEqualTo("refund");
        assertThat(event.confidence()).isEqualTo(0.5);
        assertThat(event.accuracy()).isNull();
        assertThat(event.replyDrafted()).isFalse();
        assertThat(new String(told.value(), StandardCharsets.UTF_8)).doesNotContain("Secret");
        var shown =
                kafka.await(Topics.FEED, message -> new String(message.value(), StandardCharsets.UTF_8).contains(id));
        assertThat(TestKafka.header(shown, Headers.CHANNEL)).isEqualTo(Channels.TICKETS);
        assertThat(TestKafka.header(shown, Headers.FRAME)).isEqualTo("ticket_imported");
        assertThat(new String(shown.value(), StandardCharsets.UTF_8))
                .contains("\"status\":\"resolved\"")
                .doesNotContain("Secret");
    }

    @Test
    void theSameIdAgainIsTheSameTicket() {
        JsonNode first = post("{\"id\":7,\"description\":\"One\"}").has(200).json();
        JsonNode second =
                post("{\"id\":\"7\",\"description\":\"Another text\"}").has(200).json();

        assertThat(second.get("ticketId")).isEqualTo(first.get("ticketId"));
        assertThat(second.get("duplicate").asBoolean()).isTrue();
        assertThat(get(second).get("body").asString()).isEqualTo("One");
        assertThat(completed()).isEqualTo(1);
    }

    @Test
    void aDraftThatIsATextIsKeptButSentToNobody() {
        JsonNode ticket = get(post("{\"id\":8,\"reply_draft\":\"Dear Mary, sorry.\"}")
                .has(200)
                .json());

        JsonNode data = ticket.get("timeline").get(0).get("data");
        assertThat(data.get("reply_draft").asString()).isEqualTo("Dear Mary, sorry.");
        assertThat(data.get("reply_drafted").asBoolean()).isTrue();
        assertThat(ticket.get("messages")).hasSize(1);
        assertThat(ticket.get("body").asString()).isEqualTo("Ticket 8");
        assertThat(ticket.get("customer").get("email").asString()).isEqualTo("unknown@customer.invalid");
        assertThat(ticket.get("customer").get("verified").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"id\":1,\"confidence\":\"N/A\",\"accuracy\":\"N/A\",\"category\":\"N/A\"}",
                "{\"id\":1,\"confidence\":null,\"accuracy\":null,\"redactions\":null,\"industry\":null}",
                "{\"id\":1,\"confidence\":[],\"accuracy\":{},\"redactions\":[1],\"industry\":7.5,\"pii_protected\":\"?\"}",
                "{\"id\":1,\"confidence\":-3,\"accuracy\":1e300,\"processing_time\":-1,\"mood\":\"fine\"}",
                "{\"id\":1,\"confidence\":\"NaN\",\"processing_time\":\"soon\",\"reply_draft\":[]}",
                "{\"id\":1,\"redactions\":{\"a\":-1,\"b\":\"x\",\"\":3,\"c\":99999999999}}"
            })
    void whatCannotBeReadIsUnknown(String result) {
        JsonNode ticket = get(post(result).has(200).json());

        assertThat(ticket.has("confidence")).isFalse();
        JsonNode data = ticket.get("timeline").get(0).get("data");
        assertThat(data.has("accuracy")).isFalse();
        assertThat(data.has("processing_millis")).isFalse();
        assertThat(data.has("pii_protected")).isFalse();
    }

    @Test
    void percentAndSecondsAreUnderstoodAsTextsToo() {
        JsonNode data = get(post("{\"id\":9,\"confidence\":\"97%\",\"accuracy\":1,\"processing_time\":\"1.5s\"}")
                        .has(200)
                        .json())
                .get("timeline")
                .get(0)
                .get("data");

        assertThat(data.get("confidence").asDouble()).isEqualTo(0.97);
        assertThat(data.get("accuracy").asDouble()).isEqualTo(1);
        assertThat(data.get("processing_millis").asDouble()).isEqualTo(1500);
    }

    @Test
    void onlyWhatIsNoResultAtAllIsRefused() {
        post("{}").isProblem(422, "Unprocessable Content", "id", "is required where there is no description");
        post("[]").isProblem(400, "Bad Request", "body", "must be a ticket's result as a JSON object");
        post("{\"id\":\"" + "x".repeat(201) + "\"}")
                .isProblem(422, "Unprocessable Content", "id", "must have at most 200 characters");
        post("{\"id\":").has(400);
        assertThat(completed()).isZero();
    }

    @Test
    void charactersThatCannotBeStoredAreLeftOut() {
        JsonNode ticket = get(post("{\"id\":\"n\\u0000ul\",\"description\":\"a\\u0000b\\ud800c\"}")
                .has(200)
                .json());

        assertThat(ticket.get("external_id").asString()).isEqualTo("nul");
        assertThat(ticket.get("body").asString()).isEqualTo("abc");
    }

    @Test
    void anotherClientsSameIdIsAnotherTicket() {
        JsonNode mine = post("{\"id\":\"shared-" + client + "\"}").has(200).json();
        JsonNode theirs = api.as("globex", Role.INGEST)
                .post(PATH, "{\"id\":\"shared-" + client + "\"}", Map.of())
                .has(200)
                .json();

        assertThat(theirs.get("ticketId")).isNotEqualTo(mine.get("ticketId"));
        assertThat(theirs.get("duplicate").asBoolean()).isFalse();
        api.as(client, Role.VIEWER).post(PATH, "{\"id\":1}").has(403);
    }

    private Api.Answer post(String json) {
        return api.as(client, Role.INGEST).post(PATH, json);
    }

    private JsonNode get(JsonNode answer) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + answer.get("ticketId").asString())
                .has(200)
                .json();
    }

    private long completed() {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from ingestion.ticket where client_id = :client and status = 'resolved'")
                .param("client", client)
                .query(Long.class)
                .single();
    }
}
