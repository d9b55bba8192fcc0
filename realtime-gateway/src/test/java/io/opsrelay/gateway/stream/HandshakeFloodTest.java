package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.socketio.Sessions;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/** Crowds that begin something and do not go on, in a fraction of the time that they are given. */
@TestPropertySource(
        properties = {
            "opsrelay.stream.auth-timeout=20s",
            "opsrelay.stream.unauthenticated=501",
            "opsrelay.edge.head-timeout=20s",
            "opsrelay.socketio.unauthenticated=300",
            "opsrelay.socketio.unauthenticated-per-address=300"
        })
class HandshakeFloodTest extends GatewayTest {

    private static final int CROWD = 500;
    private static final int SESSIONS = 300;
    private static final String POLLING = "/socket.io/?EIO=4&transport=polling";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final List<RawFrames> crowd = new ArrayList<>();

    @Autowired
    private Connections connections;

    @Autowired
    private Sessions sessions;

    @AfterEach
    void everybodyGoes() throws IOException {
        for (RawFrames one : crowd) {
            one.close();
        }
    }

    @Test
    void whoeverComesProperlyIsServedAndTheCrowdIsSentAway() throws IOException {
        List<RawFrames> halfHeads = halfHeads();
        List<RawFrames> strangers = strangers();
        for (int n = 0; n < SESSIONS + 50; n++) {
            assertThat(get(POLLING).statusCode()).isEqualTo(200);
        }
        assertThat(sessions.count()).isEqualTo(SESSIONS);

        try (TestSocket socket = TestSocket.authenticated(port, TestTokens.token(client, "u", Role.VIEWER))) {
            socket.subscribe("tickets");
            feedWriter().send(client, "tickets", "ticket_received", "t-1", "{}");
            socket.await("ticket_received");
            assertThat(connections.unauthenticated())
                    .as("the crowd is still there")
                    .isEqualTo(CROWD);

            for (RawFrames half : halfHeads) {
                assertThat(half.rest()).startsWith("HTTP/1.1 408 ");
            }
            for (RawFrames stranger : strangers) {
                assertThat(stranger.awaitCloseCode()).isEqualTo(4001);
            }
            Awaitility.await().until(() -> sessions.count() == 0 && connections.unauthenticated() == 0);
            assertThat(socket.settle().received())
                    .noneMatch(frame -> type(frame).equals("error"));
        }
    }

    @Test
    void aCrowdOfOneAddressTakesThePlacesOfItsOwnAndABrowserOfAnotherStaysAndIsServed() throws IOException {
        RawFrames browser = RawFrames.tcp("127.0.0.2", port);
        crowd.add(browser);
        assertThat(browser.send(RawFrames.handshake("/ws")).answer().status()).isEqualTo(101);
        List<RawFrames> first = strangers();
        Awaitility.await().until(() -> connections.unauthenticated() == CROWD + 1);

        List<RawFrames> second = strangers();

        for (RawFrames stranger : first) {
            assertThat(stranger.awaitCloseCode()).isEqualTo(4001);
        }
        String token = TestTokens.token(client, "u", Role.VIEWER);
        authenticate(browser, token);
        authenticate(second.getLast(), token);
        try (TestSocket late = TestSocket.authenticated(port, token)) {
            late.settle();
        }
    }

    private static void authenticate(RawFrames newcomer, String token) throws IOException {
        newcomer.send(RawFrames.frame(
                RawFrames.FIN | RawFrames.TEXT, "{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}"));
        newcomer.await("auth_success");
    }

    private List<RawFrames> halfHeads() throws IOException {
        List<RawFrames> halfHeads = new ArrayList<>();
        for (int n = 0; n < CROWD; n++) {
            RawFrames half = RawFrames.tcp(port);
            crowd.add(half);
            halfHeads.add(half.send("GET /ws HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII)));
        }
        return halfHeads;
    }

    /** They connect and say nothing. */
    private List<RawFrames> strangers() throws IOException {
        List<RawFrames> strangers = new ArrayList<>();
        for (int n = 0; n < CROWD; n++) {
            RawFrames stranger = RawFrames.tcp(port);
            crowd.add(stranger);
            strangers.add(stranger.send(RawFrames.handshake("/ws")));
        }
        for (RawFrames stranger : strangers) {
            assertThat(stranger.answer().status()).isEqualTo(101);
        }
        return strangers;
    }
}
