package io.opsrelay.agent.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.AgentApi;
import io.opsrelay.agent.Tickets;
import io.opsrelay.agent.WithModelServer;
import io.opsrelay.contracts.ActionEvent.ActionProposed;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.contracts.ApprovalEvent.ApprovalRejected;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent.MessageTaken;
import io.opsrelay.contracts.RunEvent.RunCompleted;
import io.opsrelay.contracts.RunEvent.RunParked;
import io.opsrelay.contracts.TicketEvent.Customer;
import io.opsrelay.contracts.TicketEvent.CustomerReplied;
import io.opsrelay.contracts.TicketEvent.Said;
import io.opsrelay.contracts.TicketEvent.TicketReceived;
import io.opsrelay.contracts.Topics;
import io.opsrelay.testing.FakeModelServer;
import io.opsrelay.testing.FakeModelServer.Reply;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.test.web.servlet.assertj.MockMvcTester;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What AI employees do, as dashboards are told of it, on real Kafka and PostgreSQL. Each test has clients of its own. */
@WithModelServer("watched")
@SpringBootTest(
        properties = {
            "opsrelay.knowledge.demo-clients=asked",
            "opsrelay.personas.most-activities=200",
            "opsrelay.llm.models.watched.retries=0",
            "opsrelay.llm.models.watched.timeout=60s",
        })
class ActivitiesTest {

    private static final String MIA = """
            {"display_name": "Mia", "role": "Support", "primary_metric": {"name": "efficiency", "unit": "percent"},
             "tools": ["process_refund", "search_knowledge_base", "escalate_to_human"]}""";
    private static final String BY_MODEL =
            "{\"mode\":\"react\",\"engine\":\"watched\",\"limits\":{\"max_cost_usd\":100}}";

    private TestKafka kafka;
    private Tickets tickets;
    private AgentApi api;

    @Autowired
    private FakeModelServer model;

    @Autowired
    private TestDatabase database;

    @Autowired
    void connect(TestKafka events, MockMvcTester http) {
        kafka = events;
        tickets = new Tickets(events);
        api = new AgentApi(http);
    }

    @Test
    void eachActivityOfARunIsToldOnceInOrderAsTheItemThatIsListed() {
        api.employee("told", "mia", MIA);
        api.employee("other", "mia", MIA);
        TicketReceived refund = refund();
        TicketReceived theirs = refund();

        tickets.send("told", refund);
        tickets.send("other", theirs);
        tickets.awaitLast(refund, RunParked.class);
        tickets.awaitLast(theirs, RunParked.class);
        tickets.send(
                "told",
                new ApprovalRejected(
                        UUID.randomUUID(),
                        tickets.only(refund, ActionProposed.class).actionId(),
                        refund.ticketId(),
                        "user:a@told.example",
                        "too late"));
        tickets.awaitLast(refund, RunCompleted.class);

        List<JsonNode> frames = frames("told");
        assertThat(descriptions("told"))
                .containsExactly("Took up: refund request", "Proposed, waiting: refund", "Resolved: refund request");
        assertThat(frames.stream().map(frame -> frame.get("activity")).toList())
                .as("what is listed, oldest first")
                .isEqualTo(api.activities("told").reversed());
        assertThat(frames).allSatisfy(frame -> {
            AiActivity activity = ContractJson.mapper().treeToValue(frame.get("activity"), AiActivity.class);
            assertThat(activity.aiEmployee())
                    .isEqualTo("mia")
                    .isEqualTo(frame.get("ai_employee").asString());
            assertThat(activity.ticketId()).isEqualTo(refund.ticketId());
            assertThat(activity.customer())
                    .isEqualTo(refund.customer().customerId().toString());
            assertThat(frame.get("timestamp").asString())
                    .isEqualTo(activity.timestamp().toString());
            assertThat(frame.get("version").asInt()).isEqualTo(1);
            assertThat(frame.toString()).doesNotContain("lamp", "mary.major", "A-1001", "too late");
        });
        assertThat(frames.stream().map(frame -> frame.at("/activity/type").asString()))
                .containsExactly("task", "task", "email");
        assertThat(frames.getFirst().get("activity").has("outcome")).isFalse();
        assertThat(frames.getLast().at("/activity/outcome").asString()).isEqualTo("resolved");
        assertThat(frames("other")).hasSize(2).allSatisfy(frame -> assertThat(
                        frame.at("/activity/ticket_id").asString())
                .isEqualTo(theirs.ticketId().toString()));
    }

