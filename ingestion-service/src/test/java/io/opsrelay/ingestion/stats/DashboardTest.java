package io.opsrelay.ingestion.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsrelay.contracts.ActionEvent;
import io.opsrelay.contracts.ApprovalEvent;
import io.opsrelay.contracts.Event;
import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.RunEvent;
import io.opsrelay.contracts.TicketEvent;
import io.opsrelay.contracts.Topics;
import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.OtherServices;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestKafka;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@IngestionServiceTest
class DashboardTest {

    private static final String BOSS = "user:boss@example.org";

    @Autowired
    Api api;

    @Autowired
    OtherServices others;

    @Autowired
    TestKafka kafka;

    @Autowired
    ClientTransactions transactions;

    @Autowired
    JdbcTemplate jdbc;

    @Autowired
    Counting counting;

    private final String client = "dash-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whatHappensToRealTicketsIsCountedOnceHoweverOftenItIsTold() {
        UUID ticket = UUID.fromString(api.as(client, Role.AGENT).ticket("Refund, please"));
        UUID waiting = UUID.fromString(api.as(client, Role.AGENT).ticket("And another"));
        UUID run = UUID.randomUUID();
        UUID action = UUID.randomUUID();
        UUID approval = UUID.randomUUID();
        List<Event> events = List.of(
                new RunEvent.RunStarted(ticket, run, "local"),
                new TicketEvent.TicketClassified(
                        ticket,
                        run,
                        "refund_request",
                        0.97,
                        false,
                        "en",
                        "negative",
                        "high",
                        "local",
                        "1",
                        12.0,
                        null,
                        "retail",
                        null,
                        null),
                new ApprovalEvent.ApprovalRequested(
                        approval,
                        action,
                        ticket,
                        1,
                        "refund",
                        "money",
                        Instant.now().plusSeconds(600)),
                new ApprovalEvent.ApprovalGranted(approval, action, ticket, 1, "refund", "hash", BOSS, null, "grant"),
                new ActionEvent.ActionSucceeded(action, ticket, "refund", "sandbox", Map.of()),
                new RunEvent.RunCompleted(ticket, run, RunEvent.Outcome.RESOLVED, "We have refunded it.", null));
        List<UUID> ids = events.stream().map(event -> UUID.randomUUID()).toList();
        for (int twice = 0; twice < 2; twice++) {
            for (int i = 0; i < events.size(); i++) {
                others.tell(client, events.get(i), ids.get(i), Instant.now());
            }
        }
        // Late, of a run that is over.
        others.tell(client, new RunEvent.RunStarted(ticket, run, "local"));

        JsonNode stats = await().until(
                        () -> stats("?bucket=minute"),
                        it -> it.at("/totals/completed").asLong() == 1);

