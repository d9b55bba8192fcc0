package io.opsrelay.agent.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.Tickets;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.TicketEvent.CustomerErased;
import io.opsrelay.contracts.TicketEvent.StatusSet;
import io.opsrelay.contracts.TicketEvent.TicketClassified;
import io.opsrelay.contracts.TicketEvent.TicketCorrected;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.security.Role;
import io.opsrelay.testing.OpsRelayTest;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.webmvc.test.autoconfigure.AutoConfigureMockMvc;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import org.springframework.test.web.servlet.assertj.MvcTestResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Corrections that come as events, on real Kafka and PostgreSQL. */
@OpsRelayTest(service = "agent")
@SpringBootTest
@AutoConfigureMockMvc
class JudgementsTest {

    private static final String ACCURACY = "/api/v1/agent/classifier/accuracy";
    private static final String EXAMPLES = "/api/v1/agent/classifier/examples?source=correction";

    private final String client = "judged-" + UUID.randomUUID().toString().substring(0, 8);
    private Tickets tickets;

    @Autowired
    private MockMvcTester http;

    @Autowired
    private TestDatabase database;

    @Autowired
    void connect(TestKafka kafka) {
        tickets = new Tickets(kafka);
    }

    @Test
    void aCorrectionIsMeasuredAndBecomesAnExampleWithoutWhatIsPersonalInIt() {
        TicketReceived ticket = worked("The parcel never came", "Write to jane.roe@example.net, it is nowhere.");
        TicketClassified found = tickets.only(ticket, TicketClassified.class);

        tickets.send(client, corrected(ticket, found, "lost parcel"));

        JsonNode accuracy = await(ACCURACY, it -> it.get("judged").asLong() == 1);
        assertThat(accuracy.get("accuracy").asDouble()).isZero();
        assertThat(accuracy.get("corrected").asLong()).isEqualTo(1);
        assertThat(accuracy.get("not_learned").asLong()).isZero();
        assertThat(accuracy.at("/versions/0/model_version").asString()).isEqualTo(found.modelVersion());
        assertThat(accuracy.at("/confusion/0/classified").asString()).isEqualTo(found.category());
        assertThat(accuracy.at("/confusion/0/corrected").asString()).isEqualTo("lost parcel");
        assertThat(accuracy.at("/confusion/0/count").asLong()).isEqualTo(1);
        JsonNode example = read(EXAMPLES).get("items").get(0);
        assertThat(example.get("label").asString()).isEqualTo("lost parcel");
        assertThat(example.get("ticket_id").asString())
                .isEqualTo(ticket.ticketId().toString());
        assertThat(example.get("text").asString())
                .contains("The parcel never came")
                .doesNotContain("jane.roe@example.net");
    }

    @Test
    void aLaterCorrectionTakesTheEarlierOnesPlaceHoweverOftenItIsTold() {
        TicketReceived ticket = worked("The parcel never came", "It is nowhere.");
        TicketClassified found = tickets.only(ticket, TicketClassified.class);
        TicketCorrected back = corrected(ticket, found, found.category());
        UUID eventId = UUID.randomUUID();

        tickets.send(client, corrected(ticket, found, "lost parcel"));
        tickets.send(client, back, eventId);
        tickets.send(client, back, eventId);
        tickets.send(client, new StatusSet(ticket.ticketId(), "closed", "user:ann", null));

        JsonNode accuracy = await(ACCURACY, it -> it.get("confirmed").asLong() == 1);
        assertThat(accuracy.get("judged").asLong()).isEqualTo(1);
        assertThat(accuracy.get("corrected").asLong()).isZero();
        assertThat(accuracy.get("accuracy").asDouble()).isEqualTo(1);
        assertThat(read(EXAMPLES).get("items")).singleElement().satisfies(example -> assertThat(
                        example.get("label").asString())
                .isEqualTo(found.category()));
    }

    @Test
    void aPersonWhoEndsATicketLeavesItsCategoryAndThatAloneIsNoMeasurement() {
        TicketReceived closed = worked("The parcel never came", "It is nowhere.");
        TicketReceived escalated = worked("The parcel never came", "It is nowhere.");
        TicketReceived wrong = worked("The parcel never came", "It is nowhere.");

        tickets.send(client, new StatusSet(escalated.ticketId(), "escalated", "user:ann", null));
        tickets.send(client, new StatusSet(closed.ticketId(), "closed", "user:ann", null));

        JsonNode accuracy = await(ACCURACY, it -> it.get("judged").asLong() == 1);
        assertThat(accuracy.get("accuracy").isNull()).isTrue();

        tickets.send(client, corrected(wrong, tickets.only(wrong, TicketClassified.class), "lost parcel"));
        await(ACCURACY, it -> it.get("accuracy").asDouble() == 0.5);

        // What was left without a word may still be corrected.
        tickets.send(client, corrected(closed, tickets.only(closed, TicketClassified.class), "lost parcel"));
        assertThat(await(ACCURACY, it -> it.get("corrected").asLong() == 2)
                        .get("accuracy")
                        .asDouble())
                .isZero();
    }