    @Test
    void whatIsOldOrTooManyGoesAndTheRestStays() {
        api.employee("aged", "mia", MIA);
        addActivities("aged", 2_500, "100 days");
        addActivities("aged", 300, "1 day");
        addActivities("ageless", 5, "100 days");
        addWork("aged", "100 days");
        addWork("aged", "80 days");
        TicketReceived ticket = Tickets.ticket("Thanks", "Thank you, you are wonderful!");

        tickets.send("aged", ticket);
        tickets.awaitLast(ticket, RunCompleted.class);

        Awaitility.await().untilAsserted(() -> {
            // What the run adds after that stays until the next time.
            assertThat(count("ai_activity where client_id = 'aged'")).isBetween(200L, 203L);
            assertThat(count("ai_work where client_id = 'aged' and finished_at < now() - interval '90 days'"))
                    .isZero();
        });
        assertThat(count("ai_activity where client_id = 'aged' and occurred_at < now() - interval '90 days'"))
                .isZero();
        assertThat(count("ai_work where client_id = 'aged' and finished_at < now() - interval '70 days'"))
                .isEqualTo(1);
        assertThat(descriptionsListed("aged")).contains("Took up: praise");
        assertThat(count("ai_activity where client_id = 'ageless'")).isEqualTo(5);
    }

    private List<String> descriptionsListed(String client) {
        return api.activities(client).stream()
                .map(activity -> activity.get("description").asString())
                .toList();
    }

    private void addActivities(String client, int count, String age) {
        JdbcClient.create(database.admin())
                .sql("""
                        insert into agent.ai_activity (activity_id, client_id, ai_employee, type, description, occurred_at)
                        select gen_random_uuid(), :client, 'mia', 'task', 'Old', now() - :age::interval - n * interval '1 second'
                        from generate_series(1, :count) n""")
                .param("client", client)
                .param("age", age)
                .param("count", count)
                .update();
    }

    private void addWork(String client, String age) {
        JdbcClient.create(database.admin())
                .sql("""
                        insert into agent.ai_work (run_id, client_id, ai_employee, touched_at, finished_at, outcome)
                        values (gen_random_uuid(), :client, 'mia', now() - :age::interval, now() - :age::interval, 'resolved')""")
                .param("client", client)
                .param("age", age)
                .update();
    }

    private long count(String rows) {
        return JdbcClient.create(database.admin())
                .sql("select count(*) from agent." + rows)
                .query(Long.class)
                .single();
    }

    @Test
    void theKeyOfAFrameIsItsActivitysId() {
        api.employee("keyed", "mia", MIA);
        TicketReceived ticket = Tickets.ticket("Thanks", "Thank you, you are wonderful!");

        tickets.send("keyed", ticket);
        tickets.awaitLast(ticket, RunCompleted.class);

        assertThat(records("keyed")).hasSize(2).allSatisfy(record -> assertThat(
                        TestKafka.header(record, Headers.SUBJECT))
                .isEqualTo(data(record).at("/activity/activity_id").asString()));
    }

    @Test
    void toolsThatAnsweredAreToldByTheirNamesAndNothingThatAModelWrites() {
        api.employee("asked", "mia", MIA);
        api.workflow("asked", BY_MODEL);
        model.thinks(request -> request.toString().contains("\"tool\"")
                ? Reply.call("escalate_to_human", Map.of("reason", "I am lost"))
                : Reply.call("search_knowledge_base", Map.of("query", "who is lena.lovelace@example.org"))
                        .and("search_knowledge_base", Map.of("query", "How long do refunds take?"))
                        .and("lena_lovelace", Map.of("all", "yes")));
        TicketReceived ticket = Tickets.ticket("A question", "How long do refunds take?");

        tickets.send("asked", ticket);
        tickets.awaitLast(ticket, RunCompleted.class);

        assertThat(descriptions("asked")).hasSize(3).element(1).isEqualTo("Looked up: search knowledge base");
        assertThat(frames("asked").toString()).doesNotContainIgnoringCase("lovelace", "lost");
    }

