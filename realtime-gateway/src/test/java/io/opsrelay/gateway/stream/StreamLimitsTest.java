package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * The protocol's times, made short. Tokens come with the handshake where their time is not what is looked at, and whoever
 * is to stay says something far more often than it must: a machine that halts for some seconds changes nothing.
 */
@TestPropertySource(
        properties = {
            "opsrelay.stream.auth-timeout=500ms",
            "opsrelay.stream.heartbeat=400ms",
            "opsrelay.stream.inactivity=10s",
            "opsrelay.stream.stall=2s",
            "opsrelay.stream.expiry-grace=1s",
            "opsrelay.stream.per-client=6",
            "opsrelay.stream.per-user=2",
            "opsrelay.stream.subscriptions=3",
            "opsrelay.stream.frames-per-client=150",
            "opsrelay.feed.ring-size=2MB",
            "opsrelay.feed.history-size=1KB"
        })
class StreamLimitsTest extends GatewayTest {

    private static final String HEARTBEAT = "{\"type\":\"heartbeat\"}";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private Connections connections;

    @Autowired
    private MeterRegistry meters;

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
    void allConnectionsOfAClientTogetherMaySendSoMuchAndNoMoreAndAnotherClientsAreNotConcerned() {
        try (TestSocket one = connect("one", Role.VIEWER);
                TestSocket two = connect("two", Role.VIEWER);
                TestSocket other = connect(TestTokens.token("globex-" + client, "u", Role.VIEWER))) {
            for (int n = 0; n < 90; n++) {
                one.subscribe("tickets");
            }
            for (int n = 0; n < 60; n++) {
                two.subscribe("tickets");
            }
            two.send(HEARTBEAT);

            assertThat(two.awaitError()).isEqualTo("rate_limited");
            assertThat(two.isOpen()).isTrue();
            other.settle();
        }
    }

    @Test
    void whoAnswersStays() {
        try (TestSocket socket = connect("u", Role.VIEWER)) {
            for (int n = 0; n < 12; n++) {
                socket.await("heartbeat");
                socket.send("{\"type\":\"heartbeat\"}");
            }
            assertThat(socket.isOpen()).isTrue();
        }
    }

    @Test
    void aConnectionOutlivesItsTokenByTheGraceAlone() {
        JWTClaimsSet claims = TestTokens.claims(client, "u", "viewer")
                .expirationTime(
                        Date.from(Instant.now().plusSeconds(7).truncatedTo(ChronoUnit.SECONDS))) // as tokens tell it
                .build();
        try (TestSocket socket = connect(TestTokens.sign(claims))) {
            assertThat(socket.awaitClose()).isEqualTo(4005);
            assertThat(Instant.now())
                    .isAfter(claims.getExpirationTime().toInstant().plusSeconds(1));
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
                try (TestSocket again = open(TestTokens.token(client, "a", Role.VIEWER))) {
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
        double before = meters.counter(StreamMetric.CLOSED.id(), "code", "4008").count();
        try (TestSocket reader = connect("reader", Role.VIEWER);
                Socket stalled = stalledSocket()) {
            reader.subscribe("tickets");
            Awaitility.await().until(() -> connections.views().join().stream()
                    .anyMatch(view ->
                            "stalled".equals(view.user()) && !view.channels().isEmpty()));
            String data = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
            for (int n = 0; n < 60; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-" + n, data);
                reader.await("numbered");
                reader.send(HEARTBEAT);
                if (n % 20 == 0) { // too long a silence is not what ends it
                    stalled.getOutputStream().write(masked(HEARTBEAT));
                }
            }

            // Less often than is allowed in a minute.
            Awaitility.await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                reader.send(HEARTBEAT);
                assertThat(connections.views().join())
                        .extracting(ConnectionView::user)
                        .doesNotContain("stalled");
            });
            assertThat(meters.counter(StreamMetric.CLOSED.id(), "code", "4008").count())
                    .as("closed for that, though heartbeats were added to what it does not take")
                    .isGreaterThan(before);
            assertThat(stalled.isClosed()).isFalse(); // it is the gateway that ended it
        }
    }

