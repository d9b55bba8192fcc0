package io.opsrelay.security.token;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jwt.SignedJWT;
import io.opsrelay.security.Role;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;

/**
 * Tokens of older systems: signed by HS256 with a secret that they and OpsRelay share, the client in {@code client_id}. They
 * name no issuer that could be checked, and an audience only if they like; then it must be this one.
 */
final class OlderTokens {

    static final String CLIENT_CLAIM = "client_id";

    private final JwtDecoder decoder;
    private final String rolesClaim;

    private OlderTokens(String secret, TokenProperties properties, Clock clock) {
        this.rolesClaim = properties.rolesClaim();
        NimbusJwtDecoder hs256 = NimbusJwtDecoder.withSecretKey(
                        new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"))
                .macAlgorithm(MacAlgorithm.HS256)
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier((type, context) -> {}))
                .build();
        JwtTypeValidator types = new JwtTypeValidator(List.of("JWT"));
        types.setAllowEmpty(true);
        hs256.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                TokenVerifier.timestamps(clock),
                types,
                TokenVerifier.refuseUnless(jwt -> jwt.getExpiresAt() != null, "exp is missing"),
                TokenVerifier.refuseUnless(
                        jwt -> isFor(properties.audience(), jwt.getAudience()),
                        "aud does not name " + properties.audience())));
        this.decoder = hs256;
    }

    private static boolean isFor(String audience, @Nullable List<String> named) {
        return named == null || named.contains(audience);
    }

    /** Null where no secret is configured: such tokens are refused then. */
    static @Nullable OlderTokens of(TokenProperties properties, Clock clock) {
        String secret = properties.sharedSecret();
        return secret == null ? null : new OlderTokens(secret, properties, clock);
    }

    /** Whether the token says that it is one of these. */
    static boolean isOne(String token) {
        try {
            return JWSAlgorithm.HS256.equals(SignedJWT.parse(token).getHeader().getAlgorithm());
        } catch (ParseException e) {
            return false;
        }
    }

    JwtDecoder decoder() {
        return decoder;
    }

    /** A token without roles is a viewer's. None makes an operator: a secret that is shared does not reach so far. */
    Set<Role> rolesOf(Jwt jwt) {
        if (!jwt.hasClaim(rolesClaim)) {
            return Set.of(Role.VIEWER);
        }
        return TokenVerifier.named(jwt.getClaim(rolesClaim)).stream()
                .filter(role -> role != Role.OPERATOR)
                .collect(Collectors.toSet());
    }

    /** Many older tokens name nobody: all who bring such a one are one user, who may only look. */
    @Nullable
    String subjectOf(Jwt jwt, Set<Role> roles) {
        String subject = jwt.getSubject();
        boolean looksOnly = roles.equals(Set.of(Role.VIEWER));
        return subject == null && looksOnly ? "shared:" + jwt.getClaimAsString(CLIENT_CLAIM) : subject;
    }
}
