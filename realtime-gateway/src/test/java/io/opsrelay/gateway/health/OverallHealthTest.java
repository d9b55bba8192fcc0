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
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OverallHealthTest extends GatewayTest {

    @Test
    void itIsHealthyWhereAllServicesAreReady() {
        answer(SERVICES.values(), true);
        HttpResponse<String> response =
                awaitHealth(health -> health.get("status").asString().equals("healthy")
                        && health.get("connections").asInt() == 0);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        assertThat(Instant.parse(json(response).get("timestamp").asString())).isBeforeOrEqualTo(Instant.now());
        assertThat(json(response).get("feed").asString()).isEqualTo("up");
        JsonNode services = json(response).get("services");
        assertThat(services.valueStream().map(one -> one.get("name").asString()))
                .containsExactly("ingestion-service", "agent-service", "approval-service", "action-engine");
        assertThat(services.valueStream()).allSatisfy(one -> {
            assertThat(one.get("status").asString()).isEqualTo("up");
            assertThat(one.get("instances").asInt()).isEqualTo(1);
            assertThat(one.get("ready").asInt()).isEqualTo(1);
            assertThat(Instant.parse(one.get("since").asString()))
                    .isBeforeOrEqualTo(Instant.parse(one.get("checked_at").asString()));
        });
    }

    @Test
    void itKnowsHowFarBehindTheFeedThisGatewayIs() {
        answer(SERVICES.values(), true);

        Awaitility.await().untilAsserted(() -> assertThat(
                        json(get("/api/v1/health")).path("feed_lag").asLong(-1))
                .isZero());
    }

    @Test
    void itTellsWhenTheFeedWasReadLastWhichGoesOnWhereNothingIsNew() {
        answer(SERVICES.values(), true);
        Instant first = readAt(json(get("/api/v1/health")));

        Awaitility.await()
                .until(() -> readAt(json(get("/api/v1/health"))), later -> later.isAfter(first.plusSeconds(2)));
    }

    @Test
    void aServiceIsSoSinceItWasFirstFoundSoNotSinceItWasAskedLast() {
        answer(SERVICES.values(), true);
        awaitStatus("healthy");
        answer(List.of(SERVICES.get("agent-service")), false);
        JsonNode first = service(json(awaitStatus("degraded")), "agent-service");

        JsonNode later = Awaitility.await()
                .until(() -> service(json(get("/api/v1/health")), "agent-service"), one -> !one.get("checked_at")
                        .equals(first.get("checked_at")));

        assertThat(later.get("since")).isEqualTo(first.get("since"));
    }

    @Test
    void itIsDegradedWhereOneIsNotWhichIsNamed() {
        answer(SERVICES.values(), true);
        answer(List.of(SERVICES.get("agent-service")), false);
        HttpResponse<String> response =
                awaitHealth(health -> stateOf(health, "agent-service").equals("down")
                        && stateOf(health, "ingestion-service").equals("up"));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("status").asString()).isEqualTo("degraded");
    }

    @Test
    void itIsDownWhereNoneIs() {
        answer(SERVICES.values(), false);
        HttpResponse<String> response =
                awaitHealth(health -> health.get("status").asString().equals("down"));

        assertThat(response.statusCode()).isEqualTo(503);
    }

    private static void answer(Collection<WireMockServer> services, boolean ready) {
        services.forEach(server -> server.stubFor(any(anyUrl()).willReturn(ready ? ok() : serverError())));
    }

    private static JsonNode service(JsonNode health, String name) {
        return health.get("services")
                .valueStream()
                .filter(one -> one.get("name").asString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Instant readAt(JsonNode health) {
        return Instant.parse(health.get("feed_read_at").asString());
    }

    private static String stateOf(JsonNode health, String name) {
        return service(health, name).get("status").asString();
    }

    private HttpResponse<String> awaitStatus(String status) {
        return awaitHealth(health -> health.get("status").asString().equals(status));
    }

    /**
     * The answer before may still be told for a moment, and a service that does not answer within a moment is taken to be
     * down until it is asked again.
     */
    private HttpResponse<String> awaitHealth(Predicate<JsonNode> wanted) {
        return Awaitility.await().until(() -> get("/api/v1/health"), response -> wanted.test(json(response)));
    }
}
