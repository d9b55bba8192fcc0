package io.opsrelay.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final ECKey ISSUER = newKey("issuer");
    private static final ECKey FORGER = newKey("issuer");

    @TempDir
    static Path folder;

    private static TokenVerifier verifier;

    @BeforeAll
    static void readsTheIssuersKeys() throws IOException {
        Path jwks = Files.writeString(folder.resolve("jwks.json"), new JWKSet(ISSUER.toPublicJWK()).toString());
        verifier = new TokenVerifier(
                new TokenProperties("https://opsrelay.local", "opsrelay", jwks, null, "tenant", "roles", null),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    @Test
    void aGoodTokenIsItsCaller() {
        assertThat(verifier.verify(signed(claims -> {})))
                .isEqualTo(new Caller(
                        "acme", "approver@acme.example", java.util.Set.of(Role.APPROVER), NOW.plusSeconds(900)));
    }

    @Test
    void rolesThatAreNotOursAreNoRoles() {
        assertThat(verifier.verify(signed(claims -> claims.claim("roles", List.of("viewer", "root", "ADMIN", 5))))
                        .roles())
                .containsExactly(Role.VIEWER);
    }

    @Test
    void anOperatorNeedsNoClient() {
        Caller operator =
                verifier.verify(signed(claims -> claims.claim("tenant", null).claim("roles", List.of("operator"))));

        assertThat(operator.clientIdOrNull()).isNull();
    }

    static Stream<Arguments> spoiltClaims() {
        return Stream.of(
                spoilt("another issuer", claims -> claims.issuer("https://evil.example")),
                spoilt("no issuer", claims -> claims.issuer(null)),
                spoilt("another audience", claims -> claims.audience("other")),
                spoilt("no audience", claims -> claims.audience((String) null)),
                spoilt("expired", claims -> claims.expirationTime(Date.from(NOW.minusSeconds(60)))),
                spoilt("no expiry", claims -> claims.expirationTime(null)),
                spoilt("not valid yet", claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(60)))),
                spoilt("no role", claims -> claims.claim("roles", List.of())),
                spoilt("roles that are no list", claims -> claims.claim("roles", "admin")),
                spoilt("no client", claims -> claims.claim("tenant", null)),
                spoilt("a client that is none", claims -> claims.claim("tenant", "acme' or '1'='1")),
                spoilt("an empty client", claims -> claims.claim("tenant", "")),
                spoilt("no subject", claims -> claims.subject(null)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiltClaims")
    void aTokenWithWrongClaimsIsRefused(String name, Consumer<JWTClaimsSet.Builder> spoil) {
        assertRefused(signed(spoil));
    }

    @Test
    void aTokenWithoutSignatureIsRefused() {
        assertRefused(new PlainJWT(claims(c -> {})).serialize());
    }

    @Test
    void aTokenWhoseSignatureWasCutOffIsRefused() {
        String token = signed(claims -> {});

        assertRefused(token.substring(0, token.lastIndexOf('.') + 1));
    }

    @Test
    void changedClaimsAreRefused() {
        String[] parts = signed(claims -> {}).split("\\.");
        String forged =
                new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8).replace("acme", "globex");

        assertRefused(parts[0] + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(forged.getBytes(StandardCharsets.UTF_8)) + "."
                + parts[2]);
    }

    @Test
    void anotherKeyUnderTheSameKeyIdIsRefused() throws JOSEException {
        assertRefused(signed(header(JWSAlgorithm.ES256).build(), new ECDSASigner(FORGER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"pem", "x", "jwk"})
    void hmacWithThePublicKeyAsSecretIsRefused(String form) throws Exception {
        byte[] secret =
                switch (form) {
                    case "pem" -> ISSUER.toECPublicKey().getEncoded();
                    case "x" -> ISSUER.getX().decode();
                    default -> ISSUER.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8);
                };

        assertRefused(signed(header(JWSAlgorithm.HS256).build(), new MACSigner(secret)));
    }

    @Test
    void anRsaSignatureIsRefused() throws JOSEException {
        assertRefused(
                signed(header(JWSAlgorithm.RS256).build(), new RSASSASigner(new RSAKeyGenerator(2048).generate())));
    }

    @Test
    void aKeyThatTheTokenBringsAlongIsNotLookedAt() throws JOSEException {
        assertRefused(signed(
                header(JWSAlgorithm.ES256)
                        .jwkURL(URI.create("http://127.0.0.1:1/jwks.json"))
                        .jwk(FORGER.toPublicJWK())
                        .x509CertURL(URI.create("http://127.0.0.1:1/cert.pem"))
                        .build(),
                new ECDSASigner(FORGER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "id+jwt", "grant+jwt"})
    void aTokenOfAnotherTypeIsRefused(String type) throws JOSEException {
        assertRefused(
                signed(header(JWSAlgorithm.ES256).type(new JOSEObjectType(type)).build(), new ECDSASigner(ISSUER)));
    }

    @Test
    void aTokenWithoutTypeIsRefused() throws JOSEException {
        assertRefused(signed(header(JWSAlgorithm.ES256).type(null).build(), new ECDSASigner(ISSUER)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a.b.c", "e30.e30.", "not a token"})
    void whatIsNoTokenIsRefused(String text) {
        assertRefused(text);
    }

    @Test
    void withoutAnyKeysItDoesNotStart() {
        assertThatThrownBy(() -> new TokenProperties("i", "a", null, " ", "tenant", "roles", null))
                .hasMessageContaining("OPSRELAY_ISSUER_JWKS");
    }

    private static void assertRefused(String token) {
        assertThatThrownBy(() -> verifier.verify(token))
                .isInstanceOf(InvalidTokenException.class)
                .satisfies(refusal -> {
                    if (token.length() > 20) {
                        assertThat(refusal.getMessage()).doesNotContain(token);
                    }
                });
    }

    private static Arguments spoilt(String name, Consumer<JWTClaimsSet.Builder> spoil) {
        return Arguments.of(name, spoil);
    }

    private static String signed(Consumer<JWTClaimsSet.Builder> spoil) {
        try {
            return sign(header(JWSAlgorithm.ES256).build(), claims(spoil), new ECDSASigner(ISSUER));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String signed(JWSHeader header, JWSSigner signer) throws JOSEException {
        return sign(header, claims(c -> {}), signer);
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, JWSSigner signer) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(signer);
        return token.serialize();
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).keyID("issuer").type(new JOSEObjectType("at+jwt"));
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> spoil) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer("https://opsrelay.local")
                .audience("opsrelay")
                .subject("approver@acme.example")
                .claim("tenant", "acme")
                .claim("roles", List.of("approver"))
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(900)));
        spoil.accept(claims);
        return claims.build();
    }

    private static ECKey newKey(String id) {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
