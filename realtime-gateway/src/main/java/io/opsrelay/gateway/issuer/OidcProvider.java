package io.opsrelay.gateway.issuer;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.opsrelay.gateway.edge.Refusal;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The OIDC issuer as a client talks to it: discovery, authorization codes with PKCE (RFC 7636), refresh tokens. Its
 * address is the operator's, so it may be anywhere; how long and how much it answers is bounded all the same. Its
 * refusals reach the caller as problems, with the error's code and none of its prose.
 */
final class OidcProvider {

    private static final Logger LOG = LoggerFactory.getLogger(OidcProvider.class);

    private static final String DISCOVERY = "/.well-known/openid-configuration";
    private static final int MOST_BYTES = 256 * 1024;
    private static final int CONNECT_MILLIS = 2_000;
    private static final Duration KNOWN = Duration.ofHours(1);
    private static final Duration SOON = Duration.ofSeconds(2);
    private static final Pattern CODE = Pattern.compile("[a-z_]{1,40}");

    private final String issuer;
    private final String clientId;
    private final OidcProperties properties;
    private final HttpClient http;
    private final Mono<Endpoints> endpoints;

    OidcProvider(String issuer, String clientId, OidcProperties properties) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.properties = properties;
        this.http = HttpClient.create(
                        ConnectionProvider.builder("oidc").maxConnections(20).build())
                .disableRetry(true) // a code is good once
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .responseTimeout(properties.timeout());
        URI authorization = properties.authorizationEndpoint();
        URI token = properties.tokenEndpoint();
        this.endpoints = authorization != null && token != null
                ? Mono.just(new Endpoints(authorization, token, null))
                : discovered().cache(known -> KNOWN, failure -> Duration.ZERO, () -> Duration.ZERO);
    }

    /**
     * Where the issuer is asked what.
     *
     * @param authorization by the browser
     * @param token by the gateway
     * @param revocation by the gateway, to end a sign-in (RFC 7009); absent where the issuer has no such endpoint
     */
    record Endpoints(URI authorization, URI token, @Nullable URI revocation) {}

    /**
     * What the issuer gave.
     *
     * @param expiresIn seconds; 0 where it does not say
     * @param refreshToken the next one; absent where the one before stays good, or there is none
     * @param idToken absent where the issuer gives none
     */
    record Tokens(
            String accessToken,
            long expiresIn,
            @Nullable String refreshToken,
            @Nullable String idToken) {

        /** Without any of them. */
        @Override
        public String toString() {
            return "Tokens[" + expiresIn + "s]";
        }
    }

    /** Fails with 503 while they are not known. */
    Mono<Endpoints> endpoints() {
        return endpoints;
    }

    /** @param nonce that the page sent the browser to the issuer with; the id token must carry it */
    Mono<Tokens> redeem(String code, String verifier, String redirectUri, String nonce) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "authorization_code");
        form.put("code", code);
        form.put("code_verifier", verifier);
        form.put("redirect_uri", redirectUri);
        return ask(form, "the sign-in was refused by the issuer")
                .doOnNext(tokens -> requireNonce(tokens.idToken(), nonce));
    }

    Mono<Tokens> refresh(String refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("grant_type", "refresh_token");
        form.put("refresh_token", refreshToken);
        return ask(form, "sign in: the issuer has ended this sign-in");
    }

    /** Tells the issuer that the refresh token shall not be good any more; whether that helps changes nothing here. */
    Mono<Void> revoke(String refreshToken) {
        Map<String, String> form = new LinkedHashMap<>();
        form.put("token", refreshToken);
        form.put("token_type_hint", "refresh_token");
        return endpoints
                .flatMap(known -> known.revocation() == null ? Mono.empty() : post(known.revocation(), form))
                .onErrorResume(failure -> {
                    LOG.info("The issuer {} was not told of a sign-out: {}", issuer, failure.toString());
                    return Mono.empty();
                })
                .then();
    }

    private Mono<Tokens> ask(Map<String, String> form, String refused) {
        return endpoints.flatMap(known -> post(known.token(), form)
                .onErrorMap(failure -> !(failure instanceof Refusal), this::unreachable)
                .map(answer -> tokensOf(answer, refused)));
    }

    private Mono<Answer> post(URI endpoint, Map<String, String> form) {
        String secret = properties.clientSecret();
        if (secret == null) {
            form.put("client_id", clientId);
        }
        String body = form.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining("&"));
        return http.headers(headers -> {
                    headers.set(HttpHeaderNames.CONTENT_TYPE, "application/x-www-form-urlencoded");
                    headers.set(HttpHeaderNames.ACCEPT, "application/json");
                    if (secret != null) {
                        String pair = encoded(clientId) + ":" + encoded(secret);
                        headers.set(
                                HttpHeaderNames.AUTHORIZATION,
                                "Basic "
                                        + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII)));
                    }
                })
                .post()
                .uri(endpoint)
                .send(ByteBufFlux.fromString(Mono.just(body)))
                .response(OidcProvider::bounded)
                .single()
                .timeout(properties.timeout());
    }

    private Tokens tokensOf(Answer answer, String refused) {
        JsonNode body = answer.body();
        if (answer.status() == 200
                && body.path("access_token").isString()
                && "bearer".equalsIgnoreCase(body.path("token_type").asString(""))) {
            return new Tokens(
                    body.path("access_token").asString(),
                    Math.max(0, body.path("expires_in").asLong(0)),
                    textOf(body, "refresh_token"),
                    textOf(body, "id_token"));
        }
        String error = body.path("error").asString("");
        String code = CODE.matcher(error).matches() ? error : "status " + answer.status();
        if (error.equals("invalid_grant")) {
            throw Refusal.of(HttpStatus.UNAUTHORIZED, refused + " (" + code + ")");
        }
        LOG.warn("The issuer {} gives no token: {}", issuer, code);
        if (answer.status() >= 500) {
            throw Refusal.later(HttpStatus.SERVICE_UNAVAILABLE, "the issuer cannot answer now; try again", SOON);
        }
        throw Refusal.of(
                HttpStatus.BAD_GATEWAY,
                "the issuer does not accept this gateway (" + code + "); see opsrelay.sign-in.oidc");
    }

    private Mono<Endpoints> discovered() {
        return http.get()
                .uri(URI.create(issuer.replaceAll("/$", "") + DISCOVERY))
                .response(OidcProvider::bounded)
                .single()
                .timeout(properties.timeout())
                .map(answer -> {
                    JsonNode body = answer.body();
                    if (answer.status() != 200
                            || !body.path("issuer").asString("").equals(issuer)) {
                        throw new IllegalStateException("its discovery document is not there, or another's");
                    }
                    URI authorization = properties.authorizationEndpoint();
                    URI token = properties.tokenEndpoint();
                    return new Endpoints(
                            authorization != null ? authorization : uriOf(body, "authorization_endpoint"),
                            token != null ? token : uriOf(body, "token_endpoint"),
                            body.has("revocation_endpoint") ? uriOf(body, "revocation_endpoint") : null);
                })
                .onErrorMap(this::unreachable);
    }

    private Refusal unreachable(Throwable failure) {
        LOG.warn("The issuer {} does not answer: {}", issuer, failure.toString());
        return Refusal.later(HttpStatus.SERVICE_UNAVAILABLE, "the issuer does not answer now; try again", SOON);
    }

    private record Answer(int status, JsonNode body) {}

    private static Mono<Answer> bounded(HttpClientResponse head, ByteBufFlux content) {
        return content.asByteArray()
                .collect(ByteArrayOutputStream::new, (all, part) -> {
                    if (all.size() + part.length > MOST_BYTES) {
                        throw new IllegalStateException("its answer is too long");
                    }
                    all.writeBytes(part);
                })
                .map(all -> new Answer(head.status().code(), read(all.toByteArray())));
    }

    private static JsonNode read(byte[] bytes) {
        try {
            return JsonMapper.shared().readTree(bytes);
        } catch (JacksonException e) {
            return JsonMapper.shared().createObjectNode();
        }
    }

    /** It came from the token endpoint itself, so its signature says no more (OpenID Connect Core, 3.1.3.7). */
    private void requireNonce(@Nullable String idToken, String nonce) {
        if (idToken == null) {
            throw unusable("it gives no id token");
        }
        JWTClaimsSet claims;
        String carried;
        try {
            claims = SignedJWT.parse(idToken).getJWTClaimsSet();
            carried = claims.getStringClaim("nonce");
        } catch (ParseException e) {
            throw unusable("its id token cannot be read");
        }
        if (!issuer.equals(claims.getIssuer()) || !claims.getAudience().contains(clientId)) {
            throw unusable("its id token is another's");
        }
        if (carried == null) {
            throw unusable("its id token carries no nonce");
        }
        if (!nonce.equals(carried)) {
            throw Refusal.of(HttpStatus.UNAUTHORIZED, "this sign-in was not begun by this page; begin again");
        }
    }

    /** What the person who signs in cannot mend. */
    private Refusal unusable(String reason) {
        LOG.warn("Nobody can sign in at the issuer {}: {}", issuer, reason);
        return Refusal.of(HttpStatus.BAD_GATEWAY, "the issuer signs nobody in for this page: " + reason);
    }

    private static @Nullable String textOf(JsonNode body, String name) {
        JsonNode value = body.path(name);
        return value.isString() && !value.asString().isEmpty() ? value.asString() : null;
    }

    private static URI uriOf(JsonNode body, String name) {
        URI uri = URI.create(body.path(name).asString(""));
        if (!"https".equals(uri.getScheme()) && !"http".equals(uri.getScheme())) {
            throw new IllegalStateException("its discovery document has no " + name);
        }
        return uri;
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
