package io.opsrelay.gateway.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.testing.TestTokens;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import tools.jackson.databind.JsonNode;

class SignInTest extends GatewayTest {

    private static final String HASH = "{bcrypt}" + new BCryptPasswordEncoder(4).encode("demo");

    @DynamicPropertySource
    static void users(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.issuer.users[0].username", () -> "viewer@acme.example");
        registry.add("opsrelay.issuer.users[0].client", () -> "acme");
        registry.add("opsrelay.issuer.users[0].roles[0]", () -> "viewer");
        registry.add("opsrelay.issuer.users[0].password-hash", () -> HASH);
        registry.add("opsrelay.issuer.users[1].username", () -> "operator@opsrelay.example");
        registry.add("opsrelay.issuer.users[1].roles[0]", () -> "operator");
        registry.add("opsrelay.issuer.users[1].password-hash", () -> HASH);
        registry.add("opsrelay.issuer.users[2].username", () -> "guessed@acme.example");
        registry.add("opsrelay.issuer.users[2].client", () -> "acme");
        registry.add("opsrelay.issuer.users[2].roles[0]", () -> "admin");
        registry.add("opsrelay.issuer.users[2].password-hash", () -> HASH);
    }

    @Test
    void theRightPasswordGivesATokenThatTheGatewayBelieves() throws ParseException {
        HttpResponse<String> response = signIn("viewer@acme.example", "demo");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Cache-Control")).hasValue("no-store");
        JsonNode body = json(response);
        assertThat(body.get("expires_in").asLong()).isEqualTo(900);
        assertThat(body.get("token_type").asString()).isEqualTo("Bearer");
        String token = body.get("access_token").asString();
        SignedJWT jwt = SignedJWT.parse(token);
        assertThat(jwt.getHeader().getType().getType()).isEqualTo("at+jwt");
        assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
        assertThat(jwt.getHeader().getKeyID()).isEqualTo(TestTokens.issuerKey().getKeyID());
        var claims = jwt.getJWTClaimsSet();
        assertThat(claims.getIssuer()).isEqualTo("https://opsrelay.local");
        assertThat(claims.getAudience()).containsExactly("opsrelay");
        assertThat(claims.getSubject()).isEqualTo("viewer@acme.example");
        assertThat(claims.getStringClaim("tenant")).isEqualTo("acme");
        assertThat(claims.getStringListClaim("roles")).containsExactly("viewer");
        assertThat(claims.getJWTID()).isNotBlank();
        assertThat(Duration.between(
                        claims.getIssueTime().toInstant(),
                        claims.getExpirationTime().toInstant()))
                .isEqualTo(Duration.ofMinutes(15));
        TestSocket.authenticated(port, token).close();
    }

    @Test
    void anOperatorsTokenNamesNoClient() throws ParseException {
        String token = json(signIn("operator@opsrelay.example", "demo"))
                .get("access_token")
                .asString();

        assertThat(SignedJWT.parse(token).getJWTClaimsSet().getClaim("tenant")).isNull();
    }

    @Test
    void aWrongPasswordAndAnUnknownUserAreAnsweredAlike() {
        HttpResponse<String> wrong = signIn("viewer@acme.example", "wrong");
        HttpResponse<String> unknown = signIn("nobody-" + UUID.randomUUID(), "demo");

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(unknown.statusCode()).isEqualTo(401);
        assertThat(json(wrong).get("detail")).isEqualTo(json(unknown).get("detail"));
        assertThat(wrong.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void afterFiveFailuresAUserHasToWaitEvenWithTheRightPassword() {
        for (int n = 0; n < 5; n++) {
            assertThat(signIn("guessed@acme.example", "wrong" + n).statusCode()).isEqualTo(401);
        }
        HttpResponse<String> sixth = signIn("guessed@acme.example", "demo");

        assertThat(sixth.statusCode()).isEqualTo(429);
        assertThat(Long.parseLong(sixth.headers().firstValue("Retry-After").orElseThrow()))
                .isBetween(1L, 61L);
        assertThat(signIn("viewer@acme.example", "demo").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{}",
                "{\"username\":\"a\"}",
                "{\"username\":\"\",\"password\":\"b\"}",
                "{\"username\":\"a\",\"password\":\"b\",\"client\":\"acme\"}",
                "{\"username\":7,\"password\":\"b\"}"
            })
    void whatIsNoSignInIsABadRequest(String body) {
        HttpResponse<String> response = post("/api/v1/auth/token", body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    }

    @Test
    void otherMethodsAndMediaTypesAreRefusedAsSuch() {
        assertThat(get("/api/v1/auth/token").statusCode()).isEqualTo(405);
        HttpResponse<String> form = send(request("/api/v1/auth/token")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("username=a&password=b")));
        assertThat(form.statusCode()).isEqualTo(415);
    }

    @Test
    void aStaleTokenDoesNotStopASignIn() {
        assertThat(post(
                                "/api/v1/auth/token",
                                "{\"username\":\"viewer@acme.example\",\"password\":\"demo\"}",
                                "Authorization",
                                "Bearer stale")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void thePublicKeysArePublished() {
        HttpResponse<String> response = get("/.well-known/jwks.json");

        assertThat(response.statusCode()).isEqualTo(200);
        JsonNode key = json(response).get("keys").get(0);
        assertThat(key.get("kid").asString()).isEqualTo(TestTokens.issuerKey().getKeyID());
        assertThat(List.of("kty", "crv", "x", "y")).allMatch(key::has);
        assertThat(key.has("d")).isFalse();
    }

    private HttpResponse<String> signIn(String username, String password) {
        return post("/api/v1/auth/token", "{\"username\":\"" + username + "\",\"password\":\"" + password + "\"}");
    }
}
