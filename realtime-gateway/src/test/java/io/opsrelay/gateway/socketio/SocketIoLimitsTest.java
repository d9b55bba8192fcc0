package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** The sessions' times, made as short as they can be where a machine may halt for some seconds. */
@TestPropertySource(
        properties = {
            "opsrelay.stream.auth-timeout=7s",
            "opsrelay.stream.expiry-grace=0s",
            "opsrelay.stream.per-user=2",
            "opsrelay.stream.drain=200ms",
            "opsrelay.socketio.ping-interval=1s",
            "opsrelay.socketio.ping-timeout=7s",
            "opsrelay.socketio.activities=8",
            "opsrelay.socketio.unauthenticated=3"
        })
class SocketIoLimitsTest extends GatewayTest {

    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";
    private static final String WEBSOCKET = "/socket.io/?EIO=4&transport=websocket";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Autowired
    private Sessions sessions;

    @Autowired
    private MeterRegistry meters;

    @BeforeEach
    void nobodyIsLeft() {
        Awaitility.await().until(() -> sessions.count() == 0);
    }

    @Test
    void whoBringsNoTokenInTimeIsClosed() throws Exception {
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET)) {
            String session =
                    JSON.readTree(get(POLLING).body().substring(1)).get("sid").asString();
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(1))
                    .until(() -> get(POLLING + "&sid=" + session).body(), "1"::equals);
            assertThat(socket.awaitClose()).isEqualTo(4001);
        }
    }

    @Test
    void whenThereAreTooManyWithoutATokenTheOldestOfThemMakesRoomForWhoComes() throws Exception {
        try (RawWebSocket one = new RawWebSocket(port, WEBSOCKET);
                RawWebSocket two = new RawWebSocket(port, WEBSOCKET);
                RawWebSocket three = new RawWebSocket(port, WEBSOCKET)) {
            one.next();
            two.next();
            three.next();
            two.send(connect("u", Instant.now().plusSeconds(60)));
            assertThat(two.next()).startsWith("40{");
            assertThat(get(POLLING).statusCode()).isEqualTo(200);
            assertThat(get(POLLING).statusCode()).isEqualTo(200);
            assertThat(one.awaitClose()).isEqualTo(4001);

            three.send(connect("u", Instant.now().plusSeconds(60)));
            assertThat(three.next()).startsWith("40{");
        }
    }

    @Test
    void whoAnswersPingsStaysAndWhoDoesNotIsClosed() throws Exception {
        try (RawWebSocket socket = connected("u")) {
            for (int n = 0; n < 3; n++) {
                assertThat(socket.next()).isEqualTo("2");
                socket.send("3");
            }
            assertThat(socket.awaitClose()).isEqualTo(4008);
        }
    }

    @Test
    void aSessionEndsWithItsToken() throws Exception {
        try (RawWebSocket socket = new RawWebSocket(port, WEBSOCKET)) {
            socket.next();
            socket.send(connect("u", Instant.now().plusSeconds(7)));
            assertThat(socket.next()).startsWith("40{");
            assertThat(socket.awaitClose()).isEqualTo(4005);
        }
    }

    @Test
    void aUsersConnectionsOfBothProtocolsCountTogether() throws Exception {
        try (RawWebSocket first = connected("u");
                RawWebSocket third = new RawWebSocket(port, WEBSOCKET)) {
            TestSocket second = TestSocket.authenticated(port, TestTokens.token(client, "u", Role.VIEWER));
            third.next();
            third.send(connect("u", Instant.now().plusSeconds(60)));
            assertThat(third.next()).startsWith("44{\"message\":\"Too many connections\"");

            second.close();
            Awaitility.await().until(() -> {
                try (RawWebSocket again = new RawWebSocket(port, WEBSOCKET)) {
                    again.next();
                    again.send(connect("u", Instant.now().plusSeconds(60)));
                    return again.next().startsWith("40{");
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"polling,websocket", "websocket", "polling"})
    void whoIsSentAwayWhenTheGatewayStopsComesBackByItself(String transports) {
        String token = TestTokens.token(client, "u", Role.VIEWER);
        try (OldDashboard dashboard = OldDashboard.connect(port, transports, token)) {
            dashboard.await("metrics:initial");
            if (transports.equals("polling,websocket")) {
                dashboard.awaitInAnyOrder("upgrade");
            }
            sessions.stop();
            assertThat(dashboard.await("disconnect").asString()).isIn("transport close", "transport error");
            assertThat(get(POLLING).statusCode()).isEqualTo(503);
            feedWriter().send(client, "metrics", "metrics_updated", "csat", "{\"metric\":\"csat\",\"value\":4}");
            Awaitility.await().until(() -> feed.ring(client).states().newest("metrics") >= 0 && sessions.count() == 0);
            sessions.start();

            dashboard.await("connect");
            assertThat(dashboard.await("metrics:initial").toString()).isEqualTo("{\"csat\":4}");
            feedWriter().send(client, "metrics", "metrics_updated", "csat", "{\"metric\":\"csat\",\"value\":5}");
            assertThat(dashboard.await("metrics:update").get("value").asInt()).isEqualTo(5);
        } finally {
            sessions.start();
        }
    }

    @Test
    void whoDoesNotReadCostsABoundedQueueUntilItsPongIsMissed() throws IOException {
        double before = meters.counter(SocketIoMetric.DROPPED.id()).count();
        try (Socket stalled = stalledSocket()) {
            Awaitility.await().until(() -> feed.ring(client) != null && sessions.count() == 1);
            String data = "{\"ai_employee\":\"luna\",\"activity\":{\"type\":\"task\",\"description\":\""
                    + "x".repeat(200_000) + "\"}}";
            for (int n = 0; n < 60; n++) {
                feedWriter().send(client, "ai", "ai_activity", "luna", data);
            }

            Awaitility.await().untilAsserted(() -> assertThat(
                            meters.counter(SocketIoMetric.DROPPED.id()).count())
                    .isGreaterThan(before));
            Awaitility.await().until(() -> sessions.count() == 0);
            assertThat(stalled.isClosed()).isFalse(); // it is the gateway that ended it
        }
    }

    private RawWebSocket connected(String user) throws InterruptedException {
        RawWebSocket socket = new RawWebSocket(port, WEBSOCKET);
        socket.next();
        socket.send(connect(user, Instant.now().plusSeconds(60)));
        assertThat(socket.next()).startsWith("40{");
        assertThat(socket.next()).startsWith("42[\"metrics:initial\"");
        return socket;
    }

    private String connect(String user, Instant expiresAt) {
        JWTClaimsSet claims = TestTokens.claims(client, user, "viewer")
                .expirationTime(Date.from(expiresAt))
                .build();
        return "40{\"token\":\"" + TestTokens.sign(claims) + "\"}";
    }

    /** Speaks just enough of the protocol to connect, and reads no further than that. */
    private Socket stalledSocket() throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress("127.0.0.1", port));
        socket.getOutputStream()
                .write(("GET " + WEBSOCKET + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\nUpgrade: websocket\r\n"
                                + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
        readUntil(socket, "maxPayload"); // before the upgrade was answered, a frame would be taken for HTTP
        byte[] text = connect("stalled", Instant.now().plusSeconds(60)).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer frame = ByteBuffer.allocate(8 + text.length)
                .put((byte) 0x81)
                .put((byte) (0x80 | 126)) // masked, with a mask of zeros; the length follows
                .putShort((short) text.length)
                .putInt(0)
                .put(text);
        socket.getOutputStream().write(frame.array());
        readUntil(socket, "metrics:initial");
        return socket;
    }

    private static void readUntil(Socket socket, String wanted) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder read = new StringBuilder();
        while (read.indexOf(wanted) < 0) {
            int next = in.read();
            assertThat(next).as("ended after %s", read).isNotNegative();
            read.append((char) next);
        }
    }
}