    @Test
    void whoDoesNotReadIsDisconnectedThoughHeartbeatsAreStillExchanged() throws IOException {
        try (TestSocket reader = connect("reader", Role.VIEWER);
                Socket stalled = stalledSocket()) {
            reader.subscribe("tickets");
            Awaitility.await().until(() -> connections.views().join().stream()
                    .anyMatch(view ->
                            "stalled".equals(view.user()) && !view.channels().isEmpty()));
            double before = closed(CloseCode.STALLED);
            String data = "{\"text\":\"" + "x".repeat(200_000) + "\"}";
            for (int n = 0; n < 60; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-" + n, data);
                reader.await("numbered");
                if (n % 10 == 0) {
                    reader.send(HEARTBEAT);
                    stalled.getOutputStream().write(masked(HEARTBEAT));
                }
            }

            // It is not silent, so nothing but the stall ends it; each of these asks for a heartbeat in return.
            Awaitility.await().pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
                try {
                    stalled.getOutputStream().write(masked(HEARTBEAT));
                } catch (IOException e) {
                    // The gateway has ended it.
                }
                assertThat(closed(CloseCode.STALLED)).isEqualTo(before + 1);
            });
        }
    }

    @Test
    void whoIsDisconnectedGetsAllThatWasSentAndTheReasonThoughItIsWritingJustThen() throws IOException {
        double before = closed(CloseCode.INACTIVE);
        try (Socket slow = stalledSocket()) {
            Awaitility.await().until(() -> connections.views().join().stream()
                    .anyMatch(view ->
                            "stalled".equals(view.user()) && !view.channels().isEmpty()));
            String data = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
            for (int n = 0; n < 3; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-" + n, data);
            }
            Awaitility.await().until(() -> closed(CloseCode.INACTIVE) == before + 1);

            slow.getOutputStream().write(masked(HEARTBEAT)); // it has not read that far yet

            List<String> received = readToTheEnd(slow);
            assertThat(received.stream().filter(text -> text.contains("\"numbered\"")))
                    .hasSize(3);
            assertThat(received.getLast()).isEqualTo("closed with 4009");
        }
    }

    private double closed(CloseCode why) {
        return meters.counter(StreamMetric.CLOSED.id(), "code", Integer.toString(why.code()))
                .count();
    }

    /** The text frames, and how it was closed. */
    private static List<String> readToTheEnd(Socket socket) throws IOException {
        socket.setSoTimeout(60_000);
        DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        for (int matched = 0; matched < 4; ) { // the rest of the handshake's answer
            int next = in.readUnsignedByte();
            matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
        }
        List<String> received = new ArrayList<>();
        for (int first = in.read(); first >= 0; first = in.read()) {
            int length = in.readUnsignedByte();
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = (int) in.readLong();
            }
            byte[] payload = in.readNBytes(length);
            boolean close = (first & 0x0f) == 8;
            received.add(
                    close
                            ? "closed with "
                                    + Short.toUnsignedInt(
                                            ByteBuffer.wrap(payload).getShort(0))
                            : new String(payload, StandardCharsets.UTF_8));
        }
        return received;
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
        return connect(TestTokens.token(client, user, role));
    }

    private TestSocket connect(String token) {
        TestSocket socket = open(token);
        socket.await("auth_success");
        return socket;
    }

    private TestSocket open(String token) {
        return TestSocket.connect(port, "/ws", "Authorization", "Bearer " + token);
    }

    private int refused(String user) {
        try (TestSocket socket = open(TestTokens.token(client, user, Role.VIEWER))) {
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
        socket.getOutputStream().write(masked("{\"type\":\"subscribe\",\"data\":{\"channel\":\"tickets\"}}"));
        return socket;
    }

    private static byte[] masked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        byte[] frame = new byte[6 + bytes.length];
        frame[0] = (byte) 0x81;
        frame[1] = (byte) (0x80 | bytes.length); // masked, with a mask of zeros
        System.arraycopy(bytes, 0, frame, 6, bytes.length);
        return frame;
    }
}
