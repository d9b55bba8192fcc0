package io.opsrelay.benchmarks.fanout;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;

/** An issuer of a benchmark's own: any user of any client. */
public final class Tokens {

    private static final Duration LIFETIME = Duration.ofHours(12);

    private final ECKey key;

    /** With a new key. */
    public Tokens() throws JOSEException {
        this.key = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.ES256)
                .keyIDFromThumbprint(true)
                .generate();
    }

    /** Writes the public key, for the gateway. */
    public void publish(Path file) throws IOException {
        Files.writeString(file, new JWKSet(key.toPublicJWK()).toString());
    }

    /** A viewer's. */
    String of(String client, String user) {
        return of(client, user, "viewer");
    }

    /** Of somebody with that role. */
    public String of(String client, String user, String role) {
        Instant now = Instant.now();
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.ES256)
                        .type(new JOSEObjectType("at+jwt"))
                        .keyID(key.getKeyID())
                        .build(),
                new JWTClaimsSet.Builder()
                        .issuer("https://opsrelay.local")
                        .audience("opsrelay")
                        .subject(user)
                        .claim("tenant", client)
                        .claim("roles", List.of(role))
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(LIFETIME)))
                        .jwtID(user)
                        .build());
        try {
            jwt.sign(new ECDSASigner(key));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token could not be signed", e);
        }
        return jwt.serialize();
    }
}
