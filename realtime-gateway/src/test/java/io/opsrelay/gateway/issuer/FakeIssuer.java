package io.opsrelay.gateway.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * An OIDC issuer as far as a code flow goes: discovery, keys, codes that are good once and for their PKCE challenge and
 * redirect alone, refresh tokens that rotate, a client with a secret, RS256.
 */
final class FakeIssuer implements AutoCloseable {

    static final String CLIENT = "dashboard";
    static final String SECRET = "s3cret/with:odd characters";

    /** What the next answer of the token endpoint shall be instead. */
    record Instead(int status, String body) {}

    private record Code(
            String challenge,
            String redirect,
            String user,
            @Nullable String nonce) {}

    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Map<String, String> refreshTokens = new ConcurrentHashMap<>();
    private volatile @Nullable Instead instead;
    private volatile String audience = "opsrelay";
    private volatile String tenant = "acme";
    private volatile String idAudience = CLIENT;
    private volatile boolean hasIdTokens = true;

    FakeIssuer() {
        try {
            key = new RSAKeyGenerator(2048).keyID("k1").generate();
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        server.createContext(
                "/realms/shop/.well-known/openid-configuration",
                exchange -> answer(
                        exchange,
                        200,
                        JsonMapper.shared()
                                .writeValueAsString(Map.of(
                                        "issuer",
                                        uri(),
                                        "jwks_uri",
                                        uri() + "/keys",
                                        "authorization_endpoint",
                                        uri() + "/auth",
                                        "token_endpoint",
                                        uri() + "/token",
                                        "revocation_endpoint",
                                        uri() + "/revoke",
                                        "subject_types_supported",
                                        List.of("public"),
                                        "response_types_supported",
                                        List.of("code"),
                                        "id_token_signing_alg_values_supported",
                                        List.of("RS256")))));
        server.createContext(
                "/realms/shop/keys", exchange -> answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString()));
        server.createContext("/realms/shop/token", this::token);
        server.createContext("/realms/shop/revoke", exchange -> {
            Map<String, String> form = form(exchange);
            if (isOurClient(exchange)) {
                refreshTokens.remove(form.getOrDefault("token", ""));
            }
            answer(exchange, 200, "");
        });
        server.start();
    }

    String uri() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/realms/shop";
    }

    /** The user has signed in at the issuer's page, which sends the browser back with this code. */
    String code(String user, String verifier, String redirect, @Nullable String nonce) {
        String code = UUID.randomUUID().toString();
        codes.put(code, new Code(s256(verifier), redirect, user, nonce));
        return code;
    }

    void answerInstead(int status, String body) {
        instead = new Instead(status, body);
    }

    void audience(String next) {
        audience = next;
    }

    /** Whom the id token is for. */
    void idAudience(String next) {
        idAudience = next;
    }

    /** As where {@code openid} was not asked for. */
    void noIdTokens() {
        hasIdTokens = false;
    }

    void reset() {
        instead = null;
        idAudience = CLIENT;
        hasIdTokens = true;
        audience = "opsrelay";
        tenant = "acme";
    }

    /** How many sign-ins could still be renewed. */
    int living() {
        return refreshTokens.size();
    }

    /** The user's session at the issuer ends. */
    void forgetEverybody() {
        refreshTokens.clear();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form = form(exchange);
        Instead other = instead;
        if (other != null) {
            answer(exchange, other.status(), other.body());
        } else if (!isOurClient(exchange)) {
            answer(exchange, 401, "{\"error\":\"invalid_client\"}");
        } else {
            switch (form.getOrDefault("grant_type", "")) {
                case "authorization_code" -> redeem(exchange, form);
                case "refresh_token" -> refresh(exchange, form);
                default -> answer(exchange, 400, "{\"error\":\"unsupported_grant_type\"}");
            }
        }
    }

    private void redeem(HttpExchange exchange, Map<String, String> form) throws IOException {
        Code code = codes.remove(form.getOrDefault("code", ""));
        if (code == null
                || !code.challenge().equals(s256(form.getOrDefault("code_verifier", "")))
                || !code.redirect().equals(form.get("redirect_uri"))) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"<b>Code not valid</b>\"}");
            return;
        }
        answer(exchange, 200, tokens(code.user(), code.nonce()));
    }

    private void refresh(HttpExchange exchange, Map<String, String> form) throws IOException {
        String user = refreshTokens.remove(form.getOrDefault("refresh_token", ""));
        if (user == null) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\",\"error_description\":\"Session not active\"}");
            return;
        }
        answer(exchange, 200, tokens(user, null));
    }

    private String tokens(String user, @Nullable String nonce) {
        String refreshToken = UUID.randomUUID().toString();
        refreshTokens.put(refreshToken, user);
        JWTClaimsSet.Builder access = claims(user)
                .audience(audience)
                .claim("tenant", tenant)
                .claim("roles", List.of("agent", "offline_access"));
        JWTClaimsSet.Builder id = claims(user).audience(idAudience).claim("nonce", nonce);
        String idToken = hasIdTokens ? ",\"id_token\":\"" + signed(id) + "\"" : "";
        return """
            {"access_token":"%s","token_type":"Bearer","expires_in":300,"refresh_token":"%s",
             "scope":"openid profile email"%s}\
            """.formatted(signed(access), refreshToken, idToken);
    }

    private JWTClaimsSet.Builder claims(String user) {
        Instant now = Instant.now();
        return new JWTClaimsSet.Builder()
                .issuer(uri())
                .subject(user)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plusSeconds(300)))
                .jwtID(UUID.randomUUID().toString());
    }

    private String signed(JWTClaimsSet.Builder claims) {
        try {
            SignedJWT jwt = new SignedJWT(
                    new JWSHeader.Builder(JWSAlgorithm.RS256)
                            .type(JOSEObjectType.JWT)
                            .keyID("k1")
                            .build(),
                    claims.build());
            jwt.sign(new RSASSASigner(key));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 6749, 2.3.1: both are encoded as in a form before they are joined. */
    private static boolean isOurClient(HttpExchange exchange) {
        String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!header.startsWith("Basic ")) {
            return false;
        }
        String[] pair =
                new String(Base64.getDecoder().decode(header.substring(6)), StandardCharsets.UTF_8).split(":", 2);
        return decoded(pair[0]).equals(CLIENT) && decoded(pair[1]).equals(SECRET);
    }

    private static Map<String, String> form(HttpExchange exchange) throws IOException {
        Map<String, String> form = new HashMap<>();
        if (!"application/x-www-form-urlencoded"
                .equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
            return form;
        }
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        for (String pair : body.split("&")) {
            String[] parts = pair.split("=", 2);
            form.put(decoded(parts[0]), parts.length == 1 ? "" : decoded(parts[1]));
        }
        return form;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static String s256(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
