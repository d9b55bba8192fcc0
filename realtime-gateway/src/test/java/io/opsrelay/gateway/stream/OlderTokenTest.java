package io.opsrelay.gateway.stream;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;

/** Dashboards of older systems bring tokens that are signed with a secret. */
@TestPropertySource(properties = "opsrelay.token.shared-secret=" + OlderTokenTest.SECRET)
class OlderTokenTest extends GatewayTest {

    static final String SECRET = "of-the-older-system-0123456789abcdef";

    private final String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);

    @Test
    void itsClientsFramesAreSeenAndNoOthers() {
        try (TestSocket socket = TestSocket.connect(port, "/ws")) {
            socket.send(auth(signed(SECRET, claims -> {})));
            JsonNode data = socket.await("auth_success").get("data");
            assertThat(data.get("client_id").asString()).isEqualTo(client);
            assertThat(data.get("roles").toString()).isEqualTo("[\"viewer\"]");

            socket.subscribe("tickets");
            feedWriter().send("globex-" + client, "tickets", "foreign", "t-1", "{}");
            feedWriter().send(client, "tickets", "own", "t-1", "{}");
            socket.await("own");
            socket.send("{\"type\":\"subscribe\",\"data\":{\"channel\":\"messages\"}}");
            assertThat(socket.awaitError()).isEqualTo("forbidden_channel");
            assertThat(socket.received())
                    .noneMatch(frame -> TestSocket.type(frame).equals("foreign"));
        }
    }

    @Test
    void theApiTakesItToo() {
        SERVICES.get("ingestion-service").stubFor(any(anyUrl()).willReturn(okJson("{}")));

        assertThat(get("/api/v1/tickets", "Authorization", "Bearer " + signed(SECRET, claims -> {}))
                        .statusCode())
                .isEqualTo(200);
        assertThat(get("/api/v1/tickets", "Authorization", "Bearer " + signed(SECRET + "!", claims -> {}))
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void anotherSecretAndAnOperatorsRoleAreRefused() {
        for (String token : List.of(
                signed(SECRET + "!", claims -> {}),
                signed(SECRET, claims -> claims.claim("roles", List.of("operator"))),
                signed(SECRET, claims -> claims.claim("client_id", null)))) {
            try (TestSocket socket = TestSocket.connect(port, "/ws")) {
                socket.send(auth(token));
                assertThat(socket.awaitError()).isEqualTo("invalid_token");
                assertThat(socket.awaitClose()).isEqualTo(4001);
            }
        }
    }

    private String signed(String secret, Consumer<JWTClaimsSet.Builder> spoil) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .claim("client_id", client)
                .expirationTime(Date.from(Instant.now().plusSeconds(900)));
        spoil.accept(claims);
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims.build());
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return token.serialize();
    }

    private static String auth(String token) {
        return "{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}";
    }
}