        assertThat(stats.at("/now/by_status/resolved").asLong()).isEqualTo(1);
        assertThat(stats.at("/now/pending").asLong()).isEqualTo(1);
        assertThat(stats.at("/now/completed").asLong()).isEqualTo(1);
        assertThat(stats.at("/now/total").asLong()).isEqualTo(2);
        JsonNode totals = stats.get("totals");
        assertThat(totals.get("received").asLong()).isEqualTo(2);
        assertThat(totals.get("by_channel").toString()).isEqualTo("{\"api\":2}");
        assertThat(totals.get("by_category").toString()).isEqualTo("{\"refund_request\":1,\"unset\":1}");
        assertThat(totals.get("by_industry").toString()).isEqualTo("{\"retail\":1,\"unset\":1}");
        assertThat(totals.get("by_priority").toString()).isEqualTo("{\"high\":1,\"unset\":1}");
        assertThat(totals.get("entered").toString())
                .isEqualTo("{\"acting\":1,\"analyzing\":1,\"awaiting_approval\":1,\"received\":2,\"resolved\":1}");
        assertThat(totals.get("left").toString())
                .isEqualTo("{\"acting\":1,\"analyzing\":1,\"awaiting_approval\":1,\"received\":1}");
        assertThat(totals.get("runs").toString()).isEqualTo("{\"resolved\":1}");
        assertThat(totals.get("approvals").toString()).isEqualTo("{\"approved\":1}");
        assertThat(totals.get("completion_rate").asDouble()).isEqualTo(1);
        assertThat(totals.get("automation_rate").asDouble()).isEqualTo(0);
        assertThat(totals.get("approval_rate").asDouble()).isEqualTo(1);
        assertThat(totals.get("accuracy").isNull()).isTrue();
        assertThat(totals.get("corrections").asLong()).isZero();
        assertThat(totals.at("/first_response/count").asLong()).isEqualTo(1);
        assertThat(totals.at("/resolution/count").asLong()).isEqualTo(1);
        assertThat(totals.at("/processing/p50_seconds").asDouble()).isCloseTo(0.012, Percentage.withPercentage(2.1));
        JsonNode older = api.as(client, Role.VIEWER)
                .get("/api/dashboard/metrics")
                .has(200)
                .json();
        assertThat(older.get("ticketsProcessed").asLong()).isEqualTo(1);
        assertThat(older.get("pending").asLong()).isEqualTo(1);
        assertThat(older.get("accuracyRate").isNull()).isTrue();
        assertThat(older.get("completionRate").asDouble()).isEqualTo(100);
        assertThat(waiting).isNotEqualTo(ticket);
    }

    @Test
    void accuracyIsMeasuredByWhatPeopleSayAndCountingAnewKeepsIt() {
        correct(classified("refund_request"), "delivery");
        correct(classified("delivery"), "delivery");
        String left = classified("account");
        classified("account");
        api.as(client, Role.AGENT)
                .post("/api/v1/tickets/" + left + "/status", "{\"status\":\"closed\"}")
                .has(200);

        awaitAccuracy(2 / 3.0);
        api.as(client, Role.ADMIN).post("/api/v1/dashboard/rebuild", "").has(202);
        await().until(() -> api.as(client, Role.ADMIN)
                .get("/api/v1/dashboard/rebuild")
                .json()
                .get("state")
                .asString()
                .equals("done"));
        awaitAccuracy(2 / 3.0);
        JsonNode totals = stats("?bucket=minute").get("totals");
        assertThat(totals.get("reviewed").asLong()).isEqualTo(3);
        assertThat(totals.get("corrections").asLong()).isEqualTo(1);
        assertThat(totals.get("confirmations").asLong()).isEqualTo(1);
        assertThat(api.as(client, Role.VIEWER)
                        .get("/api/dashboard/metrics")
                        .json()
                        .get("accuracyRate")
                        .asDouble())
                .isCloseTo(200 / 3.0, Percentage.withPercentage(0.01));
    }

    private void awaitAccuracy(double expected) {
        await().untilAsserted(() -> assertThat(
                        stats("?bucket=minute").at("/totals/accuracy").asDouble())
                .isCloseTo(expected, Percentage.withPercentage(0.01)));
    }

    private void correct(String ticket, String category) {
        api.as(client, Role.AGENT)
                .put("/api/v1/tickets/" + ticket + "/category", "{\"category\":\"" + category + "\"}", Map.of())
                .has(200);
    }

    private String classified(String category) {
        String ticket = api.as(client, Role.AGENT).ticket("About " + category);
        UUID ticketId = UUID.fromString(ticket);
        UUID run = UUID.randomUUID();
        others.tell(client, new RunEvent.RunStarted(ticketId, run, "local"));
        others.tell(
                client,
                new TicketEvent.TicketClassified(
                        ticketId, run, category, 0.97, false, "en", "neutral", "low", "local", "1", 12.0, null, null,
                        null, null));
        await().until(() -> api.as(client, Role.VIEWER)
                .get("/api/v1/tickets/" + ticket)
                .json()
                .has("category"));
        return ticket;
    }

    @Test
    void aClientWithoutTicketsGetsNoughts() {
        JsonNode snapshot =
                api.as(client, Role.VIEWER).get("/api/v1/dashboard").has(200).json();
        assertThat(snapshot.at("/metrics/counts/total").asLong()).isZero();
        assertThat(snapshot.at("/metrics/today/received").asLong()).isZero();
        assertThat(snapshot.at("/metrics/today/completion_rate").isMissingNode())
                .isTrue();
        assertThat(snapshot.has("predictions")).isFalse();

        JsonNode stats = stats("?bucket=hour&from=2026-03-01T00:00:00Z&to=2026-03-01T05:30:00Z");
        assertThat(stats.get("series").size()).isEqualTo(6);
        assertThat(stats.get("to").asString()).isEqualTo("2026-03-01T06:00:00Z");
        assertThat(stats.get("behind_seconds").asDouble()).isZero();

        JsonNode older = api.as(client, Role.VIEWER)
                .get("/api/dashboard/metrics")
                .has(200)
                .json();
        assertThat(older.get("ticketsProcessed").asLong()).isZero();
        api.as(client, Role.ADMIN).get("/api/v1/dashboard/rebuild").has(404);
    }

    @Test
    void anotherClientsTicketsAreNotCountedHere() {
        Histories own = new Histories(client, transactions, jdbc);
        Histories foreign = new Histories(client + "-b", transactions, jdbc);
        Instant now = Instant.now();
        own.received(now, "email");
        for (int i = 0; i < 3; i++) {
            foreign.received(now, "api");
        }

        awaitCounted(client);
        awaitCounted(client + "-b");

        assertThat(stats("").at("/totals/by_channel").toString()).isEqualTo("{\"email\":1}");
        assertThat(api.as(client + "-b", Role.VIEWER)
                        .get("/api/v1/dashboard/stats")
                        .json()
                        .at("/totals/by_channel")
                        .toString())
                .isEqualTo("{\"api\":3}");
    }

    @Test
    void daysAreThoseOfTheZoneThatIsAskedFor() {
        Histories histories = new Histories(client, transactions, jdbc);
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        Instant evening = today.minus(5, ChronoUnit.DAYS).plus(19, ChronoUnit.HOURS);
        histories.received(evening, "email"); // 00:30 of the next day in Kolkata
        histories.received(evening.minus(1, ChronoUnit.HOURS), "email"); // 23:30
        awaitCounted(client);

        JsonNode utc = api.as(client, Role.VIEWER)
                .get("/api/v1/dashboard/history?days=7")
                .has(200)
                .json();
        JsonNode kolkata = api.as(client, Role.VIEWER)
                .get("/api/v1/dashboard/history?days=8&zone=Asia/Kolkata")
                .has(200)
                .json();

        assertThat(receivedByStart(utc.get("days")))
                .isEqualTo(Map.of(evening.truncatedTo(ChronoUnit.DAYS).toString(), 2L));
        Instant midnight = evening.minus(30, ChronoUnit.MINUTES);
        assertThat(receivedByStart(kolkata.get("days")))
                .isEqualTo(Map.of(
                        midnight.toString(),
                        1L,
                        midnight.minus(1, ChronoUnit.DAYS).toString(),
                        1L));
        assertThat(kolkata.get("zone").asString()).isEqualTo("Asia/Kolkata");
        JsonNode hours = stats("?bucket=hour&zone=Asia/Kolkata&from=" + evening.minus(3, ChronoUnit.HOURS) + "&to="
                + evening.plus(1, ChronoUnit.HOURS));
        assertThat(receivedByStart(hours.get("series"))).hasSize(2).containsEntry(midnight.toString(), 1L);
    }

    @Test
    void aYearIsReadFromItsDays() {
        Histories histories = new Histories(client, transactions, jdbc);
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        for (int day = 0; day < 365; day += 5) {
            histories.received(today.minus(day, ChronoUnit.DAYS), "email");
        }
        awaitCounted(client);
        transactions.run(client, () -> jdbc.update("delete from figure where grain in ('minute', 'quarter')"));

        JsonNode year = stats(
                "?bucket=day&from=" + today.minus(364, ChronoUnit.DAYS) + "&to=" + today.plus(1, ChronoUnit.DAYS));

        assertThat(year.get("series").size()).isEqualTo(365);
        assertThat(year.at("/totals/received").asLong()).isEqualTo(73);
        assertThat(receivedByStart(year.get("series"))).hasSize(73);
    }

    @Test
    void minutesAreKeptForDaysOnlyAndTotalsForEver() {
        Histories histories = new Histories(client, transactions, jdbc);
        histories.received(Instant.now().minus(30, ChronoUnit.DAYS), "email");
        histories.received(Instant.now(), "email");
        awaitCounted(client);

        assertThat(jdbcCount("select count(distinct start) from figure where grain = 'minute'"))
                .isEqualTo(1);
        assertThat(jdbcCount("select count(distinct start) from figure where grain = 'quarter'"))
                .isEqualTo(2);
        assertThat(jdbcCount("select value from figure where grain = 'total' and name = 'received'"))
                .isEqualTo(2);
    }

    @Test
    void historyTellsTheTrendOfWholeWeeks() {
        Histories histories = new Histories(client, transactions, jdbc);
        Instant noon = Instant.now().truncatedTo(ChronoUnit.DAYS).plus(12, ChronoUnit.HOURS);
        for (int day : new int[] {1, 2, 7, 8, 14}) {
            histories.received(noon.minus(day, ChronoUnit.DAYS), "email");
        }
        awaitCounted(client);

        JsonNode history = api.as(client, Role.VIEWER)
                .get("/api/v1/dashboard/history")
                .has(200)
                .json();

        assertThat(history.get("days").size()).isEqualTo(30);
        assertThat(history.at("/trend/received").asDouble()).isEqualTo(0.5);
        assertThat(history.at("/trend/completed").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            stats?bucket=week                                                       | bucket
            stats?zone=Mars/Olympus                                                 | zone
            stats?from=yesterday                                                    | from
            stats?to=%2B999999999-01-01T00:00:00Z                                   | to
            stats?from=0001-01-01T00:00:00Z                                         | from
            stats?to=2026-11-20                                                     | to
            stats?from=2026-11-20T10:00:00Z&to=2026-11-20T10:00:00Z                 | from
            stats?from=2026-11-20T10:00:00Z&to=2026-11-20T09:00:00Z                 | from
            stats?bucket=minute&from=2026-11-18T10:00:00Z&to=2026-11-20T10:00:00Z   | from
            stats?bucket=minute&from=2025-11-20T10:00:00Z&to=2025-11-20T10:30:00Z   | from
            stats?bucket=hour&from=2026-09-18T10:00:00Z&to=2026-11-20T10:00:00Z     | from
            stats?bucket=day&from=2024-09-18T10:00:00Z&to=2026-11-20T10:00:00Z      | from
            stats?bucket=day&zone=Asia/Tokyo&from=2026-01-01T00:00:00Z&to=2026-11-20T10:00:00Z | from
            history?days=0                                                          | days
            history?days=367                                                        | days
            history?days=93&zone=Asia/Tokyo                                         | days
            history?days=x                                                          | days
            """)
    void whatCannotBeAnsweredIsRefusedWithItsReason(String query, String field) {
        Api.Answer answer =
                api.as(client, Role.VIEWER).get("/api/v1/dashboard/" + query).has(400);

        assertThat(answer.contentType()).startsWith("application/problem+json");
        assertThat(answer.json().at("/errors/0/field").asString()).isEqualTo(field);
    }

    @Test
    void dashboardsAreToldWhatChangedAtMostOnceASecondAndTheLastOfItInTheEndHoweverManyCount() throws Exception {
        AtomicBoolean over = new AtomicBoolean();
        try (ExecutorService instances = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> another = instances.submit(() -> {
                while (!over.get()) {
                    counting.countSome(client);
                }
            });
            try {
                changesAreToldInTheirOrderAndOnce();
            } finally {
                over.set(true);
            }
            another.get();
        }
    }

    private void changesAreToldInTheirOrderAndOnce() {
        Histories histories = new Histories(client, transactions, jdbc);
        Instant until = Instant.now().plusMillis(2500);
        int tickets = 0;
        // For longer where the machine halted for most of that time.
        while (Instant.now().isBefore(until)
                || (Instant.now().isBefore(until.plus(TestKafka.PATIENCE))
                        && toldOfClient().size() < 2)) {
            histories.received(Instant.now(), "email");
            tickets++;
        }
        String total = "\"total\":" + tickets + ",";

        kafka.await(
                Topics.FEED,
                message -> isMetricsOfClient(message) && text(message).contains(total));

        var told = toldOfClient();
        assertThat(told).hasSizeBetween(2, tickets);
        Instant before = null;
        long version = 0;
        for (var message : told) {
            JsonNode data = JsonMapper.shared().readTree(message.value());
            Instant at = Instant.parse(data.get("timestamp").asString());
            if (before != null) {
                assertThat(Duration.between(before, at)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
                // Where the machine halted for long, what is known may have been told again.
                if (Duration.between(before, at).compareTo(Duration.ofSeconds(10)) >= 0
                        && data.get("version").asLong() == version) {
                    version--;
                }
            }
            before = at;
            assertThat(data.get("version").asLong()).isEqualTo(++version);
            assertThat(data.get("metric").asString()).isEqualTo("ticketsProcessed");
        }
    }

    @Test
    void whatDashboardsAreToldIsWhatTheApiSaysOfTheirClient() {
        Histories histories = new Histories(client, transactions, jdbc);
        for (int i = 0; i < 3; i++) {
            histories
                    .received(Instant.now(), "email")
                    .step(Instant.now(), "ticket_resolved", "service:agent-service", "resolved", true);
        }
        histories.received(Instant.now(), "api");
        String stranger = client + "-b";
        new Histories(stranger, transactions, jdbc).received(Instant.now(), "email");

        await().atMost(TestKafka.PATIENCE).untilAsserted(() -> {
            assertThat(toldOfClient()).isNotEmpty();
            JsonNode told =
                    JsonMapper.shared().readTree(toldOfClient().getLast().value());
            JsonNode metrics = api.as(client, Role.VIEWER)
                    .get("/api/v1/dashboard")
                    .has(200)
                    .json()
                    .get("metrics");
            JsonNode older = api.as(client, Role.VIEWER)
                    .get("/api/dashboard/metrics")
                    .has(200)
                    .json();
            assertThat(told.at("/counts/by_status/resolved").asLong()).isEqualTo(3);
            assertThat(told.at("/counts/total").asLong()).isEqualTo(4);
            assertThat(told.at("/figures/completionRate").asDouble()).isEqualTo(100);
            assertSaysTheSame(told.get("counts"), metrics.get("counts"));
            assertSaysTheSame(told.get("today"), metrics.get("today"));
            assertSaysTheSame(told.get("figures"), older);
        });
        assertThat(toldOf(client).map(data -> data.at("/counts/total").asLong()))
                .allMatch(total -> total <= 4);
        kafka.await(Topics.FEED, message -> isMetricsOf(stranger, message));
        assertThat(toldOf(stranger).map(data -> data.at("/counts/total").asLong()))
                .containsOnly(1L);
    }

    /** Field by field, as far as {@code told} goes. */
    private static void assertSaysTheSame(JsonNode told, JsonNode api) {
        for (Map.Entry<String, JsonNode> field : told.properties()) {
            JsonNode other = api.get(field.getKey());
            assertThat(other).as(field.getKey()).isNotNull();
            if (field.getValue().isObject()) {
                assertSaysTheSame(field.getValue(), other);
            } else {
                assertThat(field.getValue().asDouble()).as(field.getKey()).isEqualTo(other.asDouble());
            }
        }
    }

    private Stream<JsonNode> toldOf(String clientId) {
        return kafka.all(Topics.FEED).stream()
                .filter(message -> isMetricsOf(clientId, message))
                .map(message -> JsonMapper.shared().readTree(message.value()));
    }

    private List<org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]>> toldOfClient() {
        return kafka.all(Topics.FEED).stream().filter(this::isMetricsOfClient).toList();
    }

    private boolean isMetricsOfClient(org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> message) {
        return isMetricsOf(client, message);
    }

    private static boolean isMetricsOf(
            String clientId, org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> message) {
        return clientId.equals(message.key()) && "metrics_updated".equals(TestKafka.header(message, Headers.FRAME));
    }

    private static String text(org.apache.kafka.clients.consumer.ConsumerRecord<String, byte[]> message) {
        return new String(message.value(), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Map<String, Long> receivedByStart(JsonNode points) {
        Map<String, Long> received = new java.util.TreeMap<>();
        points.valueStream()
                .filter(point -> point.get("received").asLong() > 0)
                .forEach(point -> received.put(
                        point.get("start").asString(), point.get("received").asLong()));
        return received;
    }

    private long jdbcCount(String sql) {
        return transactions.call(client, () -> {
            Long count = jdbc.queryForObject(sql, Long.class);
            return count == null ? 0 : count;
        });
    }

    private JsonNode stats(String query) {
        return api.as(client, Role.VIEWER)
                .get("/api/v1/dashboard/stats" + query)
                .has(200)
                .json();
    }

    private void awaitCounted(String clientId) {
        await().until(() ->
                jdbc.queryForObject("select count(*) from step_waiting where client_id = ?", Long.class, clientId)
                        == 0);
    }
}
