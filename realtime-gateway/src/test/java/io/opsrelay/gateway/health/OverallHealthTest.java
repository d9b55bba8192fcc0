package io.opsrelay.gateway.health;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.opsrelay.gateway.GatewayTest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class OverallHealthTest extends GatewayTest {

    @Test
    void itIsHealthyWhereAllServicesAreReady() {
        answer(SERVICES.values(), true);
        HttpResponse<String> response = awaitStatus("healthy");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(Instant.parse(json(response).get("timestamp").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(json(response).get("connections").asInt()).isZero();
        assertThat(json(response).get("feed").asString()).isEqualTo("up");
        assertThat(json(response).get("services").propertyNames())
                .containsExactly("ingestion-service", "agent-service", "approval-service", "action-engine");
    }

    @Test
    void itIsDegradedWhereOneIsNotWhichIsNamed() {
        answer(SERVICES.values(), true);
        answer(List.of(SERVICES.get("agent-service")), false);
        HttpResponse<String> response = awaitStatus("degraded");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).at("/services/agent-service").asString()).isEqualTo("down");
        assertThat(json(response).at("/services/ingestion-service").asString()).isEqualTo("up");
    }

    @Test
    void itIsDownWhereNoneIs() {
        answer(SERVICES.values(), false);
        HttpResponse<String> response = awaitStatus("down");

        assertThat(response.statusCode()).isEqualTo(503);
    }

    private static void answer(Collection<WireMockServer> services, boolean ready) {
        services.forEach(server -> server.stubFor(any(anyUrl()).willReturn(ready ? ok() : serverError())));
    }

    /** The answer before may still be told for a moment. */
    private HttpResponse<String> awaitStatus(String status) {
        return Awaitility.await()
                .until(
                        () -> get("/api/v1/health"),
                        response -> json(response).get("status").asString().equals(status));
    }
}
