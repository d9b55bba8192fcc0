package io.opsrelay.gateway.stream;

import static io.opsrelay.gateway.TestSocket.type;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** State channels: the present first, then the newest of each key, and no more often than four times a second. */
class StateChannelsTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void whoSubscribesGetsThePresentStateFirstAndThenWhatChanges() {
        try (TestSocket before = agent()) {
            before.subscribe("sessions");
            report("sessions", "s-1", "{\"state\":\"old\"}");
            report("sessions", "s-1", "{\"state\":\"active\"}");
            report("sessions", "s-2", "{\"state\":\"waiting\"}");
            before.await(frame -> frame.path("key").asString("").equals("s-2"));

            try (TestSocket socket = agent()) {
                JsonNode subscribed = socket.subscribe("sessions");
                JsonNode first = socket.await("sessions_updated");
                JsonNode second = socket.await("sessions_updated");

                assertThat(first.get("snapshot").asBoolean()).isTrue();
                assertThat(first.get("key").asString()).isEqualTo("s-1");
                assertThat(first.at("/data/state").asString()).isEqualTo("active");
                assertThat(second.get("key").asString()).isEqualTo("s-2");
                assertThat(List.of(first, second)).allSatisfy(frame -> {
                    assertThat(frame.get("offset").asLong())
                            .isGreaterThanOrEqualTo(subscribed.get("offset").asLong());
                    assertThat(frame.has("prev")).isFalse();
                });

                report("sessions", "s-2", "{\"state\":\"active\"}");
                JsonNode changed = socket.await("sessions_updated");
                assertThat(changed.has("snapshot")).isFalse();
                assertThat(changed.get("key").asString()).isEqualTo("s-2");
                assertThat(changed.get("offset").asLong())
                        .isGreaterThan(second.get("offset").asLong());
            }
        }
    }

    @Test
    void manyChangesOfOneKeyBecomeFewFramesAndTheLastIsAmongThem() {
        try (TestSocket socket = agent()) {
            socket.subscribe("metrics");
            for (int n = 1; n <= 200; n++) {
                report("metrics", "calls", "{\"value\":" + n + "}");
            }

            socket.await(frame -> frame.at("/data/value").asInt(0) == 200);

            List<JsonNode> frames = socket.received().stream()
                    .filter(frame -> type(frame).equals("metrics_updated"))
                    .toList();
            assertThat(frames).hasSizeLessThan(100);
            assertThat(frames)
                    .extracting(frame -> frame.at("/data/value").asInt())
                    .isSorted();
        }
    }

    @Test
    void whoAsksGetsThePresentStateOfAllOrOfOne() {
        try (TestSocket socket = agent()) {
            socket.subscribe("sessions");
            report("sessions", "s-1", "{}");
            report("sessions", "s-2", "{}");
            socket.await(frame -> frame.path("key").asString("").equals("s-2"));

            socket.send("{\"type\":\"request_session_update\",\"data\":{\"session_id\":\"s-2\"}}");
            JsonNode one = socket.await("sessions_updated");
            assertThat(one.get("key").asString()).isEqualTo("s-2");
            assertThat(one.get("snapshot").asBoolean()).isTrue();

            socket.send("{\"type\":\"request_session_update\"}");
            assertThat(socket.await("sessions_updated").get("key").asString()).isEqualTo("s-1");
            assertThat(socket.await("sessions_updated").get("key").asString()).isEqualTo("s-2");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "{\"type\":\"request_session_update\"}, sessions",
        "{\"type\":\"request_queue_update\"}, queue",
        "{\"type\":\"request_metrics_update\"}, metrics",
    })
    void whereNothingHasBeenReportedTheAnswerSaysSoAndIsNoError(String request, String channel) {
        try (TestSocket socket = agent()) {
            socket.send(request.replace("}", ",\"id\":\"1\"}"));

            JsonNode empty = socket.await("state_empty");
            assertThat(empty.get("id").asString()).isEqualTo("1");
            assertThat(empty.get("channel").asString()).isEqualTo(channel);
            assertThat(empty.get("snapshot").asBoolean()).isTrue();
            assertThat(empty.get("epoch").asString())
                    .isEqualTo(feed.ring(client).epoch());
            assertThat(empty.get("offset").isIntegralNumber()).isTrue();
            assertThat(empty.get("data").isEmpty()).isTrue();
            assertThat(empty.has("key")).isFalse();
            assertThat(socket.settle().received())
                    .noneMatch(frame -> type(frame).equals("error"));
        }
    }

    @Test
    void aSessionOfWhichNothingIsKnownIsNamedAsEmptyThoughOthersAreKnown() {
        try (TestSocket socket = agent()) {
            socket.subscribe("sessions");
            report("sessions", "s-1", "{}");
            socket.await("sessions_updated");

            socket.send("{\"type\":\"request_session_update\",\"data\":{\"session_id\":\"s-9\"}}");

            assertThat(socket.await(frame -> type(frame).equals("state_empty") && frame.has("key"))
                            .get("key")
                            .asString())
                    .isEqualTo("s-9");
        }
    }

    @Test
    void whoSubscribesToWhatHasNoStateIsToldSoAndThenWhatIsReported() {
        try (TestSocket socket = agent()) {
            socket.subscribe("queue");
            assertThat(socket.await("state_empty").get("channel").asString()).isEqualTo("queue");

            report("queue", "waiting", "{\"value\":1}");
            assertThat(socket.await("queue_updated").at("/data/value").asInt()).isEqualTo(1);
        }
    }

    @Test
    void administratorsSeeHowManyReportsWereNotSentBecauseNewerOnesCame() {
        try (TestSocket socket = agent()) {
            socket.subscribe("metrics");
            socket.await("state_empty");
            for (int n = 1; n <= 100; n++) {
                report("metrics", "calls", "{\"value\":" + n + "}");
            }
            socket.await(frame -> frame.at("/data/value").asInt(0) == 100);
            long sent = socket.received().stream()
                    .filter(frame -> type(frame).equals("metrics_updated"))
                    .map(frame -> frame.at("/data/value").asInt())
                    .distinct()
                    .count();

            JsonNode items = json(get(
                            "/api/v1/realtime/connections",
                            "Authorization",
                            TestTokens.bearer(client, "admin", Role.ADMIN)))
                    .get("items");
            assertThat(items).hasSize(1);
            assertThat(items.get(0).get("conflated").asLong()).isEqualTo(100 - sent);
        }
    }

    @Test
    void anotherClientsStateIsNeverSeen() {
        try (TestSocket mine = agent();
                TestSocket theirs =
                        TestSocket.authenticated(port, TestTokens.token("globex-" + client, "u", Role.AGENT))) {
            mine.subscribe("sessions");
            report("sessions", "s-1", "{}");
            mine.await("sessions_updated");

            theirs.subscribe("sessions");
            theirs.send("{\"type\":\"request_session_update\"}");
            assertThat(theirs.await("state_empty").get("channel").asString()).isEqualTo("sessions");
            assertThat(theirs.received()).noneMatch(frame -> type(frame).equals("sessions_updated"));
        }
    }

    private void report(String channel, String key, String data) {
        feedWriter().send(client, channel, channel + "_updated", key, data);
    }

    private TestSocket agent() {
        return TestSocket.authenticated(port, TestTokens.token(client, "u", Role.AGENT));
    }
}
