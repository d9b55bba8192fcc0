package io.opsrelay.security.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens that older systems sign with a secret that they share with OpsRelay. */
class OlderTokensTest {

    private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");
    private static final String SECRET = "a secret of the older system, long enough";

    @TempDir
    static Path folder;

    private static Path jwks;
    private static ECKey issuer;
    private static TokenVerifier verifier;

    @BeforeAll
    static void sharesASecret() throws IOException, JOSEException {
        issuer = new ECKeyGenerator(Curve.P_256).keyID("issuer").generate();
        jwks = Files.writeString(folder.resolve("jwks.json"), new JWKSet(issuer.toPublicJWK()).toString());
        verifier = verifier(SECRET);
    }

    @Test
    void itsClientIsInClientIdAndItsRolesCount() {
        assertThat(verifier.verify(signed(claims -> {})))
                .isEqualTo(new Caller("acme", "ada", Set.of(Role.AGENT), NOW.plusSeconds(900)));
    }

    @Test
    void aTokenOfNobodyWithoutRolesMayLookAtThatClientsThings() {
        assertThat(verifier.verify(signed(claims -> claims.subject(null).claim("roles", null))))
                .isEqualTo(new Caller("acme", "shared:acme", Set.of(Role.VIEWER), NOW.plusSeconds(900)));
    }

    @Test
    void aTypeIsNotNeededAndAnAudienceOnlyIfItIsThisOne() throws JOSEException {
        assertThat(verifier.verify(sign(
                                new JWSHeader(JWSAlgorithm.HS256),
                                claims(claims -> claims.audience("opsrelay")),
                                SECRET))
                        .clientId())
                .isEqualTo("acme");
    }

    @Test
    void theIssuersOwnTokensGoOnBesideThem() throws JOSEException {
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .keyID("issuer")
                        .type(new JOSEObjectType("at+jwt"))
                        .build(),
                claims(claims -> claims.issuer("https://opsrelay.local")
                        .audience("opsrelay")
                        .claim("tenant", "globex")));
        token.sign(new ECDSASigner(issuer));

        assertThat(verifier.verify(token.serialize()).clientId()).isEqualTo("globex");
    }

    static Stream<Arguments> spoiltClaims() {
        return Stream.of(
                spoilt("no client", claims -> claims.claim("client_id", null)),
                spoilt("the client under the issuer's claim alone", claims -> claims.claim("client_id", null)
                        .claim("tenant", "acme")),
                spoilt("a client that is none", claims -> claims.claim("client_id", "acme' or '1'='1")),
                spoilt("an operator", claims -> claims.claim("roles", List.of("operator"))),
                spoilt("an operator without a client", claims -> claims.claim("client_id", null)
                        .claim("roles", List.of("operator"))),
                spoilt("roles that are not ours", claims -> claims.claim("roles", List.of("root"))),
                spoilt("roles that are no list", claims -> claims.claim("roles", "admin")),
                spoilt("nobody who may work", claims -> claims.subject(null)),
                spoilt("another audience", claims -> claims.audience("other")),
                spoilt("expired", claims -> claims.expirationTime(Date.from(NOW.minusSeconds(60)))),
                spoilt("no expiry", claims -> claims.expirationTime(null)),
                spoilt("not valid yet", claims -> claims.notBeforeTime(Date.from(NOW.plusSeconds(60)))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("spoiltClaims")
    void aTokenWithWrongClaimsIsRefused(String name, Consumer<JWTClaimsSet.Builder> spoil) {
        assertRefused(verifier, signed(spoil));
    }

    @Test
    void aTokenWithOperatorAmongItsRolesIsNoOperators() {
        assertThat(verifier.verify(signed(claims -> claims.claim("roles", List.of("viewer", "operator"))))
                        .roles())
                .containsExactly(Role.VIEWER);
    }

    @Test
    void anotherSecretIsRefused() throws JOSEException {
        assertRefused(verifier, sign(header(JWSAlgorithm.HS256), claims(claims -> {}), SECRET + "!"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HS384", "HS512"})
    void anotherAlgorithmWithTheSameSecretIsRefused(String algorithm) throws JOSEException {
        String secret = SECRET.repeat(2);

        assertRefused(verifier(secret), sign(header(JWSAlgorithm.parse(algorithm)), claims(claims -> {}), secret));
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "id+jwt"})
    void aTokenOfAnotherTypeIsRefused(String type) throws JOSEException {
        assertRefused(
                verifier,
                sign(
                        new JWSHeader.Builder(JWSAlgorithm.HS256)
                                .type(new JOSEObjectType(type))
                                .build(),
                        claims(claims -> {}),
                        SECRET));
    }

    @Test
    void thePublicKeyIsNoSecret() throws JOSEException {
        assertRefused(
                verifier,
                sign(
                        header(JWSAlgorithm.HS256),
                        claims(claims -> {}),
                        issuer.toPublicJWK().toJSONString()));
    }

    @Test
    void withoutASecretNoneIsBelieved() {
        assertRefused(verifier(" "), signed(claims -> {}));
    }

    @Test
    void aSecretThatIsTooShortStopsTheStartAndIsNotShown() {
        assertThatThrownBy(() -> verifier("too short"))
                .hasMessageContaining("OPSRELAY_TOKEN_SHARED_SECRET")
                .hasMessageNotContaining("too short");
        assertThat(properties(SECRET).toString()).doesNotContain(SECRET);
    }

    private static void assertRefused(TokenVerifier verifier, String token) {
        assertThatThrownBy(() -> verifier.verify(token)).isInstanceOf(InvalidTokenException.class);
    }

    private static TokenVerifier verifier(String secret) {
        return new TokenVerifier(properties(secret), Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static TokenProperties properties(String secret) {
        return new TokenProperties("https://opsrelay.local", "opsrelay", jwks, null, "tenant", "roles", secret);
    }

    private static Arguments spoilt(String name, Consumer<JWTClaimsSet.Builder> spoil) {
        return Arguments.of(name, spoil);
    }

    private static String signed(Consumer<JWTClaimsSet.Builder> spoil) {
        try {
            return sign(header(JWSAlgorithm.HS256), claims(spoil), SECRET);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String sign(JWSHeader header, JWTClaimsSet claims, String secret) throws JOSEException {
        SignedJWT token = new SignedJWT(header, claims);
        token.sign(new MACSigner(secret));
        return token.serialize();
    }

    private static JWSHeader header(JWSAlgorithm algorithm) {
        return new JWSHeader.Builder(algorithm).type(JOSEObjectType.JWT).build();
    }

    private static JWTClaimsSet claims(Consumer<JWTClaimsSet.Builder> spoil) {
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .subject("ada")
                .claim("client_id", "acme")
                .claim("roles", List.of("agent"))
                .issueTime(Date.from(NOW))
                .expirationTime(Date.from(NOW.plusSeconds(900)));
        spoil.accept(claims);
        return claims.build();
    }
}
