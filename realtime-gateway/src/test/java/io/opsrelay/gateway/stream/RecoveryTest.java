package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.contracts.Topics;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Who was away longer than memory reaches gets all that was missed from Kafka, or is told to begin anew. */
@TestPropertySource(
        properties = {
            "opsrelay.feed.ring-size=20KB",
            "opsrelay.feed.history-rate=300KB", // so that there is time to ask something meanwhile
            "opsrelay.stream.per-user=1000"
        })
class RecoveryTest extends GatewayTest {

    private static final int MISSED = 300;

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private MeterRegistry meters;

    @Test
    void whatHasLeftMemoryIsReadFromKafkaInOrderAndTheLiveFramesFollow() {
        JsonNode known = firstFrame();
        miss();

        try (TestSocket socket = viewer()) {
            JsonNode subscribed = socket.subscribe(
                    "tickets",
                    known.get("epoch").asString(),
                    known.get("offset").asLong());
            assertThat(subscribed.get("recovered").asBoolean()).isTrue();
            feedWriter().send(client, "tickets", "ticket_updated", "t-1", "{\"n\":" + MISSED + "}");
            socket.await(frame -> frame.at("/data/n").asInt(-1) == MISSED);

            List<JsonNode> frames = tickets(socket);
            assertThat(frames)
                    .extracting(frame -> frame.at("/data/n").asInt())
                    .containsExactlyElementsOf(
                            IntStream.rangeClosed(0, MISSED).boxed().toList());
            assertThat(frames)
                    .isSortedAccordingTo((a, b) -> Long.compare(
                            a.get("offset").asLong(), b.get("offset").asLong()));
            for (int i = 1; i < frames.size() - 1; i++) {
                assertThat(frames.get(i).get("prev").asLong())
                        .isEqualTo(frames.get(i - 1).get("offset").asLong());
            }
            assertThat(socket.received())
                    .noneMatch(frame -> TestSocket.type(frame).equals("resync"));
        }
    }

    @Test
    void aTicketsOwnChannelIsRecoveredFromKafkaToo() {
        JsonNode known = firstFrame();
        miss();
        feedWriter().send(client, "tickets", "ticket_updated", "t-2", "{\"n\":1000}");

        try (TestSocket socket = viewer()) {
            socket.subscribe(
                    "ticket:t-2",
                    known.get("epoch").asString(),
                    known.get("offset").asLong());
            socket.await(frame -> frame.at("/data/n").asInt(-1) == 1000);

            assertThat(socket.received())
                    .noneMatch(frame -> frame.path("key").asString("").equals("t-1"));
        }
    }

    @Test
    void aHeartbeatVouchesForNothingThatIsStillBeingRead() {
        JsonNode known = firstFrame();
        miss();

        try (TestSocket socket = viewer()) {
            socket.subscribe("approvals");
            socket.send(resuming(known));
            socket.send("{\"type\":\"heartbeat\"}");
            JsonNode heartbeat = socket.await("heartbeat");
            socket.await(frame -> frame.at("/data/n").asInt(-1) == MISSED - 1);

            assertThat(tickets(socket)).hasSize(MISSED);
            assertThat(heartbeat.get("offset").asLong())
                    .isEqualTo(known.get("offset").asLong());
        }
    }

    @Test
    void howeverManyMissedTheSameItIsReadFewTimes() {
        JsonNode known = firstFrame();
        miss();
        double before = meters.counter("opsrelay.feed.readings").count();
        List<TestSocket> sockets = new ArrayList<>();
        try {
            IntStream.range(0, 40).forEach(_ -> sockets.add(viewer()));
            sockets.forEach(socket -> socket.send(resuming(known)));
            for (TestSocket socket : sockets) {
                socket.await(frame -> frame.at("/data/n").asInt(-1) == MISSED - 1);
                assertThat(tickets(socket)).hasSize(MISSED);
            }
        } finally {
            sockets.forEach(TestSocket::close);
        }
        assertThat(meters.counter("opsrelay.feed.readings").count() - before).isBetween(1.0, 10.0);
    }

    @Test
    void whatKafkaHasNotAnyMoreIsLostAndSaidSo() throws Exception {
        JsonNode known = firstFrame();
        miss();
        kafka.deleteRecords(Topics.FEED, PARTITIONS);

        try (TestSocket socket = viewer()) {
            JsonNode subscribed = socket.subscribe(
                    "tickets",
                    known.get("epoch").asString(),
                    known.get("offset").asLong());

            assertThat(subscribed.get("recovered").asBoolean()).isFalse();
            JsonNode resync = socket.await("resync");
            assertThat(resync.at("/data/reason").asString()).isEqualTo("retention");
            assertThat(resync.at("/data/snapshot").asString()).isEqualTo("/api/v1/tickets");
            feedWriter().send(client, "tickets", "ticket_updated", "t-1", "{\"n\":9}");
            assertThat(socket.await("ticket_updated").at("/data/n").asInt()).isEqualTo(9);
        }
    }

    private static String resuming(JsonNode known) {
        return "{\"type\":\"subscribe\",\"id\":\"r\",\"data\":{\"channel\":\"tickets\",\"resume\":{\"epoch\":\""
                + known.get("epoch").asString() + "\",\"offset\":"
                + known.get("offset").asLong() + "}}}";
    }

    private JsonNode firstFrame() {
        try (TestSocket socket = viewer()) {
            socket.subscribe("tickets");
            feedWriter().send(client, "tickets", "ticket_received", "t-1", "{}");
            return socket.await("ticket_received");
        }
    }

    /** More than memory holds, and another client's among it. */
    private void miss() {
        for (int n = 0; n < MISSED; n++) {
            feedWriter().send(client, "tickets", "ticket_updated", "t-1", "{\"n\":" + n + "}");
            if (n % 10 == 0) {
                feedWriter().send(client, "metrics", "metrics_updated", "m", "{\"value\":" + n + "}");
                feedWriter().send("other-" + client, "tickets", "ticket_updated", "t-1", "{\"n\":-7}");
            }
        }
        try (TestSocket socket = viewer()) {
            // The newest was read, so the oldest has left memory.
            feedWriter().send(client, "approvals", "approval_requested", "a", "{}");
            socket.subscribe("approvals");
            feedWriter().send(client, "approvals", "approval_requested", "a", "{\"last\":true}");
            socket.await(frame -> frame.at("/data/last").asBoolean(false));
        }
    }

    private static List<JsonNode> tickets(TestSocket socket) {
        return socket.received().stream()
                .filter(frame -> TestSocket.type(frame).equals("ticket_updated"))
                .toList();
    }

    private TestSocket viewer() {
        return TestSocket.authenticated(port, TestTokens.token(client, "u", Role.VIEWER));
    }
}
