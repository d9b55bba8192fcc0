package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.AiActivity;
import io.opsrelay.contracts.Channels;
import io.opsrelay.contracts.ContractJson;
import io.opsrelay.contracts.FeedRecord;
import io.opsrelay.contracts.MetricsUpdated;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.JsonNode;

/** The real socket.io-client of older dashboards against the real gateway. */
class SocketIoClientTest extends GatewayTest {

    private final String acme = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String globex = "globex-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private MeterRegistry meters;

    @Autowired
    private Sessions sessions;

    @ParameterizedTest
    @ValueSource(strings = {"polling,websocket", "websocket", "polling"})
    void aDashboardGetsTheFiguresAsTheyAreThenEachChangeAndEachActivity(String transports) {
        metric(acme, "luna/calls", "{\"metric\":\"calls\",\"value\":3,\"ai_employee\":\"luna\"}");
        metric(acme, "luna/calls", "{\"metric\":\"calls\",\"value\":4,\"ai_employee\":\"luna\"}");
        metric(acme, "jade/revenue", "{\"metric\":\"revenue\",\"value\":120.50,\"ai_employee\":\"jade\"}");
        metric(acme, "csat", "{\"metric\":\"csat\",\"value\":4.6}");
        awaitKeys(acme, 3);
        Counter left = meters.counter(SocketIoMetric.CLOSED.id(), "reason", "client");
        double before = left.count();
        try (OldDashboard dashboard = dashboard(acme, transports)) {
            assertThat(dashboard.await("connect").asString()).isNotBlank();
            assertThat(dashboard.await("metrics:initial"))
                    .isEqualTo(JSON.readTree("{\"csat\":4.6,\"jade\":{\"revenue\":120.50},\"luna\":{\"calls\":4}}"));
            if (transports.equals("polling,websocket")) {
                dashboard.awaitInAnyOrder("upgrade");
            }

            metric(
                    acme,
                    "luna/bookings",
                    "{\"metric\":\"bookings\",\"value\":1,\"ai_employee\":\"luna\",\"timestamp\":\"2026-11-20T09:00:00Z\"}");
            assertThat(dashboard.await("metrics:update"))
                    .as("what older dashboards put in the place of the employee's figures")
                    .isEqualTo(
                            JSON.readTree(
                                    "{\"metric\":\"luna\",\"value\":{\"bookings\":1,\"calls\":4},\"timestamp\":\"2026-11-20T09:00:00Z\"}"));

            metric(acme, "csat", "{\"metric\":\"csat\",\"value\":\"n/a\"}");
            assertThat(dashboard.await("metrics:update"))
                    .isEqualTo(JSON.readTree(
                            "{\"metric\":\"csat\",\"value\":\"n/a\",\"timestamp\":\"2026-11-20T10:00:00.123Z\"}"));

            activity(acme, "Käse für 2 😀");
            assertThat(dashboard.await("ai:activity"))
                    .isEqualTo(
                            JSON.readTree(
                                    "{\"aiEmployee\":\"luna\",\"activity\":{\"type\":\"booking\",\"description\":\"Käse für 2 😀\",\"value\":80},\"timestamp\":\"2026-11-20T10:00:00.123Z\"}"));
        }
        Awaitility.await().until(() -> left.count() > before);
    }

    @Test
    void anActivityComesAsItIsListedAndWhetherOneIsAtWorkIsNoActivity() {
        AiActivity did = new AiActivity(
                UUID.randomUUID(),
                "luna",
                AiActivity.Type.EMAIL,
                "Resolved: refund request",
                UUID.randomUUID(),
                UUID.randomUUID().toString(),
                "resolved",
                Instant.parse("2026-11-20T09:59:59.5Z"));
        try (OldDashboard dashboard = dashboard(acme, "websocket")) {
            dashboard.await("metrics:initial");

            feedWriter()
                    .send(
                            acme,
                            new FeedRecord(
                                    Channels.AI,
                                    "ai_status_changed",
                                    "luna",
                                    1,
                                    Map.of("ai_employee", "luna", "status", "active")));
            feedWriter().send(acme, did.toFeed());

            JsonNode told = dashboard.await("ai:activity");
            JsonNode listed = JSON.readTree(ContractJson.mapper().writeValueAsString(did));
            assertThat(told.get("aiEmployee").asString()).isEqualTo("luna");
            assertThat(told.get("activity")).isEqualTo(listed);
            assertThat(told.get("timestamp")).isEqualTo(listed.get("timestamp"));
        }
    }

