package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** State channels tell all they know at their pace, whether or not it has changed; here the pace is quicker. */
@TestPropertySource(properties = {"opsrelay.stream.state-cadence=2s", "opsrelay.stream.queue-cadence=1s"})
class StateCadenceTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whatDoesNotChangeIsToldAgainAtEachChannelsPaceAndNoMoreOften() {
        feedWriter().send(client, "queue", "queue_updated", "waiting", "{\"value\":1}");
        feedWriter().send(client, "metrics", "metrics_updated", "calls", "{\"value\":1}");
        try (TestSocket socket = TestSocket.authenticated(port, TestTokens.token(client, "u", Role.AGENT))) {
            long began = System.nanoTime();
            socket.subscribe("queue");
            socket.subscribe("metrics");
            socket.subscribe("sessions");
            for (int times = 0; times < 3; times++) {
                socket.await(frame -> type(frame).equals("metrics_updated") && frame.has("snapshot"));
            }
            List<JsonNode> received = List.copyOf(socket.received());
            double seconds = (System.nanoTime() - began) / 1e9;

            assertThat(count(received, "metrics_updated")).isLessThanOrEqualTo(1 + seconds / 2);
            assertThat(count(received, "queue_updated")).isBetween(2.0, 1 + seconds);
            assertThat(received.stream()
                            .filter(frame -> type(frame).equals("state_empty")
                                    && frame.get("channel").asString().equals("sessions")))
                    .as("that nothing is reported is told at the same pace")
                    .hasSizeBetween(2, (int) (1 + seconds / 2));
        }
    }

    @Test
    void unlessItIsSetThePaceIsTenSecondsAndFiveForTheQueue() {
        StreamProperties defaults =
                Binder.get(new MockEnvironment()).bindOrCreate("opsrelay.stream", Bindable.of(StreamProperties.class));

        assertThat(defaults.cadenceOf(Channel.named("queue").orElseThrow())).isEqualTo(Duration.ofSeconds(5));
        for (String channel : new String[] {"metrics", "sessions", "agents", "services"}) {
            assertThat(defaults.cadenceOf(Channel.named(channel).orElseThrow())).isEqualTo(Duration.ofSeconds(10));
        }
    }

    private static double count(List<JsonNode> received, String type) {
        return received.stream()
                .filter(frame -> type(frame).equals(type) && frame.has("snapshot"))
                .count();
    }
}
