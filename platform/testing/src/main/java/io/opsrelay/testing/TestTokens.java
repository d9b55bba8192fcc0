package io.opsrelay.testing;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Access tokens that the platform accepts, and ones that it must not. One issuer key pair and one approval key pair per
 * test JVM, in files like the launcher's.
 */
public final class TestTokens {

    /** The {@code iss} of the standalone issuer. */
    public static final String ISSUER = "https://opsrelay.local";
    /** The {@code aud} of every token. */
    public static final String AUDIENCE = "opsrelay";
    /** The {@code typ} of every token's header. */
    public static final JOSEObjectType TYPE = new JOSEObjectType("at+jwt");

    private static final Duration LIFETIME = Duration.ofMinutes(15);

    private TestTokens() {}

    /**
     * An {@code Authorization} header's value.
     *
     * @param clientId null for an operator, who has no client
     * @param roles of whatever enum; their lower-case names go into the token
     */
    public static String bearer(@Nullable String clientId, String user, Enum<?>... roles) {
        return "Bearer " + token(clientId, user, roles);
    }

    /** The token alone, as for a WebSocket's first frame. */
    public static String token(@Nullable String clientId, String user, Enum<?>... roles) {
        String[] names = Arrays.stream(roles)
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        return sign(claims(clientId, user, names).build());
    }

    /** Valid claims to start from, to be spoilt before {@link #sign(JWTClaimsSet)}. */
    public static JWTClaimsSet.Builder claims(@Nullable String clientId, String user, String... roles) {
        Instant now = Instant.now();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .jwtID(UUID.randomUUID().toString())
                .issuer(ISSUER)
                .audience(AUDIENCE)
                .subject(user)
                .claim("roles", List.of(roles))
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)));
        if (clientId != null) {
            claims.claim("tenant", clientId);
        }
        return claims;
    }

    /** Signs any claims the way the issuer does. */
    public static String sign(JWTClaimsSet claims) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(TYPE)
                .keyID(issuerKey().getKeyID())
                .build();
        return sign(header, claims, issuerKey());
    }

    /** Signs any claims under any header with any key, for tokens that must be refused. */
    public static String sign(JWSHeader header, JWTClaimsSet claims, ECKey key) {
        try {
            SignedJWT token = new SignedJWT(header, claims);
            token.sign(new ECDSASigner(key));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The issuer's pair. */
    public static ECKey issuerKey() {
        return Holder.ISSUER_KEY;
    }

    /** The pair that signs approvals. */
    public static ECKey approvalKey() {
        return Holder.APPROVAL_KEY;
    }

    /** A pair that nobody knows. */
    public static ECKey newKey() {
        try {
            return new ECKeyGenerator(Curve.P_256)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.ES256)
                    .keyIDFromThumbprint(true)
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The variables that tell a service where the key files are. */
    static Map<String, String> environment() {
        return Holder.ENVIRONMENT;
    }

    private static final class Holder {
        static final ECKey ISSUER_KEY = newKey();
        static final ECKey APPROVAL_KEY = newKey();
        static final Map<String, String> ENVIRONMENT = write();

        private static Map<String, String> write() {
            try {
                Path folder = Files.createTempDirectory("opsrelay-test-keys");
                Map<String, String> files = Map.of(
                        "OPSRELAY_ISSUER_KEY", file(folder, "issuer.jwk.json", ISSUER_KEY.toJSONString()),
                        "OPSRELAY_ISSUER_JWKS", file(folder, "issuer.jwks.json", publicSet(ISSUER_KEY)),
                        "OPSRELAY_APPROVAL_KEY", file(folder, "approval.jwk.json", APPROVAL_KEY.toJSONString()),
                        "OPSRELAY_APPROVAL_JWKS", file(folder, "approval.jwks.json", publicSet(APPROVAL_KEY)),
                        "OPSRELAY_PRIVACY_KEYS", file(folder, "privacy.keys", "test " + randomKey() + "\n"),
                        "OPSRELAY_WEBHOOK_KEYS", file(folder, "webhooks.keys", "test " + randomKey() + "\n"),
                        "OPSRELAY_CHANNEL_KEYS", file(folder, "channels.keys", "test " + randomKey() + "\n"));
                files.values().forEach(file -> Path.of(file).toFile().deleteOnExit());
                return files;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static String randomKey() {
            byte[] random = new byte[32];
            new SecureRandom().nextBytes(random);
            return Base64.getEncoder().encodeToString(random);
        }

        private static String publicSet(ECKey key) {
            return new JWKSet(key.toPublicJWK()).toString();
        }

        private static String file(Path folder, String name, String content) throws IOException {
            folder.toFile().deleteOnExit();
            return Files.writeString(folder.resolve(name), content).toString();
        }
    }
}
