package io.opsrelay.security.token;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which tokens are believed. Exactly one of {@code jwks} and {@code issuerUri} must be set.
 *
 * @param issuer the {@code iss} of the standalone issuer
 * @param audience what {@code aud} must contain
 * @param jwks file with the standalone issuer's public keys
 * @param issuerUri any OIDC issuer instead; its keys are fetched and its own URI is the {@code iss}
 * @param clientClaim claim that holds the client id
 * @param rolesClaim claim that holds the roles, an array of names
 * @param sharedSecret of at least 32 bytes: tokens of older systems, signed with it by HS256 and with the client in
 *     {@code client_id}, are believed as well; without it none are
 */
@ConfigurationProperties("opsrelay.token")
public record TokenProperties(
        @DefaultValue("https://opsrelay.local") String issuer,
        @DefaultValue("opsrelay") String audience,
        @Nullable Path jwks,
        @Nullable String issuerUri,
        @DefaultValue("tenant") String clientClaim,
        @DefaultValue("roles") String rolesClaim,
        @Nullable String sharedSecret) {

    private static final int SECRET_BYTES = 32;

    public TokenProperties {
        issuerUri = issuerUri == null || issuerUri.isBlank() ? null : issuerUri;
        if (issuerUri == null && jwks == null) {
            throw new IllegalArgumentException(
                    "set opsrelay.token.jwks (OPSRELAY_ISSUER_JWKS) or opsrelay.token.issuer-uri (OPSRELAY_ISSUER_URI)");
        }
        sharedSecret = sharedSecret == null || sharedSecret.isBlank() ? null : sharedSecret;
        if (sharedSecret != null && sharedSecret.getBytes(StandardCharsets.UTF_8).length < SECRET_BYTES) {
            throw new IllegalArgumentException(
                    "opsrelay.token.shared-secret (OPSRELAY_TOKEN_SHARED_SECRET) must have at least " + SECRET_BYTES
                            + " bytes, as HS256 needs them");
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TokenProperties[issuer=" + issuer + ", audience=" + audience + ", jwks=" + jwks + ", issuerUri="
                + issuerUri + ", clientClaim=" + clientClaim + ", rolesClaim=" + rolesClaim + "]";
    }
}
