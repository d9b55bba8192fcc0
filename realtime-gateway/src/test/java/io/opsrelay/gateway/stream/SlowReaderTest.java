package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Who takes less than there is, and then more than memory holds. */
@TestPropertySource(properties = {"opsrelay.feed.ring-size=2MB", "opsrelay.stream.stall=120s"})
class SlowReaderTest extends GatewayTest {

    private static final int FRAMES = 80;

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whoFallsBehindWhatMemoryHoldsIsToldToResyncAndGoesOnFromThere() throws IOException {
        try (RawFrames slow = RawFrames.slow(port);
                TestSocket colleague = TestSocket.authenticated(port, TestTokens.token(client, "ben", Role.AGENT))) {
            subscribed(slow, "tickets");
            subscribed(slow, "messages");
            colleague.subscribe("tickets");
            String data = "{\"text\":\"" + "x".repeat(200_000) + "\",\"n\":";
            for (int n = 0; n < FRAMES; n++) {
                feedWriter().send(client, "tickets", "numbered", "t-1", data + n + "}");
                colleague.await("numbered");
            }
            colleague
                    .send("{\"type\":\"typing\",\"data\":{\"session_id\":\"s-1\"}}")
                    .settle();
            Awaitility.await().untilAsserted(() -> {
                JsonNode seen = view();
                assertThat(seen.get("delivery").asString()).isEqualTo("paused");
                assertThat(seen.get("dropped").asLong()).as("who is typing").isEqualTo(1);
                assertThat(seen.get("lag").asLong()).isPositive();
            });

            List<Integer> before = new ArrayList<>();
            JsonNode frame = slow.next().json();
            while (!isResync(frame)) {
                if (frame.get("type").asString().equals("numbered")) {
                    before.add(frame.at("/data/n").asInt());
                }
                frame = slow.next().json();
            }

            assertThat(frame.at("/data/reason").asString()).isEqualTo("slow");
            assertThat(frame.at("/data/snapshot").asString()).isEqualTo("/api/v1/tickets");
            assertThat(before)
                    .as("without a gap until then")
                    .isEqualTo(IntStream.range(0, before.size()).boxed().toList())
                    .hasSizeLessThan(FRAMES);
            feedWriter().send(client, "tickets", "after", "t-1", "{}");
            slow.await("after");
        }
    }

    private static boolean isResync(JsonNode frame) {
        return frame.get("type").asString().equals("resync")
                && frame.get("channel").asString().equals("tickets");
    }

    private void subscribed(RawFrames slow, String channel) throws IOException {
        if (channel.equals("tickets")) {
            slow.send(RawFrames.handshake("/ws", "Authorization: " + TestTokens.bearer(client, "slow", Role.AGENT)));
            assertThat(slow.answer().status()).isEqualTo(101);
            slow.await("auth_success");
        }
        slow.send(RawFrames.frame(
                RawFrames.FIN | RawFrames.TEXT, "{\"type\":\"subscribe\",\"data\":{\"channel\":\"" + channel + "\"}}"));
        slow.await("subscribed");
    }

    private JsonNode view() {
        return json(get("/api/v1/realtime/connections", "Authorization", TestTokens.bearer(client, "a", Role.ADMIN)))
                .get("items")
                .valueStream()
                .filter(item -> item.get("user").asString().equals("slow"))
                .findFirst()
                .orElseThrow();
    }
}
