package io.opsrelay.gateway.route;

import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/**
 * Here agent-service has some seconds to answer, which is longer than a machine halts, and one foreign page may call.
 */
@TestPropertySource(
        properties = {
            "opsrelay.routes.services.agent-service.response-timeout=7s",
            "opsrelay.edge.allowed-origins=https://desk.example"
        })
class RouteTest extends GatewayTest {

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
    private final String bearer = TestTokens.bearer(client, "viewer@acme.example", Role.VIEWER);

    @BeforeEach
    void servicesAnswerTheirName() {
        SERVICES.forEach(
                (name, server) -> server.stubFor(any(anyUrl()).willReturn(okJson("{\"served_by\":\"" + name + "\"}"))));
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/tickets, ingestion-service",
        "/api/v1/tickets/7/retry, ingestion-service",
        "/api/tickets/process, ingestion-service",
        "/api/v1/customers, ingestion-service",
        "/api/v1/dashboard, ingestion-service",
        "/api/v1/dashboard/stats?bucket=day, ingestion-service",
        "/api/dashboard/metrics, ingestion-service",
        "/api/v1/services, ingestion-service",
        "/api/v1/agent/settings, agent-service",
        "/api/v1/anomalies?limit=50, agent-service",
        "/api/v1/ai/activities, agent-service",
        "/api/v1/runs/9, agent-service",
        "/api/v1/approvals?status=pending, approval-service",
        "/api/v1/policies, approval-service",
        "/api/v1/actions?ticket_id=1, action-engine",
        "/api/v1/sandbox/payments?order_id=A-1001, action-engine",
        "/api/v1/restart_deployment, action-engine",
        "/api/v1/guardrails/versions, action-engine",
        "/api/v1/kill_switch, action-engine",
        "/api/v1/scale_deployment, action-engine",
        "/api/v1/rollout_restart, action-engine",
        "/api/v1/rollback_deployment, action-engine",
        "/api/v1/deployments, action-engine"
    })
    void eachPathReachesItsServiceWithItsQueryAndToken(String path, String service) {
        HttpResponse<String> response = get(path, "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(json(response).get("served_by").asString()).isEqualTo(service);
        service(service).verify(anyRequestedFor(urlEqualTo(path)).withHeader("Authorization", equalTo(bearer)));
    }

    @Test
    void aWebhookNeedsNoTokenForItBringsASignature() {
        assertThat(post("/webhooks/email/inbound", "{}").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({"/webhooks/email/inbound, ingestion-service", "/webhooks/stripe/acme-4f9d2c, action-engine"})
    void aWebhookReachesTheServiceThatCanVerifyIt(String path, String service) {
        HttpResponse<String> response = post(path, "{}");

        assertThat(json(response).get("served_by").asString()).isEqualTo(service);
        service(service).verify(anyRequestedFor(urlEqualTo(path)));
    }

    @Test
    void withoutATokenNothingIsForwarded() {
        HttpResponse<String> response = get("/api/v1/tickets");

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("status").asInt()).isEqualTo(401);
        assertThat(json(response).get("detail").asString()).contains("/api/v1/auth/token");
        service("ingestion-service").verify(0, anyRequestedFor(anyUrl()));
    }

    static Stream<Arguments> forgeries() throws JOSEException {
        JWTClaimsSet good = TestTokens.claims("acme", "u", "admin").build();
        JWSHeader.Builder header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TestTokens.TYPE)
                .keyID(TestTokens.issuerKey().getKeyID());
        SignedJWT mac = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .type(TestTokens.TYPE)
                        .keyID(TestTokens.issuerKey().getKeyID())
                        .build(),
                good);
        // The public key as a shared secret, which a verifier that believes the header would accept.
        mac.sign(new MACSigner(Arrays.copyOf(
                TestTokens.issuerKey().toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8), 64)));
        Instant now = Instant.now();
        return Stream.of(
                Arguments.of("algorithm none", new PlainJWT(good).serialize()),
                Arguments.of("HS256 with the public key", mac.serialize()),
                Arguments.of("another's key", TestTokens.sign(header.build(), good, TestTokens.newKey())),
                Arguments.of(
                        "another issuer",
                        TestTokens.sign(TestTokens.claims("acme", "u", "admin")
                                .issuer("https://evil.example")
                                .build())),
                Arguments.of(
                        "another audience",
                        TestTokens.sign(TestTokens.claims("acme", "u", "admin")
                                .audience("other")
                                .build())),
                Arguments.of(
                        "another type",
                        TestTokens.sign(header.type(JOSEObjectType.JWT).build(), good, TestTokens.issuerKey())),
                Arguments.of(
                        "expired",
                        TestTokens.sign(TestTokens.claims("acme", "u", "admin")
                                .expirationTime(Date.from(now.minusSeconds(60)))
                                .build())),
                Arguments.of(
                        "no expiry",
                        TestTokens.sign(TestTokens.claims("acme", "u", "admin")
                                .expirationTime(null)
                                .build())),
                Arguments.of(
                        "no role of ours",
                        TestTokens.sign(
                                TestTokens.claims("acme", "u", "emperor").build())),
                Arguments.of(
                        "no client",
                        TestTokens.sign(TestTokens.claims(null, "u", "admin").build())),
                Arguments.of("not a token", "nonsense"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forgeries")
    void aForgedTokenOpensNothing(String what, String token) {
        HttpResponse<String> response = get("/api/v1/tickets", "Authorization", "Bearer " + token);

        assertThat(response.statusCode()).isEqualTo(401);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(response.body()).doesNotContain(token);
        service("ingestion-service").verify(0, anyRequestedFor(anyUrl()));
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            socket.send("{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}");
            assertThat(socket.awaitClose()).isEqualTo(4001);
        }
    }

    @Test
    void aTokenInTheAddressIsNotLookedAt() {
        String token = bearer.substring("Bearer ".length());
        assertThat(get("/api/v1/tickets?access_token=" + token).statusCode()).isEqualTo(401);
    }

    @Test
    void headersThatOnlyAProxyMaySetAreDroppedAndTheTraceGoesOn() {
        String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        get(
                "/api/v1/tickets",
                "Authorization",
                bearer,
                "X-Forwarded-For",
                "10.0.0.1",
                "X-Forwarded-Host",
                "evil.example",
                "X-Real-IP",
                "10.0.0.1",
                "Forwarded",
                "for=10.0.0.1",
                "X-HTTP-Method-Override",
                "DELETE",
                "X-Request-Id",
                "my-request.1",
                "traceparent",
                trace);

        service("ingestion-service")
                .verify(anyRequestedFor(anyUrl())
                        .withHeader("X-Forwarded-For", absent())
                        .withHeader("X-Forwarded-Host", absent())
                        .withHeader("X-Real-IP", absent())
                        .withHeader("Forwarded", absent())
                        .withHeader("X-HTTP-Method-Override", absent())
                        .withHeader("X-Request-Id", equalTo("my-request.1"))
                        .withHeader("traceparent", equalTo(trace)));
    }

    @Test
    void everyAnswerHasARequestIdAndASenselessOneIsReplaced() {
        assertThat(get("/api/v1/tickets", "Authorization", bearer, "X-Request-Id", "abc")
                        .headers()
                        .allValues("X-Request-Id"))
                .containsExactly("abc");
        assertThat(get("/api/v1/tickets", "Authorization", bearer, "X-Request-Id", "a b<script>")
                        .headers()
                        .firstValue("X-Request-Id")
                        .orElseThrow())
                .matches("[0-9a-f-]{36}");
        HttpResponse<String> refused = get("/api/v1/tickets");
        assertThat(json(refused).get("request_id").asString())
                .isEqualTo(refused.headers().firstValue("X-Request-Id").orElseThrow());
    }

    @Test
    void everyAnswerTellsBrowsersToBeCareful() {
        for (HttpResponse<String> response :
                List.of(get("/api/v1/tickets", "Authorization", bearer), get("/api/health"), get("/"))) {
            var headers = response.headers();
            assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                    .contains("default-src 'none'", "frame-ancestors 'none'", "script-src 'self'")
                    .doesNotContain("unsafe");
            assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
            assertThat(headers.firstValue("X-Frame-Options")).hasValue("DENY");
            assertThat(headers.firstValue("Referrer-Policy")).hasValue("no-referrer");
        }
    }

    @Test
    void anAnswerSaysFromWhichPositionTheFeedGoesOn() {
        HttpResponse<String> before = get("/api/v1/tickets", "Authorization", bearer);
        String position = before.headers().firstValue("Feed-Position").orElseThrow();
        assertThat(position).matches("[0-9a-z]+:-?\\d+");

        String token = bearer.substring("Bearer ".length());
        try (TestSocket socket = TestSocket.authenticated(port, token)) {
            feedWriter().send(client, "tickets", "ticket_received", "t-1", "{}");
            String[] parts = position.split(":");
            JsonNode subscribed = socket.subscribe("tickets", parts[0], Long.parseLong(parts[1]));
            assertThat(subscribed.get("recovered").asBoolean()).isTrue();
            JsonNode frame = socket.await("ticket_received");

            assertThat(get("/api/v1/tickets", "Authorization", bearer).headers().firstValue("Feed-Position"))
                    .hasValue(frame.get("epoch").asString() + ":"
                            + frame.get("offset").asLong());
        }
        assertThat(post("/api/v1/tickets", "{}", "Authorization", bearer)
                        .headers()
                        .firstValue("Feed-Position"))
                .isEmpty();
    }

    @Test
    void aServicesOwnErrorPassesUnchanged() {
        service("action-engine")
                .stubFor(any(anyUrl())
                        .willReturn(okJson("{\"title\":\"Conflict\"}")
                                .withStatus(409)
                                .withHeader("Content-Type", "application/problem+json")));

        HttpResponse<String> response = get("/api/v1/actions/1", "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(response.body()).isEqualTo("{\"title\":\"Conflict\"}");
    }

    @Test
    void aSlowServiceIsNotWaitedForAndNamed() {
        service("agent-service").stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(15_000)));

        HttpResponse<String> response = get("/api/v1/runs/1", "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(json(response).get("service").asString()).isEqualTo("agent-service");
        assertThat(json(response).get("detail").asString()).contains("agent-service did not answer in time");
        assertThat(response.headers().firstValue("Retry-After")).hasValue("1");
    }

    @Test
    void aBodyOverTheLimitIsRefusedBeforeItIsForwarded() {
        HttpResponse<String> response = post("/api/v1/tickets", "x".repeat(1024 * 1024 + 1), "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(413);
        assertThat(json(response).get("detail").asString()).contains("1048576 bytes");
        service("ingestion-service").verify(0, anyRequestedFor(anyUrl()));
    }

    @Test
    void aBodyOfUnknownLengthIsCountedWhileItComes() {
        byte[] body = new byte[1024 * 1024 + 1];
        HttpResponse<String> response = send(request("/api/v1/tickets")
                .headers("Authorization", bearer, "Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));

        assertThat(response.statusCode()).isEqualTo(413);
    }

    @Test
    void aBulkOfArticlesMayBeLargerAndIsBoundedToo() {
        service("agent-service").stubFor(any(anyUrl()).willReturn(ok()));
        String bulk = "/api/v1/agent/knowledge/articles/bulk";

        assertThat(post(bulk, "x".repeat(3 << 20), "Authorization", bearer).statusCode())
                .isEqualTo(200);
        assertThat(post(bulk, "x".repeat((4 << 20) + 1), "Authorization", bearer)
                        .statusCode())
                .isEqualTo(413);
        assertThat(post(bulk + "/", "x".repeat(3 << 20), "Authorization", bearer)
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void aBodyAtTheLimitPasses() {
        assertThat(post("/api/v1/tickets", "x".repeat(1024 * 1024), "Authorization", bearer)
                        .statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/v1/nothing", "/api/nothing", "/api/v1/tickets_of_others", "/.well-known/other"})
    void anUnknownPathIsAProblemOf404(String path) {
        HttpResponse<String> response = get(path, "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("detail").asString()).contains(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/actuator", "/actuator/env", "/actuator/gateway/routes", "/actuator/heapdump"})
    void theInsideIsNotShown(String path) {
        assertThat(get(path, "Authorization", bearer).statusCode()).isEqualTo(403);
        assertThat(get(path).statusCode()).isEqualTo(401);
    }

    @Test
    void metricsAndProbesAreOpen() {
        assertThat(get("/actuator/prometheus").body()).contains("opsrelay_stream_connections");
        assertThat(get("/actuator/health/readiness").body()).contains("UP");
        assertThat(get("/actuator/health/liveness").body()).contains("UP");
    }

    @Test
    void onlyPagesOnTheAllowListMayCallFromElsewhere() {
        HttpResponse<String> foreign =
                get("/api/v1/tickets", "Authorization", bearer, "Origin", "https://evil.example");
        assertThat(foreign.statusCode()).isEqualTo(403);
        assertThat(foreign.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();

        HttpResponse<String> allowed =
                get("/api/v1/tickets", "Authorization", bearer, "Origin", "https://desk.example");
        assertThat(allowed.statusCode()).isEqualTo(200);
        assertThat(allowed.headers().allValues("Access-Control-Allow-Origin")).containsExactly("https://desk.example");
        assertThat(allowed.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();

        HttpResponse<String> own =
                get("/api/v1/tickets", "Authorization", bearer, "Origin", "http://127.0.0.1:" + port);
        assertThat(own.statusCode()).isEqualTo(200);
        TestSocket.connect(port, "/ws", "Origin", "https://desk.example").close();
    }

    @Test
    void aBrowserMayAskFirst() {
        HttpResponse<String> preflight = send(request("/api/v1/tickets")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .headers(
                        "Origin", "https://desk.example",
                        "Access-Control-Request-Method", "POST",
                        "Access-Control-Request-Headers", "authorization,content-type"));

        assertThat(preflight.statusCode()).isEqualTo(200);
        assertThat(preflight.headers().firstValue("Access-Control-Allow-Origin"))
                .hasValue("https://desk.example");
    }

    private static WireMockServer service(String name) {
        WireMockServer server = SERVICES.get(name);
        assertThat(server).isNotNull();
        return server;
    }
}