    @Test
    void ofAnErasedCustomersTicketNothingIsLearnedAndPeopleSeeThat() {
        TicketReceived ticket = worked("The parcel never came", "It is nowhere.");
        TicketClassified found = tickets.only(ticket, TicketClassified.class);
        tickets.send(client, corrected(ticket, found, "lost parcel"));
        await(ACCURACY, it -> it.get("judged").asLong() == 1);

        tickets.send(
                client, new CustomerErased(ticket.ticketId(), ticket.customer().customerId()));
        await(EXAMPLES, it -> it.get("items").isEmpty());
        tickets.send(client, corrected(ticket, found, "delivery"));

        assertThat(await(ACCURACY, it -> it.get("not_learned").asLong() == 1)
                        .get("judged")
                        .asLong())
                .isEqualTo(1);
        assertThat(read(EXAMPLES).get("items")).isEmpty();
    }

    @Test
    void withEachJudgementSomeGoThatNobodyCanLookBackAt() {
        addJudgements(client, 30, "401 days");
        addJudgements(client, 1, "399 days");
        addJudgements(client + "-b", 1, "401 days");
        TicketReceived ticket = worked("The parcel never came", "It is nowhere.");

        tickets.send(client, corrected(ticket, tickets.only(ticket, TicketClassified.class), "lost parcel"));
        await(ACCURACY, it -> it.get("judged").asLong() == 1);

        assertThat(judgements(client)).isEqualTo(30 + 1 - 20 + 1);
        assertThat(judgements(client + "-b")).isEqualTo(1);
    }

    private void addJudgements(String owner, int count, String age) {
        JdbcClient.create(database.admin())
                .sql("""
                        insert into agent.judgement (client_id, ticket_id, judged_at, classified)
                        select :client, gen_random_uuid(), now() - :age::interval, 'complaint' from generate_series(1, :count)""")
                .param("client", owner)
                .param("age", age)
                .param("count", count)
                .update();
    }

    private long judgements(String owner) {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from agent.judgement where client_id = :client")
                .param("client", owner)
                .query(Long.class)
                .single();
    }

    @Test
    void everybodySeesTheirOwnClientsFiguresOnly() {
        TicketReceived ticket = worked("The parcel never came", "It is nowhere.");
        tickets.send(client, corrected(ticket, tickets.only(ticket, TicketClassified.class), "lost parcel"));
        await(ACCURACY, it -> it.get("judged").asLong() == 1);

        assertThat(get(client + "-b", ACCURACY, Role.ADMIN))
                .hasStatusOk()
                .bodyJson()
                .extractingPath("judged")
                .isEqualTo(0);
        assertThat(get(client, ACCURACY, Role.INGEST)).hasStatus(403);
        assertThat(get(client, ACCURACY + "?days=0", Role.VIEWER)).hasStatus(400);
        assertThat(get(client, ACCURACY + "?days=368", Role.VIEWER)).hasStatus(400);
    }

    private TicketReceived worked(String subject, String body) {
        TicketReceived ticket = Tickets.ticket(subject, body);
        tickets.send(client, ticket);
        tickets.awaitLast(ticket, RunCompleted.class);
        return ticket;
    }

    private static TicketCorrected corrected(TicketReceived ticket, TicketClassified found, String category) {
        return new TicketCorrected(
                ticket.ticketId(),
                "category",
                found.category(),
                found.modelVersion(),
                category,
                "user:ann@example.org");
    }

    private JsonNode await(String uri, Predicate<JsonNode> there) {
        return Awaitility.await().atMost(TestKafka.PATIENCE).until(() -> read(uri), there);
    }

    private JsonNode read(String uri) {
        MvcTestResult answer = get(client, uri, Role.ADMIN);
        assertThat(answer).hasStatusOk();
        return JsonMapper.shared()
                .readTree(new String(answer.getResponse().getContentAsByteArray(), StandardCharsets.UTF_8));
    }

    private MvcTestResult get(String owner, String uri, Role role) {
        return http.get()
                .uri(uri)
                .header("Authorization", TestTokens.bearer(owner, "someone@example.org", role))
                .exchange();
    }
}
