package io.opsrelay.security.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.security.Caller;
import io.opsrelay.security.RequiresRole;
import io.opsrelay.security.Role;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A servlet service as every one of ours is, seen from outside. */
@SpringBootTest(
        webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {
            "spring.autoconfigure.exclude=org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
            "opsrelay.web.larger-bodies[/much]=2MB",
            "opsrelay.web.larger-bodies[/many/*/much]=2MB"
        })
class HttpEdgeTest {

    private static final ECKey KEY = newKey();
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @TempDir
    static Path folder;

    @LocalServerPort
    int port;

    @DynamicPropertySource
    static void issuer(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.token.jwks", () -> write(new JWKSet(KEY.toPublicJWK()).toString()));
    }

    @Test
    void whoNeedsNoRoleInParticularStillNeedsAToken() throws Exception {
        HttpResponse<String> answer =
                HTTP.send(HttpRequest.newBuilder(address("/whoami")).GET().build(), BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void onlyTheNamedRolesGetIn(Role role) throws Exception {
        boolean allowed = role == Role.ADMIN || role == Role.SRE;

        assertThat(get("/whoami", role).statusCode()).isEqualTo(allowed ? 200 : 403);
    }

    @Test
    void theHandlerIsToldTheCaller() throws Exception {
        assertThat(get("/whoami", Role.ADMIN).body()).isEqualTo("{\"client_id\":\"acme\",\"actor\":\"user:somebody\"}");
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aHandlerThatNamesNoRoleIsClosedToAll(Role role) throws Exception {
        assertThat(get("/forgotten", role).statusCode()).isEqualTo(403);
    }

    @Test
    void aBodyOverTheLimitIsRefusedByItsLength() throws Exception {
        assertTooLarge(post(BodyPublishers.ofByteArray(body(1024 * 1024))));
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhileItStreamsIn() throws Exception {
        byte[] body = body(1024 * 1024);

        assertTooLarge(post(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))));
    }

    @Test
    void aBodyJustUnderTheLimitIsRead() throws Exception {
        assertThat(post(BodyPublishers.ofByteArray(body(1024 * 1024 - 32))).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aPathMayHaveALimitOfItsOwnAndNoOtherHasIt() throws Exception {
        byte[] large = body(2 * 1024 * 1024 - 32);
        byte[] tooLarge = body(2 * 1024 * 1024);

        assertThat(post("/much", BodyPublishers.ofByteArray(large)).statusCode())
                .isEqualTo(200);
        assertThat(post("/much", BodyPublishers.ofByteArray(tooLarge)).body()).contains("2097152 bytes");
        assertThat(post("/much", BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(tooLarge)))
                        .statusCode())
                .isEqualTo(413);
        assertThat(post("/many/7/much", BodyPublishers.ofByteArray(large)).statusCode())
                .isEqualTo(200);
        assertTooLarge(post("/many/much", BodyPublishers.ofByteArray(large)));
        assertTooLarge(post("/much/", BodyPublishers.ofByteArray(large)));
        assertTooLarge(post("/much;a=b", BodyPublishers.ofByteArray(large)));
    }

    @Test
    void aFailureOfOursTellsNothingOfOurInsides() throws Exception {
        HttpResponse<String> answer = get("/broken", Role.ADMIN);

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret").doesNotContain("Exception");
    }

    private static void assertTooLarge(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body()).contains("the body is larger than the 1048576 bytes allowed here");
        assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
    }

    private static byte[] body(int textLength) {
        return ("{\"text\":\"" + "a".repeat(textLength) + "\"}").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private HttpResponse<String> get(String path, Role role) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(address(path))
                        .header("Authorization", "Bearer " + token(role))
                        .GET()
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> post(BodyPublisher body) throws Exception {
        return post("/length", body);
    }

    private HttpResponse<String> post(String path, BodyPublisher body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(address(path))
                        .header("Authorization", "Bearer " + token(Role.ADMIN))
                        .header("Content-Type", "application/json")
                        .POST(body)
                        .build(),
                BodyHandlers.ofString());
    }

    private URI address(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    private static String token(Role role) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID(KEY.getKeyID())
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://opsrelay.local")
                        .audience("opsrelay")
                        .subject("somebody")
                        .claim("tenant", "acme")
                        .claim("roles", List.of(role.wireName()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        token.sign(new ECDSASigner(KEY));
        return token.serialize();
    }

    private static String write(String jwks) {
        try {
            return Files.writeString(folder.resolve("jwks.json"), jwks).toString();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyIDFromThumbprint(true).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Handlers.class)
    static class Service {}

    @RestController
    static class Handlers {

        @GetMapping("/whoami")
        @RequiresRole({Role.ADMIN, Role.SRE})
        WhoAmI whoami(Caller caller) {
            return new WhoAmI(caller.clientId(), caller.asActor());
        }

        @GetMapping("/forgotten")
        String forgotten() {
            return "nobody should read this";
        }

        @GetMapping("/broken")
        @RequiresRole(Role.ADMIN)
        String broken() {
            throw new IllegalStateException("a secret detail");
        }

        @PostMapping({"/length", "/much", "/many/{one}/much"})
        @RequiresRole(Role.ADMIN)
        int length(@RequestBody Text text) {
            return text.text().length();
        }
    }

    record WhoAmI(String clientId, String actor) {}

    record Text(String text) {}
}
