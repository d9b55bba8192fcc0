package io.opsrelay.gateway.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.gateway.issuer.IssuerProperties.User;
import io.opsrelay.security.token.TokenProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes access tokens: ES256, {@code at+jwt}, with the claims that every service checks. Thread-safe. */
final class Issuer {

    private final ECKey key;
    private final JWSSigner signer;
    private final TokenProperties token;
    private final Duration lifetime;
    private final Clock clock;

    /** @param file the private key, a JWK of curve P-256 */
    Issuer(Path file, TokenProperties token, Duration lifetime, Clock clock) {
        this.key = load(file);
        this.token = token;
        this.lifetime = lifetime;
        this.clock = clock;
        try {
            this.signer = new ECDSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("opsrelay.issuer.key: " + file + " holds no usable private key", e);
        }
    }

    /**
     * A token for somebody who has signed in.
     *
     * @param client one of the user's own; absent for operators
     */
    String tokenFor(User user, @Nullable String client) {
        Instant now = clock.instant();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(token.issuer())
                .audience(token.audience())
                .subject(user.username())
                .claim(token.rolesClaim(), user.roles())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(lifetime)))
                .jwtID(UUID.randomUUID().toString());
        if (client != null) {
            claims.claim(token.clientClaim(), client);
        }
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType("at+jwt"))
                .keyID(key.getKeyID())
                .build();
        SignedJWT jwt = new SignedJWT(header, claims.build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
        return jwt.serialize();
    }

    Duration lifetime() {
        return lifetime;
    }

    private static ECKey load(Path file) {
        try {
            ECKey key = ECKey.parse(Files.readString(file));
            if (!key.isPrivate() || !Curve.P_256.equals(key.getCurve()) || key.getKeyID() == null) {
                throw new IllegalArgumentException(
                        "opsrelay.issuer.key: " + file + " must be a private JWK of curve P-256 with a kid");
            }
            return key;
        } catch (IOException | ParseException e) {
            throw new IllegalArgumentException("opsrelay.issuer.key: cannot read a JWK from " + file, e);
        }
    }
}
