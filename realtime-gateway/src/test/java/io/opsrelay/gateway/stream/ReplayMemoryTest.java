package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** What is read again from Kafka is counted as long as somebody has not taken it, and is bounded. */
@TestPropertySource(
        properties = {
            "opsrelay.feed.ring-size=20KB",
            "opsrelay.feed.history-memory=20MB",
            "opsrelay.feed.history-patience=8s",
            "opsrelay.stream.stall=120s"
        })
class ReplayMemoryTest extends GatewayTest {

    private static final int MISSED = 40;
    private static final int FRAME_BYTES = 200_000;
    /** Of one reading: two of different clients fit under the bound, a third does not. */
    private static final double READING = (double) MISSED * FRAME_BYTES;

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<RawFrames> stalled = new ArrayList<>();

    @Autowired
    private MeterRegistry meters;

    @BeforeEach
    void nothingIsHeld() {
        awaitHeld(0);
    }

    @AfterEach
    void everybodyGoes() throws IOException {
        for (RawFrames one : stalled) {
            one.close();
        }
        awaitHeld(0);
    }

    @Test
    void whoTakesItAllLeavesNothingBehind() {
        Position known = miss(client);
        try (TestSocket socket = TestSocket.authenticated(port, token(client))) {
            JsonNode subscribed = socket.subscribe("tickets", known.epoch(), known.offset());
            assertThat(subscribed.get("recovered").asBoolean()).isTrue();
            socket.await(frame -> frame.at("/data/n").asInt(-1) == MISSED - 1);

            awaitHeld(0);
        }
    }

    enum Leaving {
        UNSUBSCRIBES,
        CLOSES
    }

    @ParameterizedTest
    @EnumSource(Leaving.class)
    void whoDoesNotTakeItHoldsItUntilItLeaves(Leaving how) throws IOException {
        Position known = miss(client);
        RawFrames slow = stalled(client, known);
        Awaitility.await().until(() -> held() >= READING);

        switch (how) {
            case UNSUBSCRIBES ->
                slow.send(RawFrames.frame(
                        RawFrames.FIN | RawFrames.TEXT,
                        "{\"type\":\"unsubscribe\",\"data\":{\"channel\":\"tickets\"}}"));
            case CLOSES -> slow.close();
        }
        awaitHeld(0);
    }

    @Test
    void whoHasGoneBeforeItWasReadLeavesNothingBehind() throws IOException {
        Position known = miss(client);
        stalled(client, known).close();
        try (TestSocket unsubscribed = TestSocket.authenticated(port, token(client));
                TestEvents events =
                        TestEvents.open(port, "tickets", token(client), known.epoch() + ":" + known.offset())) {
            unsubscribed.send(resuming(known));
            unsubscribed.send("{\"type\":\"unsubscribe\",\"id\":\"u\",\"data\":{\"channel\":\"tickets\"}}");
            unsubscribed.await("unsubscribed");
            events.await(event -> event.json().at("/data/n").asInt(-1) == MISSED - 1);

            awaitHeld(0);
        }
    }

    @Test
    void whoFindsNoRoomIsToldToResyncAndAnotherTimeGetsItAll() throws IOException {
        String second = "globex-" + client;
        String third = "initech-" + client;
        Position first = miss(client);
        Position ofSecond = miss(second);
        Position ofThird = miss(third);
        RawFrames slow = stalled(client, first);
        stalled(second, ofSecond);
        Awaitility.await().until(() -> held() >= 2 * READING);

        try (TestSocket socket = TestSocket.authenticated(port, token(third))) {
            JsonNode refused = socket.subscribe("tickets", ofThird.epoch(), ofThird.offset());
            assertThat(refused.get("recovered").asBoolean()).isFalse();
            JsonNode resync = socket.await("resync");
            assertThat(resync.at("/data/reason").asString()).isEqualTo("busy");
            assertThat(resync.at("/data/snapshot").asString()).isEqualTo("/api/v1/tickets");
            assertThat(held()).as("the bound").isLessThanOrEqualTo(20 * 1024 * 1024);

            slow.close();
            Awaitility.await().until(() -> held() < 2 * READING);
            JsonNode resumed = socket.subscribe("tickets", ofThird.epoch(), ofThird.offset());
            assertThat(resumed.get("recovered").asBoolean()).isTrue();
            socket.await(frame -> frame.at("/data/n").asInt(-1) == MISSED - 1);
        }
    }

    @Test
    void oneClientHoldsHalfAndNoMoreHoweverManyOfItsConnectionsAreSlow() throws IOException {
        Position known = miss(client);
        stalled(client, known);
        Awaitility.await().until(() -> held() >= READING);

        try (TestSocket socket = TestSocket.authenticated(port, token(client))) {
            socket.subscribe("tickets", known.epoch(), known.offset());
            assertThat(socket.await("resync").at("/data/reason").asString()).isEqualTo("busy");
        }
        String other = "globex-" + client;
        Position ofOther = miss(other);
        try (TestSocket socket = TestSocket.authenticated(port, token(other))) {
            JsonNode resumed = socket.subscribe("tickets", ofOther.epoch(), ofOther.offset());
            assertThat(resumed.get("recovered").asBoolean()).isTrue();
        }
    }

    /** More than memory holds. @return the position before it */
    private Position miss(String owner) {
        Position before = feed.position(owner).orElseThrow();
        String text = "x".repeat(FRAME_BYTES);
        for (int n = 0; n < MISSED; n++) {
            feedWriter().send(owner, "tickets", "ticket_updated", "t-1", "{\"n\":" + n + ",\"text\":\"" + text + "\"}");
        }
        Awaitility.await().until(() -> feed.ring(owner).next() >= MISSED);
        return before;
    }

    /** Resumes, and never reads. */
    private RawFrames stalled(String owner, Position known) throws IOException {
        RawFrames slow = RawFrames.slow(port);
        stalled.add(slow);
        slow.send(RawFrames.handshake("/ws", "Authorization: Bearer " + token(owner)));
        assertThat(slow.answer().status()).isEqualTo(101);
        return slow.send(RawFrames.frame(RawFrames.FIN | RawFrames.TEXT, resuming(known)));
    }

    private static String resuming(Position known) {
        return "{\"type\":\"subscribe\",\"data\":{\"channel\":\"tickets\",\"resume\":{\"epoch\":\"" + known.epoch()
                + "\",\"offset\":" + known.offset() + "}}}";
    }

    private static String token(String owner) {
        return TestTokens.token(owner, "u", Role.VIEWER);
    }

    private void awaitHeld(double bytes) {
        Awaitility.await().untilAsserted(() -> assertThat(held()).isEqualTo(bytes));
    }

    /** Bytes that the gauge shows. */
    private double held() {
        return meters.get("opsrelay.feed.history").gauge().value();
    }
}
