package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.Headers;
import io.opsrelay.contracts.Topics;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestFeed;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestKafka;
import io.opsrelay.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class StreamTest extends GatewayTest {

    private final String acme = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String globex = "globex-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void theFirstFrameBringsTheTokenAndIsAnsweredWithWhoOneIs() {
        try (TestSocket socket = TestSocket.connect(port, "/api/v1/stream")) {
            socket.send(auth(token(acme, Role.VIEWER)));

            JsonNode data = socket.await("auth_success").get("data");
            assertThat(data.get("client_id").asString()).isEqualTo(acme);
            assertThat(data.get("user").asString()).isEqualTo("viewer@" + acme);
            assertThat(data.get("roles").toString()).isEqualTo("[\"viewer\"]");
            assertThat(data.get("heartbeat_seconds").asInt()).isEqualTo(30);
            assertThat(data.get("connection_id").asString()).isNotBlank();
            assertThat(data.get("expires_at").asString()).endsWith("Z");
        }
    }

    @Test
    void frameAfterFrameArrivesInOrderWithOffsetAndPrev() {
        try (TestSocket socket = viewer(acme)) {
            JsonNode subscribed = socket.subscribe("tickets");
            send(acme, "tickets", "ticket_received", "t-1", "{\"ticket_id\":\"t-1\",\"n\":1}");
            send(acme, "approvals", "approval_requested", "a-1", "{}");
            send(acme, "tickets", "ticket_classified", "t-1", "{\"ticket_id\":\"t-1\",\"n\":2}");

            JsonNode first = socket.await("ticket_received");
            JsonNode second = socket.await("ticket_classified");
            assertThat(first.get("channel").asString()).isEqualTo("tickets");
            assertThat(first.get("epoch")).isEqualTo(subscribed.get("epoch"));
            assertThat(first.get("offset").asLong())
                    .isGreaterThan(subscribed.get("offset").asLong());
            assertThat(first.has("prev")).isFalse();
            assertThat(first.get("time").asString()).isEqualTo("2026-11-20T10:00:00.123Z");
            assertThat(first.get("key").asString()).isEqualTo("t-1");
            assertThat(first.at("/data/n").asInt()).isEqualTo(1);
            assertThat(second.get("prev")).isEqualTo(first.get("offset"));
            assertThat(socket.received()).noneMatch(frame -> type(frame).equals("approval_requested"));
        }
    }

    private TestSocket viewer(String client) {
        return TestSocket.authenticated(port, token(client, Role.VIEWER));
    }

    private void send(String client, String channel, String type, String key, String data) {
        feedWriter().send(client, channel, type, key, data);
    }

    private static String token(String client, Role role) {
        return TestTokens.token(client, role.wireName() + "@" + client, role);
    }

    private static String auth(String token) {
        return "{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}";
    }
}