    @Test
    void theClientsNumbersAreAsManyFiguresOfWhichOnlyThoseThatChangeAreToldAnew() {
        numbers(acme, 1, Map.of("ticketsProcessed", 41L, "pending", 7L, "accuracyRate", 92.5));
        awaitKeys(acme, 1);
        try (OldDashboard dashboard = dashboard(acme, "websocket")) {
            assertThat(dashboard.await("metrics:initial"))
                    .isEqualTo(JSON.readTree("{\"accuracyRate\":92.5,\"pending\":7,\"ticketsProcessed\":41}"));

            numbers(acme, 1, Map.of("ticketsProcessed", 41L, "pending", 7L, "accuracyRate", 92.5));
            numbers(acme, 2, Map.of("ticketsProcessed", 42L, "pending", 7L, "accuracyRate", 92.5));
            metric(acme, "csat", "{\"metric\":\"csat\",\"value\":5}");

            assertThat(dashboard.await("metrics:update"))
                    .isEqualTo(JSON.readTree(
                            "{\"metric\":\"ticketsProcessed\",\"value\":42,\"timestamp\":\"2026-11-20T10:00:02Z\"}"));
            assertThat(dashboard.await("metrics:update").get("metric").asString())
                    .isEqualTo("csat");
        }
    }

    @Test
    void whereNothingWasReportedNothingIsMadeUp() {
        try (OldDashboard dashboard = dashboard(acme, "websocket")) {
            assertThat(dashboard.await("metrics:initial")).isEqualTo(JSON.readTree("{}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling,websocket", "websocket"})
    void aWrongTokenIsAConnectErrorAndTheClientDoesNotTryAgain(String transports) {
        try (OldDashboard dashboard = OldDashboard.connect(port, transports, "nonsense")) {
            JsonNode error = dashboard.await("connect_error");

            assertThat(error.get("message").asString()).isEqualTo("Authentication failed");
            assertThat(error.at("/data/code").asString()).isEqualTo("invalid_token");
            assertThat(error.get("again").asBoolean()).isFalse();
            assertThat(dashboard.received())
                    .noneMatch(told -> told.get("event").asString().startsWith("metrics"));
        }
    }

    @Test
    void noTokenAtAllIsAConnectErrorToo() {
        try (OldDashboard dashboard = OldDashboard.connect(port, "websocket", "")) {
            assertThat(dashboard.await("connect_error").at("/data/code").asString())
                    .isEqualTo("no_token");
        }
    }

    @Test
    void rolesThatDoNotOpenTheChannelsDoNotOpenThemHere() {
        String token = TestTokens.token(acme, "importer", Role.INGEST);
        try (OldDashboard dashboard = OldDashboard.connect(port, "websocket", token)) {
            assertThat(dashboard.await("connect_error").get("message").asString())
                    .isEqualTo("Forbidden");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling,websocket", "websocket"})
    void whatBelongsToAnotherClientIsNeverSeen(String transports) {
        metric(globex, "secret", "{\"metric\":\"secret\",\"value\":1}");
        awaitKeys(globex, 1);
        try (OldDashboard ours = dashboard(acme, transports);
                OldDashboard theirs = dashboard(globex, transports)) {
            assertThat(ours.await("metrics:initial").toString()).isEqualTo("{}");
            assertThat(theirs.await("metrics:initial").toString()).isEqualTo("{\"secret\":1}");

            metric(globex, "secret", "{\"metric\":\"secret\",\"value\":2}");
            activity(globex, "a secret");
            theirs.await("metrics:update");
            theirs.await("ai:activity");
            activity(acme, "ours");
            metric(acme, "csat", "{\"metric\":\"csat\",\"value\":5}");

            assertThat(ours.await("ai:activity").at("/activity/description").asString())
                    .isEqualTo("ours");
            ours.await("metrics:update");
            assertThat(ours.received().toString()).doesNotContain("secret");
        }
    }

    @Test
    void framesOfAnotherShapeAreIgnoredAndCounted() {
        double before = meters.counter(SocketIoMetric.IGNORED.id()).count();
        try (OldDashboard dashboard = dashboard(acme, "websocket")) {
            dashboard.await("metrics:initial");
            metric(acme, "a", "{\"waiting\":3}");
            metric(acme, "b", "{\"metric\":\"b\",\"value\":{\"nested\":true}}");
            metric(acme, "c", "{\"metric\":\"c\",\"value\":1,\"ai_employee\":7}");
            feedWriter().send(acme, "ai", "ai_activity", "x", "{\"ai_employee\":\"luna\",\"activity\":\"called\"}");
            metric(acme, "d", "{\"metric\":\"d\",\"value\":1}");

            assertThat(dashboard.await("metrics:update").get("metric").asString())
                    .isEqualTo("d");
            assertThat(dashboard.received())
                    .noneMatch(told -> told.get("event").asString().equals("ai:activity"));
            assertThat(meters.counter(SocketIoMetric.IGNORED.id()).count() - before)
                    .isEqualTo(4);
        }
    }

    @Test
    void eventsOfTheDashboardAreTakenAndMeanNothing() {
        try (OldDashboard dashboard = dashboard(acme, "polling,websocket")) {
            dashboard.await("metrics:initial");
            dashboard.emit("filter");
            dashboard.emit("filter");
            activity(acme, "still here");

            dashboard.await("ai:activity");
            assertThat(dashboard.received())
                    .noneMatch(told -> told.get("event").asString().equals("disconnect"));
        }
    }

    @Test
    void sessionsCountAsConnections() {
        try (OldDashboard dashboard = dashboard(acme, "websocket")) {
            dashboard.await("metrics:initial");
            Awaitility.await().untilAsserted(() -> assertThat(
                            json(get("/api/health")).get("connections").asInt())
                    .isPositive()
                    .isEqualTo(sessions.count()));
        }
    }

    private OldDashboard dashboard(String client, String transports) {
        return OldDashboard.connect(port, transports, TestTokens.token(client, "viewer@" + client, Role.VIEWER));
    }

    private void metric(String client, String key, String data) {
        feedWriter().send(client, "metrics", "metrics_updated", key, data);
    }

    /** As ingestion-service writes them. */
    private void numbers(String client, long version, Map<String, Number> figures) {
        FeedRecord written = new MetricsUpdated(
                        "ticketsProcessed",
                        41,
                        Instant.parse("2026-11-20T10:00:00Z").plusSeconds(version),
                        figures,
                        new MetricsUpdated.TicketCounts(60, Map.of("resolved", 41L), 7, 12, 41, 0, 0),
                        new MetricsUpdated.TicketsToday(
                                9,
                                8,
                                0,
                                0,
                                1.0,
                                0.5,
                                null,
                                new MetricsUpdated.TimesTaken(8, 4.0, 3.5, 9.0),
                                new MetricsUpdated.TimesTaken(0, null, null, null)))
                .asRecord(version);
        feedWriter()
                .send(
                        client,
                        written.channel(),
                        written.type(),
                        written.key(),
                        ContractJson.mapper().writeValueAsString(written.data()));
    }

    private void activity(String client, String description) {
        feedWriter()
                .send(
                        client,
                        "ai",
                        "ai_activity",
                        "luna",
                        "{\"ai_employee\":\"luna\",\"activity\":{\"type\":\"booking\",\"description\":\"" + description
                                + "\",\"value\":80}}");
    }

    /** Waits until so many figures are known. */
    private void awaitKeys(String client, int keys) {
        Awaitility.await()
                .until(() -> feed.ring(client).states().since("metrics", -1).size() == keys);
    }
}
