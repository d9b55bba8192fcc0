package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.contracts.Topics;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

class SeveralGatewaysTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String token = TestTokens.token(client, "u", Role.VIEWER);

    @Test
    void aConnectionThatIsSentAwayGoesOnAtAnotherGatewayWithoutAGap() {
        JsonNode last;
        try (ConfigurableApplicationContext other = startGateway()) {
            Awaitility.await().until(() -> other.getBean(Feed.class).warm());
            try (TestSocket socket = TestSocket.authenticated(portOf(other), token)) {
                socket.subscribe("tickets");
                feedWriter().send(client, "tickets", "first", "t-1", "{}");
                last = socket.await("first");

                Thread closing = Thread.ofVirtual().start(other::close);
                assertThat(socket.await("reconnect").at("/data/after_ms").asLong())
                        .isBetween(0L, 300L);
                assertThat(socket.awaitClose()).isEqualTo(1012);
                Awaitility.await().until(() -> !closing.isAlive());
            }
        }
        feedWriter().send(client, "tickets", "second", "t-1", "{}");
        try (TestSocket socket = TestSocket.authenticated(port, token)) {
            JsonNode resumed = socket.subscribe(
                    "tickets", last.get("epoch").asString(), last.get("offset").asLong());
            assertThat(resumed.get("recovered").asBoolean()).isTrue();
            JsonNode second = socket.await("second");
            assertThat(second.get("prev").asLong()).isEqualTo(last.get("offset").asLong());
        }
    }

    @Test
    void aGatewayThatStartsReadsTheNewestFramesBeforeItTakesConnections() {
        JsonNode first;
        try (TestSocket socket = TestSocket.authenticated(port, token)) {
            socket.subscribe("tickets");
            feedWriter().send(client, "tickets", "first", "t-1", "{}");
            first = socket.await("first");
        }
        feedWriter().send(client, "tickets", "second", "t-1", "{}");
        feedWriter().send(client, "tickets", "third", "t-1", "{}");
        try (ConfigurableApplicationContext other = startGateway()) {
            Awaitility.await().until(() -> other.getBean(Feed.class).warm());
            try (TestSocket socket = TestSocket.authenticated(portOf(other), token)) {
                JsonNode resumed = socket.subscribe(
                        "tickets",
                        first.get("epoch").asString(),
                        first.get("offset").asLong());
                assertThat(resumed.get("recovered").asBoolean()).isTrue();
                socket.await("second");
                socket.await("third");
            }
        }
    }

    @Test
    void aGatewayThatStartsKnowsStatesFromBeforeTheFramesThatItKeeps() {
        feedWriter().send(client, "metrics", "metrics_updated", "calls", "{\"value\":1}");
        feedWriter().send(client, "metrics", "metrics_updated", "calls", "{\"value\":2}");
        for (int n = 0; n < 5; n++) {
            feedWriter().send(client, "tickets", "later", "t-1", "{}");
        }
        try (ConfigurableApplicationContext other =
                startGateway("--opsrelay.feed.warm-records=2", "--opsrelay.feed.state-records=1000")) {
            Awaitility.await().until(() -> other.getBean(Feed.class).warm());
            try (TestSocket socket = TestSocket.authenticated(portOf(other), token)) {
                socket.subscribe("metrics");
                assertThat(socket.await("metrics_updated").at("/data/value").asInt())
                        .isEqualTo(2);
                // What it does not keep it still reads from Kafka for who asks.
                JsonNode resumed = socket.subscribe(
                        "tickets", other.getBean(Feed.class).ring(client).epoch(), 0);
                assertThat(resumed.get("recovered").asBoolean()).isTrue();
                socket.await(frame -> TestSocket.type(frame).equals("later"));
            }
        }
    }

    @Test
    void untilTheFeedIsReadAGatewayIsNotReadyAndTakesNoConnections() {
        String prefix = "late-" + UUID.randomUUID().toString().substring(0, 8);
        try (ConfigurableApplicationContext early = startGateway("--opsrelay.topic-prefix=" + prefix)) {
            assertThatThrownBy(() -> TestSocket.connect(portOf(early), "/ws")).hasMessageContaining("503");
            assertThat(early.getBean(Feed.class).position(client)).isEmpty();

            new io.opsrelay.testing.TestKafka(prefix).createTopics(1, Topics.FEED);
            Awaitility.await().until(() -> early.getBean(Feed.class).warm());
            TestSocket.authenticated(portOf(early), token).close();
        }
    }
}
