package io.opsrelay.action.grant;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.contracts.Grant;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/** Checks grants: ES256 by a key of approval-service, and every claim. Thread-safe. */
@Component
public class GrantVerifier {

    /** Policy lets none of them go by itself, whatever a client's rules say. */
    private static final Set<String> PEOPLE_ONLY = Set.of("refund");

    private static final String PERSON = "user:";

    private final List<Key> keys;
    private final Clock clock;

    @Autowired
    GrantVerifier(GrantProperties properties, Clock clock) {
        this(load(properties.file()), clock);
    }

    GrantVerifier(JWKSet keys, Clock clock) {
        this.keys = keys.getKeys().stream()
                .filter(ECKey.class::isInstance)
                .map(key -> ((ECKey) key).toPublicJWK())
                .filter(key -> Curve.P_256.equals(key.getCurve()))
                .map(Key::of)
                .toList();
        if (this.keys.isEmpty()) {
            throw new IllegalArgumentException("opsrelay.grant.jwks holds no P-256 key");
        }
        this.clock = clock;
    }

    /** A key that is ready for use. */
    private record Key(@Nullable String id, ECDSAVerifier verifier) {

        static Key of(ECKey key) {
            try {
                return new Key(key.getKeyID(), new ECDSAVerifier(key));
            } catch (JOSEException e) {
                throw new IllegalArgumentException("opsrelay.grant.jwks holds a key that cannot be used", e);
            }
        }
    }

    /** Whether {@code grant} allows exactly what is expected, now. */
    public GrantVerdict verify(String grant, ExpectedGrant expected) {
        try {
            SignedJWT jwt = SignedJWT.parse(grant);
            String flaw = flawOf(jwt.getHeader());
            if (flaw == null && !isSigned(jwt)) {
                flaw = "its signature is not approval-service's";
            }
            if (flaw == null) {
                flaw = flawOf(jwt.getJWTClaimsSet(), expected);
            }
            return flaw == null ? timely(jwt.getJWTClaimsSet()) : new GrantVerdict.Refused(flaw);
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return new GrantVerdict.Refused("it is not a signed grant");
        }
    }

    private static @Nullable String flawOf(JWSHeader header) {
        if (!JWSAlgorithm.ES256.equals(header.getAlgorithm())) {
            return "its algorithm is not ES256";
        }
        if (header.getType() == null || !Grant.TYPE.equals(header.getType().getType())) {
            return "it is a token of another type";
        }
        return null;
    }

    private boolean isSigned(SignedJWT jwt) throws JOSEException {
        String keyId = jwt.getHeader().getKeyID();
        for (Key key : keys) {
            if ((keyId == null || keyId.equals(key.id())) && jwt.verify(key.verifier())) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String flawOf(JWTClaimsSet claims, ExpectedGrant expected) throws ParseException {
        String approver = claims.getStringClaim(Grant.APPROVER);
        if (!Grant.ISSUER.equals(claims.getIssuer())) {
            return "it was issued by somebody else";
        }
        if (!expected.clientId().equals(claims.getStringClaim(Grant.CLIENT))) {
            return "it is another client's";
        }
        if (!expected.actionId().toString().equals(claims.getSubject())) {
            return "it is for another action";
        }
        if (!expected.approvalId().toString().equals(claims.getJWTID())) {
            return "it belongs to another approval";
        }
        if (!expected.actionType().equals(claims.getStringClaim(Grant.ACTION_TYPE))) {
            return "it is for another type of action";
        }
        if (!Objects.equals(expected.version(), claims.getIntegerClaim(Grant.VERSION))) {
            return "it is for another version of the arguments";
        }
        if (!expected.argumentsHash().equals(claims.getStringClaim(Grant.ARGUMENTS_HASH))) {
            return "it is for other arguments";
        }
        if (!expected.requester().equals(claims.getStringClaim(Grant.REQUESTER))) {
            return "it names another requester";
        }
        if (approver == null || approver.isBlank()) {
            return "it names no approver";
        }
        if (approver.equals(expected.requester())) {
            return "its approver is the requester";
        }
        if (PEOPLE_ONLY.contains(expected.actionType()) && !approver.startsWith(PERSON)) {
            return "no person approved it, and actions of its type are for people to approve";
        }
        return flawOf(claims.getStringListClaim(Grant.APPROVERS), approver, expected.requester());
    }

    /** @param approvers absent in grants from before they were named */
    private static @Nullable String flawOf(@Nullable List<String> approvers, String approver, String requester) {
        if (approvers == null) {
            return null;
        }
        if (approvers.contains(requester)) {
            return "the requester is among its approvers";
        }
        if (new HashSet<>(approvers).size() < approvers.size()) {
            return "it counts an approver twice";
        }
        return approvers.contains(approver) ? null : "its approver is not among its approvers";
    }

    private GrantVerdict timely(JWTClaimsSet claims) throws ParseException {
        Date expiry = claims.getExpirationTime();
        if (expiry == null) {
            return new GrantVerdict.Refused("it never expires");
        }
        return clock.instant().isBefore(expiry.toInstant())
                ? new GrantVerdict.Valid(claims.getStringClaim(Grant.APPROVER), expiry.toInstant())
                : new GrantVerdict.Lapsed();
    }

    private static JWKSet load(Path file) {
        try {
            return JWKSet.load(file.toFile());
        } catch (IOException | ParseException e) {
            throw new IllegalArgumentException("opsrelay.grant.jwks: cannot read keys from " + file, e);
        }
    }
}