    @Test
    void aStepThatFailsAtItsCommitAndIsDoneAgainIsToldOnce() throws SQLException {
        api.employee("repeated", "mia", MIA);
        TicketReceived refund = refund();

        try (Undone commits = new Undone(database, "repeated", 3)) {
            tickets.send("repeated", refund);
            tickets.awaitLast(refund, RunParked.class);
            assertThat(commits.tried()).as("attempts").isGreaterThan(3);
        }

        assertThat(descriptions("repeated")).containsExactly("Took up: refund request", "Proposed, waiting: refund");
        assertThat(api.activities("repeated")).hasSize(2);
    }

    @Test
    void aRunThatBeginsAgainWithWhatTheCustomerAddsIsTakenUpOnce() throws InterruptedException {
        api.employee("heard", "mia", MIA);
        api.workflow("heard", BY_MODEL);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch written = new CountDownLatch(1);
        model.thinks(request -> {
            asked.countDown();
            try {
                written.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return Reply.call("escalate_to_human", Map.of("reason", "unsure"));
        });
        TicketReceived ticket = refund();
        tickets.send("heard", ticket);
        asked.await();

        tickets.send(
                "heard",
                new CustomerReplied(
                        ticket.ticketId(), null, 3, new Said("customer", "It was blue.", true, Instant.now()), true));
        tickets.awaitLast(ticket, MessageTaken.class);
        written.countDown();
        tickets.awaitLast(ticket, RunCompleted.class);

        assertThat(descriptions("heard"))
                .containsExactly("Took up: refund request", "Handed to a person: refund request");
    }

    private static TicketReceived refund() {
        return new TicketReceived(
                UUID.randomUUID(),
                "email",
                "Order A-1001",
                "The lamp came in pieces, I want my money back.",
                new Customer(UUID.randomUUID(), "mary.major@example.org", true),
                null,
                null,
                Map.of());
    }

    private List<String> descriptions(String client) {
        return frames(client).stream()
                .map(frame -> frame.at("/activity/description").asString())
                .toList();
    }

    private List<JsonNode> frames(String client) {
        return records(client).stream().map(ActivitiesTest::data).toList();
    }

    /** Of what was committed before an event that was awaited: the feed's records are sent first. */
    private List<ConsumerRecord<String, byte[]>> records(String client) {
        return kafka.all(Topics.FEED).stream()
                .filter(record -> client.equals(record.key())
                        && "ai".equals(TestKafka.header(record, Headers.CHANNEL))
                        && AiActivity.FRAME.equals(TestKafka.header(record, Headers.FRAME)))
                .toList();
    }

    private static JsonNode data(ConsumerRecord<String, byte[]> record) {
        return JsonMapper.shared().readTree(record.value());
    }

    /** A client whose transactions fail with all but the commit done, as often as is said. */
    private static final class Undone implements AutoCloseable {

        private final TestDatabase database;

        Undone(TestDatabase database, String client, int times) throws SQLException {
            this.database = database;
            execute("create sequence agent.tried");
            // The sequence goes on counting where the transaction is undone.
            execute("""
                    create function agent.undo() returns trigger language plpgsql security definer as $$ begin
                        if nextval('agent.tried') <= %d then raise exception 'undone by the test'; end if;
                        return new;
                    end $$""".formatted(times));
            execute("""
                    create trigger undo before insert on agent.outbox for each row
                    when (new.client_id = '%s') execute function agent.undo()""".formatted(client));
        }

        /** How many rows came to be written, those undone included. */
        long tried() throws SQLException {
            try (Connection admin = database.admin().getConnection();
                    Statement statement = admin.createStatement();
                    ResultSet row = statement.executeQuery("select last_value from agent.tried")) {
                row.next();
                return row.getLong(1);
            }
        }

        @Override
        public void close() throws SQLException {
            execute("drop trigger undo on agent.outbox");
            execute("drop function agent.undo()");
            execute("drop sequence agent.tried");
        }

        private void execute(String sql) throws SQLException {
            try (Connection admin = database.admin().getConnection();
                    Statement statement = admin.createStatement()) {
                statement.execute(sql);
            }
        }
    }
}
