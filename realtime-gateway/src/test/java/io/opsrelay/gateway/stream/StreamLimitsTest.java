package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** The protocol's times, made short. */
@TestPropertySource(
        properties = {
            "opsrelay.stream.auth-timeout=500ms",
            "opsrelay.stream.heartbeat=400ms",
            "opsrelay.stream.inactivity=3s",
            "opsrelay.stream.stall=1s",
            "opsrelay.stream.expiry-grace=1s",
            "opsrelay.stream.per-client=6",
            "opsrelay.stream.per-user=2",
            "opsrelay.stream.subscriptions=3",
            "opsrelay.feed.ring-size=2MB",
            "opsrelay.feed.history-size=1KB"
        })
class StreamLimitsTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private Connections connections;

    @Test
    void whoBringsNoTokenInTimeIsDisconnected() {
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            assertThat(socket.awaitClose()).isEqualTo(4001);
        }
    }

    @Test
    void heartbeatsComeByThemselvesAndWhoNeverAnswersIsDisconnected() {
        try (TestSocket socket = connect("u", Role.VIEWER)) {
            socket.subscribe("tickets");
            JsonNode heartbeat = socket.await("heartbeat");
            assertThat(heartbeat.has("epoch")).isTrue();
            socket.await("heartbeat");

            assertThat(socket.awaitClose()).isEqualTo(4009);
        }
    }

    @Test
    void whoAnswersStays() {
        try (TestSocket socket = connect("u", Role.VIEWER)) {
            for (int n = 0; n < 6; n++) {
                socket.await("heartbeat");
                socket.send("{\"type\":\"heartbeat\"}");
            }
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void aConnectionOutlivesItsTokenByTheGraceAlone() {
        JWTClaimsSet claims = TestTokens.claims(client, "u", "viewer")
                .expirationTime(Date.from(Instant.now().plusSeconds(1)))
                .build();
        try (TestSocket socket = TestSocket.authenticated(port, TestTokens.sign(claims))) {
            Awaitility.await().pollInterval(Duration.ofMillis(300)).until(() -> {
                if (socket.isOpen()) {
                    socket.send("{\"type\":\"heartbeat\"}");
                }
                return !socket.isOpen();
            });
            assertThat(socket.awaitClose()).isEqualTo(4005);
        }
    }

    @Test
    void aUserAndAClientHaveSoManyConnectionsAndGetThemBack() {
        List<TestSocket> open = new ArrayList<>();
        try {
            open.add(connect("a", Role.VIEWER));
            open.add(connect("a", Role.VIEWER));
            assertThat(refused("a")).isEqualTo(4430);
            open.add(connect("b", Role.VIEWER));
            open.add(connect("b", Role.VIEWER));
            open.add(connect("c", Role.VIEWER));
            open.add(connect("c", Role.VIEWER));
            assertThat(refused("d")).isEqualTo(4430);
            open.removeFirst().close();
            Awaitility.await().until(() -> {
                try (TestSocket again = TestSocket.connect(port, "/ws")) {
                    again.send("{\"type\":\"auth\",\"data\":{\"token\":\"" + TestTokens.token(client, "a", Role.VIEWER)
                            + "\"}}");
                    Awaitility.await()
                            .until(() -> !again.isOpen() || !again.received().isEmpty());
                    return again.isOpen();
                }
            });
        } finally {
            open.forEach(TestSocket::close);
        }
    }

    @Test
    void aConnectionHasSoManySubscriptions() {
        try (TestSocket socket = connect("u", Role.VIEWER)) {
            socket.subscribe("tickets");
            socket.subscribe("approvals");
            socket.subscribe("actions");
            socket.subscribe("actions");
            socket.send("{\"type\":\"subscribe\",\"id\":\"4\",\"data\":{\"channel\":\"metrics\"}}");
            assertThat(socket.awaitError()).isEqualTo("too_many_subscriptions");
        }
    }

    @Test
    void whoDoesNotReadIsDisconnectedAndTheOthersGetEverything() throws IOException {
        try (TestSocket reader = connect("reader", Role.VIEWER);
                Socket stalled = stalledSocket()) {
            reader.subscribe("tickets");
            Awaitility.await().until(() -> connections.views().stream()
                    .anyMatch(view ->
                            "stalled".equals(view.user()) && !view.channels().isEmpty()));
            String data = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
            for (int n = 0; n < 60; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-" + n, data);
                reader.await("numbered");
                reader.send("{\"type\":\"heartbeat\"}");
            }

            Awaitility.await().atMost(Duration.ofSeconds(15)).untilAsserted(() -> {
                reader.send("{\"type\":\"heartbeat\"}");
                assertThat(connections.views())
                        .extracting(Connection.View::user)
                        .doesNotContain("stalled");
            });
            assertThat(stalled.isClosed()).isFalse(); // it is the gateway that ended it
        }
    }

    @Test
    void framesThatLeftMemoryAreNotReplayedButToldToResync() {
        try (TestSocket socket = connect("u", Role.VIEWER)) {
            JsonNode start = socket.subscribe("tickets");
            String data = "{\"text\":\"" + "x".repeat(500_000) + "\"}";
            for (int n = 0; n < 6; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-" + n, data);
                socket.await("numbered");
                socket.send("{\"type\":\"heartbeat\"}");
            }

            JsonNode resumed = socket.subscribe(
                    "tickets",
                    start.get("epoch").asString(),
                    start.get("offset").asLong());
            assertThat(resumed.get("recovered").asBoolean()).isFalse();
            assertThat(socket.await("resync").at("/data/reason").asString()).isEqualTo("retention");
        }
    }

    private TestSocket connect(String user, Role role) {
        return TestSocket.authenticated(port, TestTokens.token(client, user, role));
    }

    private int refused(String user) {
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            socket.send(
                    "{\"type\":\"auth\",\"data\":{\"token\":\"" + TestTokens.token(client, user, Role.VIEWER) + "\"}}");
            return socket.awaitClose();
        }
    }

    /** Speaks just enough of the protocol to subscribe, and never reads again. */
    private Socket stalledSocket() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new java.net.InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET /ws HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: "
                                + TestTokens.bearer(client, "stalled", Role.VIEWER) + "\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        InputStream in = socket.getInputStream();
        assertThat(new String(in.readNBytes(12), StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
        byte[] text = "{\"type\":\"subscribe\",\"data\":{\"channel\":\"tickets\"}}".getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[6 + text.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | text.length); // masked, with a mask of zeros
        System.arraycopy(text, 0, frame, 6, text.length);
        socket.getOutputStream().write(frame);
        return socket;
    }
}
