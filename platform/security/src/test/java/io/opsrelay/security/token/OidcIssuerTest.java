package io.opsrelay.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tokens of any OIDC issuer: discovery and keys over HTTP, its own claim names by configuration. */
class OidcIssuerTest {

    private HttpServer server;
    private RSAKey key;
    private String issuer;

    @BeforeEach
    void startIssuer() throws IOException, JOSEException {
        key = new RSAKeyGenerator(2048).keyID("k1").generate();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        issuer = "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/shop";
        answer("/realms/shop/.well-known/openid-configuration", """
                {"issuer": "%s", "jwks_uri": "%s/keys", "subject_types_supported": ["public"],
                 "authorization_endpoint": "%s/auth", "token_endpoint": "%s/token",
                 "response_types_supported": ["code"], "id_token_signing_alg_values_supported": ["RS256"]}""".formatted(issuer, issuer, issuer, issuer));
        answer("/realms/shop/keys", new JWKSet(key.toPublicJWK()).toString());
        server.start();
    }

    @AfterEach
    void stopIssuer() {
        server.stop(0);
    }

    @Test
    void aTokenOfTheConfiguredIssuerIsItsCaller() throws JOSEException {
        Caller caller = verifier().verify(token(issuer, "opsrelay"));

        assertThat(caller.clientId()).isEqualTo("acme");
        assertThat(caller.user()).isEqualTo("ann");
        assertThat(caller.roles()).containsExactly(Role.ADMIN);
    }

    @Test
    void aTokenOfAnotherIssuerOrForAnotherAudienceIsRefused() throws JOSEException {
        TokenVerifier verifier = verifier();
        String foreign = token("https://other.example", "opsrelay");
        String elsewhere = token(issuer, "another-app");

        assertThatThrownBy(() -> verifier.verify(foreign)).isInstanceOf(InvalidTokenException.class);
        assertThatThrownBy(() -> verifier.verify(elsewhere)).isInstanceOf(InvalidTokenException.class);
    }

    @Test
    void anIssuerThatCannotBeReachedIsOurTroubleAndNotTheCallers() throws JOSEException {
        String token = token(issuer, "opsrelay");
        TokenVerifier verifier = verifier();
        server.stop(0);

        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(IssuerUnreachableException.class);
    }

    private TokenVerifier verifier() {
        return new TokenVerifier(
                new TokenProperties("unused", "opsrelay", null, issuer, "organization", "groups", null),
                Clock.systemUTC());
    }

    private String token(String iss, String audience) throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .type(JOSEObjectType.JWT)
                        .keyID("k1")
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer(iss)
                        .audience(audience)
                        .subject("ann")
                        .claim("organization", "acme")
                        .claim("groups", List.of("admin", "staff"))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        token.sign(new RSASSASigner(key));
        return token.serialize();
    }

    private void answer(String path, String json) {
        server.createContext(path, exchange -> {
            byte[] body = json.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("content-type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
