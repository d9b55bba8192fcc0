package io.opsrelay.gateway.stream;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.Objects;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.TestPropertySource;

/** The dashboard's own client, as it is built, against this gateway. Here the gateway remembers little. */
@TestPropertySource(properties = {"opsrelay.feed.ring-size=32KB", "opsrelay.feed.history-size=1KB"})
class RealtimeClientTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String token = TestTokens.token(client, "ada", Role.VIEWER);

    @BeforeEach
    void ticketsCanBeRead() {
        tickets().stubFor(any(urlEqualTo("/api/v1/tickets")).willReturn(okJson("{\"items\":[{\"id\":\"t-1\"}]}")));
    }

    @Test
    void itReadsTheSnapshotAndThenHearsEachEventOnceAlsoOverALostConnection() {
        try (NodeClient node = NodeClient.start(port, token)) {
            assertThat(node.await("snapshot").at("/body/items/0/id").asString()).isEqualTo("t-1");
            send("one");
            node.awaitEvent("one");
            send("two");
            node.awaitEvent("two");

            node.tell("drop");
            node.awaitLink("waiting");
            send("three");
            send("four");
            node.tell("retry");
            node.awaitEvent("four");
            send("five");
            node.awaitEvent("five");

            assertThat(node.events()).containsExactly("one", "two", "three", "four", "five");
            assertThat(node.offsets()).isSorted().doesNotHaveDuplicates();
            assertThat(node.count("gap")).isZero();
        }
    }

    @Test
    void whatTheGatewayNoLongerRemembersIsAGapAfterWhichTheSnapshotIsReadAgain() {
        try (NodeClient node = NodeClient.start(port, token)) {
            node.await("snapshot");
            send("one");
            node.awaitEvent("one");

            node.tell("drop");
            node.awaitLink("waiting");
            String large = "{\"text\":\"" + "x".repeat(4_000) + "\"}";
            long position = position() + 12;
            for (int n = 0; n < 12; n++) {
                feedWriter().send(client, "tickets", "forgotten", "t-1", large);
            }
            Awaitility.await().until(() -> position() >= position);
            node.tell("retry");

            assertThat(node.await("gap").get("reason").asString()).isEqualTo("retention");
            assertThat(node.await("snapshot").get("offset").asLong()).isGreaterThanOrEqualTo(position);
            send("after");
            node.awaitEvent("after");
            assertThat(node.events()).containsExactly("one", "after");
        }
    }

    @Test
    void aGatewayThatStopsSendsItToAnotherAtTheSameAddressAndNothingIsMissedOrReadAgain() {
        try (ConfigurableApplicationContext first = sharingGateway(0);
                ConfigurableApplicationContext second = sharingGateway(portOf(first));
                NodeClient node = NodeClient.start(portOf(first), token)) {
            node.await("snapshot");
            send("one");
            node.awaitEvent("one");

            ConfigurableApplicationContext leaving =
                    first.getBean(Connections.class).count() > 0 ? first : second;
            Thread closing = Thread.ofPlatform().start(leaving::close);
            node.awaitLink("waiting");
            send("two");
            node.awaitEvent("two");
            Awaitility.await().until(() -> !closing.isAlive());
            send("three");
            node.awaitEvent("three");

            assertThat(node.events()).containsExactly("one", "two", "three");
            assertThat(node.count("gap")).isZero();
            assertThat(node.count("snapshot")).isEqualTo(1);
        }
    }

    private ConfigurableApplicationContext sharingGateway(int port) {
        return startGateway("--server.port=" + port, "--opsrelay.edge.reuse-port=true", "--management.server.port=0");
    }

    @Test
    void aFreshTokenReplacesTheOldOneOnTheSameConnection() {
        try (NodeClient node = NodeClient.start(port, token)) {
            node.await("snapshot");
            send("one");
            node.awaitEvent("one");

            node.tell("token " + TestTokens.token(client, "ada", Role.APPROVER));
            node.await(line -> line.at("/roles").toString().contains("approver"));
            send("two");
            node.awaitEvent("two");
            assertThat(node.links()).doesNotContain("waiting");
        }
    }

    @Test
    void withoutASnapshotItWaitsAndThenHearsEverythingFromThere() {
        tickets().stubFor(any(urlEqualTo("/api/v1/tickets")).willReturn(serverError()));
        try (NodeClient node = NodeClient.start(port, token)) {
            node.awaitLink("live");
            ticketsCanBeRead();
            node.await("snapshot");
            send("one");
            node.awaitEvent("one");
            assertThat(node.events()).containsExactly("one");
        }
    }

    private long position() {
        return feed.position(client).orElseThrow().offset();
    }

    private void send(String type) {
        feedWriter().send(client, "tickets", type, "t-1", "{}");
    }

    private static WireMockServer tickets() {
        return Objects.requireNonNull(SERVICES.get("ingestion-service"));
    }
}
