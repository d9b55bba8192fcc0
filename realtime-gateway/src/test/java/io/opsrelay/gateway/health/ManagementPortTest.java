package io.opsrelay.gateway.health;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.context.TestPropertySource;

/** A gateway that shares its public port is asked for its own health at a port of its own. */
@TestPropertySource(properties = {"management.server.port=0", "management.server.address=127.0.0.1"})
class ManagementPortTest extends GatewayTest {

    private final String admin = TestTokens.bearer("acme", "admin@acme.example", Role.ADMIN);

    @LocalManagementPort
    private int management;

    @BeforeEach
    void servicesAreUp() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator/health", "/actuator/health/readiness", "/actuator/health/liveness"})
    void probesAreOpenAtTheManagementPort(String path) {
        HttpResponse<String> response = manage(path);

        assertThat(management).isNotEqualTo(port);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("status").asString()).isEqualTo("UP");
        assertThat(manage(path, "Authorization", "Bearer stale").statusCode()).isEqualTo(200);
    }

    @Test
    void soAreTheMetrics() {
        assertThat(manage("/actuator/prometheus").body()).contains("opsrelay_stream_connections");
    }

    @Test
    void theRestOfTheInsideIsNotShownThereEither() {
        assertThat(manage("/actuator/env").statusCode()).isIn(401, 403, 404);
        assertThat(manage("/actuator/env", "Authorization", admin).statusCode()).isIn(403, 404);
        assertThat(manage("/api/v1/tickets").statusCode()).isIn(401, 404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/health", "/health", "/api/v1/health"})
    void thePublicPortGoesOnTellingTheHealthOfAllOfIt(String path) {
        // A service that does not say within a moment that it is up is taken to be down, until it is asked again.
        Awaitility.await().untilAsserted(() -> {
            HttpResponse<String> response = get(path);
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(json(response).get("status").asString()).isEqualTo("healthy");
        });
    }

    @Test
    void thePublicPortNoLongerShowsTheProbes() {
        assertThat(get("/actuator/health/readiness").statusCode()).isEqualTo(404);
    }

    private HttpResponse<String> manage(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + path));
        return send(headers.length == 0 ? request : request.headers(headers));
    }
}
