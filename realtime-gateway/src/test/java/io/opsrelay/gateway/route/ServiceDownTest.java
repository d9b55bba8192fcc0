package io.opsrelay.gateway.route;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.http.Fault;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Nobody listens where approval-service should be. */
@TestPropertySource(properties = "opsrelay.routes.services.approval-service.url=" + ServiceDownTest.NOBODY)
class ServiceDownTest extends GatewayTest {

    /** Above the ports that are given to whoever asks for any. */
    static final String NOBODY = "http://127.0.0.1:65530";

    private final String bearer = TestTokens.bearer("acme", "admin@acme.example", Role.ADMIN);

    @BeforeEach
    void othersAreUp() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
    }

    @Test
    void aServiceThatIsDownIsNamedWithinASecondAndTheOthersGoOn() {
        // The first request of all loads classes, and a machine that halts is slow for a while.
        Awaitility.await().untilAsserted(() -> {
            long began = System.nanoTime();
            assertThat(get("/api/v1/approvals", "Authorization", bearer).statusCode())
                    .isEqualTo(503);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        });

        HttpResponse<String> response = get("/api/v1/approvals", "Authorization", bearer);
        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("service").asString()).isEqualTo("approval-service");
        assertThat(json(response).get("detail").asString()).startsWith("approval-service is not reachable");
        assertThat(response.body()).doesNotContain("Exception").doesNotContain("127.0.0.1");
        assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode()).isEqualTo(200);
    }

    @Test
    void aServiceThatBreaksTheConnectionIsNamedToo() {
        SERVICES.get("action-engine").stubFor(any(anyUrl()).willReturn(ok().withFault(Fault.CONNECTION_RESET_BY_PEER)));

        HttpResponse<String> response = post("/api/v1/restart_deployment", "{}", "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).get("detail").asString()).startsWith("action-engine broke the connection");
    }

    @Test
    void healthTellsWhichServiceIsDownAndAnybodyMayAsk() {
        SERVICES.get("agent-service").stubFor(any(anyUrl()).willReturn(serverError()));
        for (String path : new String[] {"/api/health", "/health", "/api/v1/health"}) {
            // A service that does not say within a moment that it is up is taken to be down, until it is asked again.
            Awaitility.await().untilAsserted(() -> {
                HttpResponse<String> response = get(path, "Authorization", "Bearer stale");

                assertThat(response.statusCode()).isEqualTo(200);
                JsonNode health = json(response);
                assertThat(health.get("status").asString()).isEqualTo("degraded");
                assertThat(health.get("timestamp").asString()).endsWith("Z");
                assertThat(health.get("connections").isInt()).isTrue();
                assertThat(stateOf(health, "approval-service")).isEqualTo("down");
                assertThat(stateOf(health, "agent-service")).isEqualTo("down");
                assertThat(stateOf(health, "ingestion-service")).isEqualTo("up");
                assertThat(stateOf(health, "action-engine")).isEqualTo("up");
            });
        }
    }

    private static String stateOf(JsonNode health, String service) {
        return health.get("services")
                .valueStream()
                .filter(one -> one.get("name").asString().equals(service))
                .findFirst()
                .orElseThrow()
                .get("status")
                .asString();
    }
}
