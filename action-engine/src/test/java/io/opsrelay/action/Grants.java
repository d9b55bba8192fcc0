package io.opsrelay.action;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.JWTClaimsSet;
import io.opsrelay.contracts.ActionEvent.ActionPrepared;
import io.opsrelay.contracts.ApprovalEvent.ApprovalGranted;
import io.opsrelay.contracts.Grant;
import io.opsrelay.testing.TestTokens;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.UUID;

/** Grants as approval-service signs them, and claims to spoil. */
public final class Grants {

    /** Who grants, unless a test says otherwise. */
    public static final String APPROVER = "user:approver@acme.example";

    private Grants() {}

    /** Valid claims for a preparation. */
    public static JWTClaimsSet.Builder claims(String clientId, UUID approvalId, ActionPrepared prepared) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(Grant.ISSUER)
                .subject(prepared.actionId().toString())
                .jwtID(approvalId.toString())
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(900)))
                .claim(Grant.CLIENT, clientId)
                .claim(Grant.ACTION_TYPE, prepared.actionType())
                .claim(Grant.VERSION, prepared.version())
                .claim(Grant.ARGUMENTS_HASH, prepared.argumentsHash())
                .claim(Grant.REQUESTER, prepared.requester())
                .claim(Grant.APPROVER, APPROVER)
                .claim(Grant.APPROVERS, List.of(APPROVER));
    }

    /** Signed as approval-service does. */
    public static String sign(JWTClaimsSet.Builder claims) {
        return sign(claims, TestTokens.approvalKey(), Grant.TYPE);
    }

    /** Signed by whatever key, as whatever type of token. */
    public static String sign(JWTClaimsSet.Builder claims, ECKey key, String type) {
        JWSHeader header = new JWSHeader.Builder(JWSAlgorithm.ES256)
                .type(new JOSEObjectType(type))
                .keyID(key.getKeyID())
                .build();
        return TestTokens.sign(header, claims.build(), key);
    }

    /** The event around a grant. */
    public static ApprovalGranted event(UUID approvalId, ActionPrepared prepared, String grant) {
        return new ApprovalGranted(
                approvalId,
                prepared.actionId(),
                prepared.ticketId(),
                prepared.version(),
                prepared.actionType(),
                prepared.argumentsHash(),
                APPROVER,
                null,
                grant);
    }
}
