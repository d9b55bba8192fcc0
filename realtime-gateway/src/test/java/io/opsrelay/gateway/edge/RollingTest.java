package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestFeed;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.stream.Connections;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;

/** A gateway is stopped while it is in use. */
class RollingTest extends GatewayTest {

    private static final String PATH = "/api/v1/tickets";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String token = TestTokens.token(client, "u", Role.VIEWER);
    private final String bearer = "Bearer " + token;

    @BeforeEach
    void aServiceAnswers() {
        SERVICES.get("ingestion-service").stubFor(any(anyUrl()).willReturn(okJson("{}")));
    }

    @Test
    void whileOneOfTwoGatewaysOnAPortStopsNoRequestFailsAndNoEventIsMissed() throws InterruptedException {
        try (ConfigurableApplicationContext first = gateway(0);
                ConfigurableApplicationContext second = gateway(portOf(first));
                Load load = new Load(portOf(first), bearer);
                Writer writer = new Writer(feedWriter(), client);
                TestSocket before = TestSocket.authenticated(portOf(first), token)) {
            JsonNode start = before.subscribe("tickets");
            writer.start();
            load.start();
            before.await(frame -> number(frame) == 10);
            load.awaitRequests(100);
            ConfigurableApplicationContext leaving = holder(first, second);

            Thread closing = Thread.ofPlatform().start(leaving::close);
            before.await("reconnect");
            assertThat(before.awaitClose()).isEqualTo(1012);
            List<JsonNode> seen = numbered(before);
            try (TestSocket after = TestSocket.authenticated(portOf(first), token)) {
                JsonNode resumed = after.subscribe(
                        "tickets",
                        start.get("epoch").asString(),
                        seen.getLast().get("offset").asLong());
                assertThat(resumed.get("recovered").asBoolean()).isTrue();
                closing.join();
                load.awaitRequests(100);
                load.close();
                writer.close();
                int last = writer.written();
                after.await(frame -> number(frame) == last);

                assertThat(Stream.concat(seen.stream(), numbered(after).stream())
                                .map(RollingTest::number))
                        .containsExactlyElementsOf(
                                IntStream.rangeClosed(1, last).boxed().toList());
            }
            assertThat(load.failures()).isEmpty();
            // The listener closes once, so it can hit each caller once, between its handshake and its acceptance.
            assertThat(load.resetInTheQueue()).isLessThanOrEqualTo(Load.CALLERS);
        }
    }

    @Test
    void anOpenConnectionIsToldThatItsNextAnswerIsTheLast() throws Exception {
        try (ConfigurableApplicationContext gateway = gateway(0);
                RawConnection used = new RawConnection(portOf(gateway));
                RawConnection silent = new RawConnection(portOf(gateway));
                RawConnection busy = new RawConnection(portOf(gateway))) {
            assertThat(used.post(PATH, bearer, "{}")).isEqualTo(new RawConnection.Answer(200, false));
            assertThat(silent.post(PATH, bearer, "{}")).isEqualTo(new RawConnection.Answer(200, false));
            SERVICES.get("ingestion-service")
                    .stubFor(any(anyUrl()).willReturn(okJson("{}").withFixedDelay(3000)));
            busy.send(PATH, bearer, "{}");
            Thread closing = Thread.ofPlatform().start(gateway::close);
            Awaitility.await().until(() -> refuses(portOf(gateway)));

            assertThat(used.post("/api/v1/nothing", bearer, "{}")).isEqualTo(new RawConnection.Answer(404, true));
            assertThat(used.endsNow()).isTrue();
            assertThat(silent.endsNow()).isTrue();
            assertThat(busy.answer()).isEqualTo(new RawConnection.Answer(200, true));
            assertThat(busy.endsNow()).isTrue();
            closing.join();
        }
    }

    @Test
    void aPortThatIsNotSharedIsNotTakenTwice() {
        try (ConfigurableApplicationContext shared = gateway(0)) {
            assertThatThrownBy(() -> startGateway("--server.port=" + portOf(shared)))
                    .hasStackTraceContaining("already in use");
        }
    }

    private static boolean refuses(int port) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            return false;
        } catch (ConnectException e) {
            return true;
        }
    }

    private static ConfigurableApplicationContext holder(
            ConfigurableApplicationContext first, ConfigurableApplicationContext second) {
        return first.getBean(Connections.class).count() > 0 ? first : second;
    }

    private static List<JsonNode> numbered(TestSocket socket) {
        return socket.received().stream()
                .filter(frame -> TestSocket.type(frame).equals("numbered"))
                .toList();
    }

    private static int number(JsonNode frame) {
        return frame.at("/data/n").asInt(0);
    }

    private ConfigurableApplicationContext gateway(int port) {
        ConfigurableApplicationContext gateway = startGateway(
                "--server.port=" + port,
                "--opsrelay.edge.reuse-port=true",
                // Longer than a machine halts: no caller is taken to be silent for good.
                "--opsrelay.edge.linger=7s",
                "--management.server.port=0",
                // One user sends what many would.
                "--opsrelay.edge.rate-limit.per-user=100000",
                "--opsrelay.edge.rate-limit.per-client=100000");
        assertThat(gateway.getBean(Feed.class).warm())
                .as("a shared port is opened when WebSockets can be served")
                .isTrue();
        return gateway;
    }

    /** Writes numbered events, some hundred a second, until it is closed. */
    private static final class Writer implements AutoCloseable {

        private final Thread thread;
        private volatile boolean closed;
        private volatile int written;

        Writer(TestFeed feed, String client) {
            this.thread = Thread.ofPlatform().unstarted(() -> {
                while (!closed && written < 20_000) {
                    feed.send(client, "tickets", "numbered", "t-1", "{\"n\":" + (written + 1) + "}");
                    written++;
                    LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                }
            });
        }

        void start() {
            thread.start();
        }

        int written() {
            return written;
        }

        @Override
        public void close() throws InterruptedException {
            closed = true;
            thread.join();
        }
    }
}
