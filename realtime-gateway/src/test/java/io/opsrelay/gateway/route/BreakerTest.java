package io.opsrelay.gateway.route;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.lessThanOrExactly;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.serverError;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathMatching;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/**
 * Three of four calls without an answer are enough. The times are far apart, so that a machine that halts for some
 * seconds changes nothing: an answer comes at once or does not come for ten seconds; who is left alone is so for longer
 * than a halt; and an answer that a halt makes too late is no sign of a breaker, so the next is looked at. Nobody is where
 * approval-service should be; action-engine has two instances, of which agent-service's server plays one, and is left
 * alone for long.
 */
@DirtiesContext
@TestPropertySource(
        properties = {
            "opsrelay.routes.services.agent-service.response-timeout=1s",
            "opsrelay.routes.services.action-engine.response-timeout=1s",
            "opsrelay.routes.services.ingestion-service.response-timeout=7s",
            "opsrelay.routes.services.approval-service.url=" + ServiceDownTest.NOBODY,
            "opsrelay.routes.breaker.window=4",
            "opsrelay.routes.breaker.minimum-calls=3",
            "opsrelay.routes.breaker.failure-rate=75",
            "opsrelay.routes.breaker.open-for=8s",
            "opsrelay.routes.breaker.trial-calls=2",
            "opsrelay.routes.services.action-engine.breaker.window=4",
            "opsrelay.routes.services.action-engine.breaker.minimum-calls=3",
            "opsrelay.routes.services.action-engine.breaker.open-for=60s"
        })
class BreakerTest extends GatewayTest {

    private static final int LONG_MILLIS = 10_000;

    @TempDir
    static Path folder;

    private final String bearer = TestTokens.bearer("acme", "admin@acme.example", Role.ADMIN);
    private final WireMockServer ingestion = SERVICES.get("ingestion-service");
    private final WireMockServer agent = SERVICES.get("agent-service");

    @Autowired
    private MeterRegistry meters;

    @DynamicPropertySource
    static void instancesFile(DynamicPropertyRegistry registry) {
        registry.add("OPSRELAY_INSTANCES", () -> {
            List<String> two = List.of(
                    SERVICES.get("agent-service").baseUrl(),
                    SERVICES.get("action-engine").baseUrl());
            try {
                return Files.writeString(
                                folder.resolve("instances.json"), JSON.writeValueAsString(Map.of("action-engine", two)))
                        .toString();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    @BeforeEach
    void servicesAnswer() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
    }

    @Test
    void aServiceThatHangsIsSoonRefusedAtOnceUntilItAnswersAgainWhileTheOthersGoOn() {
        agent.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(LONG_MILLIS)));
        double opened = count(RouteMetric.BREAKER_OPENED, "agent-service");

        // Three calls, but for those whose time was over before they were sent.
        assertThat(detail(get("/api/v1/runs/1", "Authorization", bearer))).contains("did not answer in time");
        HttpResponse<String> refused = Awaitility.await()
                .until(() -> get("/api/v1/runs/1", "Authorization", bearer), response -> detail(response)
                        .contains("left alone"));

        agent.verify(lessThanOrExactly(6), anyRequestedFor(urlPathMatching("/api/v1/runs.*")));
        assertThat(count(RouteMetric.NOT_ASKED, "agent-service")).isPositive();
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(json(refused).get("service").asString()).isEqualTo("agent-service");
        assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode()).isEqualTo(200);
        assertThat(count(RouteMetric.BREAKER_OPENED, "agent-service")).isEqualTo(opened + 1);

        agent.resetAll();
        agent.stubFor(any(anyUrl()).willReturn(ok()));
        Awaitility.await().untilAsserted(() -> assertThat(
                        IntStream.range(0, 10).mapToObj(n -> get("/api/v1/runs/1", "Authorization", bearer)
                                .statusCode()))
                .containsOnly(200));
    }

    @Test
    void whereOneOfTwoInstancesHangsTheOtherServesWhatTheFirstIsNotAskedFor() {
        agent.stubFor(any(urlPathMatching("/api/v1/actions.*")).willReturn(ok().withFixedDelay(LONG_MILLIS)));
        Awaitility.await()
                .until(() -> get("/api/v1/actions", "Authorization", bearer).statusCode() == 503);
        Awaitility.await().until(() -> {
            get("/api/v1/actions", "Authorization", bearer);
            return count(RouteMetric.BREAKER_OPENED, "action-engine") > 0;
        });

        Awaitility.await().untilAsserted(() -> assertThat(
                        IntStream.range(0, 10).mapToObj(n -> post("/api/v1/actions/1", "{}", "Authorization", bearer)
                                .statusCode()))
                .containsOnly(200));
        assertThat(count(RouteMetric.NOT_ASKED, "action-engine")).isPositive();
    }

    @Test
    void aRefusedConnectionIsToldAtOnceAndIsNoReasonToLeaveAServiceAlone() {
        for (int n = 0; n < 8; n++) {
            assertThat(detail(get("/api/v1/approvals", "Authorization", bearer)))
                    .contains("approval-service is not reachable");
        }
    }

    @Test
    void anAnswerIsNoReasonEither() {
        ingestion.stubFor(any(anyUrl()).willReturn(serverError()));
        for (int n = 0; n < 8; n++) {
            assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode())
                    .isEqualTo(500);
        }
    }

    @Test
    void callersWhoDoNotFinishTheirRequestsCloseNoServiceToOthers() throws IOException {
        List<Socket> callers = new ArrayList<>();
        try {
            for (int n = 0; n < 5; n++) {
                Socket caller = new Socket(InetAddress.getLoopbackAddress(), port);
                callers.add(caller);
                caller.setSoTimeout(60_000);
                caller.getOutputStream()
                        .write(("POST /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + bearer
                                        + "\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                                .getBytes(StandardCharsets.US_ASCII));
            }
            for (Socket caller : callers) {
                assertThat(new BufferedReader(new InputStreamReader(caller.getInputStream(), StandardCharsets.US_ASCII))
                                .readLine())
                        .contains("503");
            }
        } finally {
            for (Socket caller : callers) {
                caller.close();
            }
        }

        assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode()).isEqualTo(200);
    }

    @Test
    void aReadWhoseConnectionBreaksIsRepeatedOnceAndAnythingElseIsNot() {
        brokenOnce();
        assertThat(json(get("/api/v1/tickets", "Authorization", bearer))
                        .get("n")
                        .asInt())
                .isEqualTo(2);
        ingestion.verify(2, anyRequestedFor(anyUrl()));
        assertThat(count(RouteMetric.REPEATED, "ingestion-service")).isEqualTo(1);

        ingestion.resetAll();
        brokenOnce();
        assertThat(post("/api/v1/tickets", "{}", "Authorization", bearer).statusCode())
                .isEqualTo(503);
        ingestion.verify(1, anyRequestedFor(anyUrl()));
    }

    private void brokenOnce() {
        ingestion.stubFor(any(anyUrl())
                .inScenario("broken")
                .whenScenarioStateIs(Scenario.STARTED)
                .willReturn(ok().withFault(Fault.EMPTY_RESPONSE))
                .willSetStateTo("mended"));
        ingestion.stubFor(
                any(anyUrl()).inScenario("broken").whenScenarioStateIs("mended").willReturn(okJson("{\"n\":2}")));
    }

    private double count(RouteMetric metric, String service) {
        return meters.counter(metric.id(), "service", service).count();
    }

    private static String detail(HttpResponse<String> response) {
        return json(response).get("detail").asString();
    }
}
