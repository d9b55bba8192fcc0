package io.opsrelay.gateway.issuer;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The dashboard's client at the OIDC issuer ({@code opsrelay.token.issuer-uri}); not used without one.
 *
 * @param clientId as the issuer knows the dashboard; without it nobody can sign in on the dashboard
 * @param clientSecret where the issuer gave the gateway one; without it PKCE alone proves who asks
 * @param scope what is asked for, {@code openid} among it; without {@code offline_access} some issuers give no refresh token, and a reload of the
 *     page asks to sign in
 * @param authorizationEndpoint where the browser is sent; as the issuer's discovery document says if absent
 * @param tokenEndpoint where the gateway gets tokens; as the issuer's discovery document says if absent
 * @param timeout how long the issuer may take to answer
 */
@ConfigurationProperties("opsrelay.sign-in.oidc")
record OidcProperties(
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue("openid profile email offline_access") String scope,
        @Nullable URI authorizationEndpoint,
        @Nullable URI tokenEndpoint,
        @DefaultValue("5s") Duration timeout) {

    OidcProperties {
        clientId = clientId == null || clientId.isBlank() ? null : clientId;
        clientSecret = clientSecret == null || clientSecret.isBlank() ? null : clientSecret;
        if (!List.of(scope.split(" ")).contains("openid")) {
            throw new IllegalArgumentException(
                    "opsrelay.sign-in.oidc.scope must contain openid: without it there is no id token to check");
        }
        requireHttp("authorization-endpoint", authorizationEndpoint);
        requireHttp("token-endpoint", tokenEndpoint);
        if (timeout.toMillis() < 1 || timeout.compareTo(Duration.ofMinutes(1)) > 0) {
            throw new IllegalArgumentException("opsrelay.sign-in.oidc.timeout must be positive and at most a minute");
        }
    }

    private static void requireHttp(String property, @Nullable URI uri) {
        if (uri != null && !"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw new IllegalArgumentException("opsrelay.sign-in.oidc." + property + " is not http(s): " + uri);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "OidcProperties[" + clientId + ", " + scope + "]";
    }
}
