package io.opsrelay.security.token;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.SecurityContext;
import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientId;
import java.io.IOException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtTypeValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;

/** Turns an access token into the {@link Caller} it stands for, or refuses it. Thread-safe. */
public final class TokenVerifier {

    private static final Duration CLOCK_SKEW = Duration.ofSeconds(5);

    private final TokenProperties properties;
    private final JwtDecoder decoder;
    private final @Nullable OlderTokens older;
    private final VerifiedTokens verified;

    /** With the standalone issuer the keys are read from the file here and now; an OIDC issuer is asked when needed. */
    public TokenVerifier(TokenProperties properties, Clock clock) {
        this.properties = properties;
        this.older = OlderTokens.of(properties, clock);
        this.verified = new VerifiedTokens(clock);
        String issuerUri = properties.issuerUri();
        this.decoder = issuerUri == null
                ? standalone(properties, clock)
                : new SupplierJwtDecoder(() -> ofIssuer(issuerUri, properties, clock));
    }

    /**
     * The caller whom the token speaks for. Only an OIDC issuer may make this wait, for its keys.
     *
     * @throws InvalidTokenException if signature, issuer, audience, type, expiry or claims are not as they must be
     */
    public Caller verify(String token) {
        return verified.callerOf(token, this::verifyAnew);
    }

    private Caller verifyAnew(String token) {
        OlderTokens signedBySecret = older;
        if (signedBySecret != null && OlderTokens.isOne(token)) {
            Jwt jwt = decode(signedBySecret.decoder(), token);
            Set<Role> roles = signedBySecret.rolesOf(jwt);
            return callerOf(jwt, OlderTokens.CLIENT_CLAIM, roles, signedBySecret.subjectOf(jwt, roles));
        }
        Jwt jwt = decode(decoder, token);
        return callerOf(jwt, properties.clientClaim(), named(jwt.getClaim(properties.rolesClaim())), jwt.getSubject());
    }

    private static Jwt decode(JwtDecoder decoder, String token) {
        try {
            return decoder.decode(token);
        } catch (BadJwtException e) {
            throw new InvalidTokenException(reasonOf(e));
        } catch (JwtException | JwtDecoderInitializationException e) {
            throw new IssuerUnreachableException("the token issuer's keys cannot be read", e);
        }
    }

    private static String reasonOf(BadJwtException e) {
        String message = e.getMessage();
        return message != null && message.contains("expired") ? "the token has expired" : "the token is not valid here";
    }

    private static Caller callerOf(Jwt jwt, String clientClaim, Set<Role> roles, @Nullable String subject) {
        if (roles.isEmpty()) {
            throw new InvalidTokenException("the token carries none of OpsRelay's roles");
        }
        String clientId = jwt.getClaimAsString(clientClaim);
        if (clientId == null && !roles.contains(Role.OPERATOR)) {
            throw new InvalidTokenException("the token names no client (claim " + clientClaim + ")");
        }
        if (clientId != null && !ClientId.isValid(clientId)) {
            throw new InvalidTokenException("the token's client is not a client id");
        }
        Instant expiresAt = jwt.getExpiresAt();
        if (subject == null || subject.isBlank() || expiresAt == null) {
            throw new InvalidTokenException("the token names no subject or no expiry");
        }
        return new Caller(clientId, subject, roles, expiresAt);
    }

    /** Those of OpsRelay's roles that a claim names. */
    static Set<Role> named(@Nullable Object claim) {
        if (!(claim instanceof List<?> names)) {
            return Set.of();
        }
        return names.stream()
                .filter(String.class::isInstance)
                .flatMap(name -> Role.named((String) name).stream())
                .collect(Collectors.toSet());
    }

    private static JwtDecoder standalone(TokenProperties properties, Clock clock) {
        Path file = properties.jwks();
        if (file == null) {
            throw new IllegalArgumentException("opsrelay.token.jwks is not set");
        }
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSource(new ImmutableJWKSet<SecurityContext>(load(file)))
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .jwtProcessorCustomizer(processor -> processor.setJWSTypeVerifier((type, context) -> {}))
                .build();
        // The type is checked here, with the other claims; jku and x5u are never looked at.
        decoder.setJwtValidator(validator(properties.issuer(), properties.audience(), clock, "at+jwt"));
        return decoder;
    }

    private static JwtDecoder ofIssuer(String issuerUri, TokenProperties properties, Clock clock) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withIssuerLocation(issuerUri)
                .jwsAlgorithm(SignatureAlgorithm.RS256)
                .jwsAlgorithm(SignatureAlgorithm.ES256)
                .jwsAlgorithm(SignatureAlgorithm.PS256)
                .validateType(false)
                .build();
        // Common OIDC servers mark access tokens "JWT"; RFC 9068 ones "at+jwt".
        decoder.setJwtValidator(validator(issuerUri, properties.audience(), clock, "at+jwt", "JWT"));
        return decoder;
    }

    private static OAuth2TokenValidator<Jwt> validator(
            String issuer, String audience, Clock clock, String... acceptedTypes) {
        return new DelegatingOAuth2TokenValidator<>(
                timestamps(clock),
                new JwtIssuerValidator(issuer),
                new JwtTypeValidator(List.of(acceptedTypes)),
                refuseUnless(jwt -> jwt.getExpiresAt() != null, "exp is missing"),
                refuseUnless(jwt -> contains(jwt.getAudience(), audience), "aud does not name " + audience));
    }

    static OAuth2TokenValidator<Jwt> timestamps(Clock clock) {
        JwtTimestampValidator timestamps = new JwtTimestampValidator(CLOCK_SKEW);
        timestamps.setClock(clock);
        return timestamps;
    }

    private static boolean contains(@Nullable List<String> audiences, String audience) {
        return audiences != null && audiences.contains(audience);
    }

    static OAuth2TokenValidator<Jwt> refuseUnless(java.util.function.Predicate<Jwt> condition, String reason) {
        return jwt -> condition.test(jwt)
                ? OAuth2TokenValidatorResult.success()
                : OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", reason, null));
    }

    private static JWKSet load(Path file) {
        try {
            return JWKSet.load(file.toFile()).toPublicJWKSet();
        } catch (IOException | ParseException e) {
            throw new IllegalArgumentException("opsrelay.token.jwks: cannot read keys from " + file, e);
        }
    }
}
