package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AdminViewTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String admin = TestTokens.token(client, "admin", Role.ADMIN);

    @Test
    void connectionsOfEveryProtocolAreSeenAndAreGoneWhenTheyHaveEnded() throws Exception {
        HttpRequest events = request("/api/v1/stream?channels=tickets,ai")
                .header("Authorization", "Bearer " + TestTokens.token(client, "sse", Role.VIEWER))
                .header("Accept", "text/event-stream")
                .build();
        try (HttpClient http = HttpClient.newHttpClient();
                TestSocket socket = TestSocket.authenticated(port, TestTokens.token(client, "ws", Role.VIEWER));
                RawWebSocket old = new RawWebSocket(port, "/socket.io/?EIO=4&transport=websocket");
                InputStream stream = http.send(events, HttpResponse.BodyHandlers.ofInputStream())
                        .body()) {
            socket.subscribe("approvals");
            old.send("40{\"token\":\"" + TestTokens.token(client, "old", Role.VIEWER) + "\"}");

            Awaitility.await().untilAsserted(() -> assertThat(seen())
                    .containsExactlyInAnyOrder(
                            "ws websocket [\"approvals\"] 0",
                            "sse sse [\"tickets\",\"ai\"] 0",
                            "old socket.io [\"metrics\",\"ai\"] "));
        }
        Awaitility.await().untilAsserted(() -> assertThat(seen()).isEmpty());
    }

    private List<String> seen() {
        JsonNode items = json(get("/api/v1/realtime/connections", "Authorization", "Bearer " + admin))
                .get("items");
        return items.valueStream()
                .map(item -> item.get("user").asString() + " "
                        + item.get("transport").asString() + " " + item.get("channels") + " "
                        + item.path("lag").asString(""))
                .toList();
    }
}
