package io.opsrelay.approval.grant;

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
import io.opsrelay.contracts.Grant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Signs grants with ES256. Thread-safe. */
@Component
public class GrantSigner {

    private final Clock clock;
    private final Duration validity;
    private final JWSHeader header;
    private final JWSSigner signer;

    @Autowired
    GrantSigner(GrantProperties properties, Clock clock) {
        this(load(properties.keyFile()), properties.validity(), clock);
    }

    GrantSigner(ECKey key, Duration validity, Clock clock) {
        this.clock = clock;
        this.validity = validity;
        this.header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(Grant.TYPE))
                .keyID(key.getKeyID())
                .build();
        try {
            this.signer = new ECDSASigner(key);
        } catch (JOSEException e) {
            throw new IllegalArgumentException("opsrelay.grant.key does not hold a private P-256 key", e);
        }
    }

    /** A compact JWS with the claims that {@link Grant} names. */
    public String sign(GrantedAction granted) {
        Instant now = clock.instant();
        SignedJWT jwt = new SignedJWT(
                header,
                new JWTClaimsSet.Builder()
                        .issuer(Grant.ISSUER)
                        .subject(granted.actionId().toString())
                        .jwtID(granted.approvalId().toString())
                        .issueTime(Date.from(now))
                        .expirationTime(Date.from(now.plus(validity)))
                        .claim(Grant.CLIENT, granted.clientId())
                        .claim(Grant.ACTION_TYPE, granted.actionType())
                        .claim(Grant.VERSION, granted.version())
                        .claim(Grant.ARGUMENTS_HASH, granted.argumentsHash())
                        .claim(Grant.REQUESTER, granted.requester())
                        .claim(Grant.APPROVER, granted.approver())
                        .claim(Grant.APPROVERS, granted.approvers())
                        .build());
        try {
            jwt.sign(signer);
        } catch (JOSEException e) {
            throw new IllegalStateException("a grant could not be signed", e);
        }
        return jwt.serialize();
    }

    private static ECKey load(Path file) {
        try {
            ECKey key = ECKey.parse(Files.readString(file));
            if (!key.isPrivate() || !Curve.P_256.equals(key.getCurve())) {
                throw new IllegalArgumentException("opsrelay.grant.key: " + file + " holds no private P-256 key");
            }
            return key;
        } catch (IOException | ParseException e) {
            // The cause may quote the file, and the file is a secret.
            throw new IllegalArgumentException("opsrelay.grant.key: cannot read a JWK from " + file);
        }
    }
}
