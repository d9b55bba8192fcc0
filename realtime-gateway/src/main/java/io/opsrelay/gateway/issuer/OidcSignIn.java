package io.opsrelay.gateway.issuer;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.AccessTokens;
import io.opsrelay.gateway.edge.Addresses;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.issuer.OidcProvider.Tokens;
import io.opsrelay.gateway.session.RefreshCookies;
import io.opsrelay.gateway.session.Session;
import io.opsrelay.security.Caller;
import io.opsrelay.security.token.InvalidTokenException;
import io.opsrelay.security.token.IssuerUnreachableException;
import io.opsrelay.security.token.TokenProperties;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Signs people in with an OIDC issuer. The browser gets the code, by PKCE; the gateway redeems it, so that the issuer's
 * refresh token never reaches a script: it lies in the sealed cookie. The access token is believed for what the
 * verifier of all tokens says, here as anywhere.
 */
@RestController
final class OidcSignIn {

    /** All that an address does wrong is counted together: there are no names yet. */
    private static final String SOMEBODY = "oidc";

    private final TokenProperties token;
    private final OidcProperties properties;
    private final @Nullable OidcProvider provider;
    private final AccessTokens accessTokens;
    private final RefreshCookies cookies;
    private final FailedSignIns failed;
    private final Clock clock;
    private final MeterRegistry meters;

    OidcSignIn(
            TokenProperties token,
            OidcProperties properties,
            IssuerProperties issuer,
            AccessTokens accessTokens,
            RefreshCookies cookies,
            Clock clock,
            MeterRegistry meters) {
        this.token = token;
        this.properties = properties;
        this.accessTokens = accessTokens;
        this.cookies = cookies;
        this.clock = clock;
        this.meters = meters;
        this.provider = token.issuerUri() == null || properties.clientId() == null
                ? null
                : new OidcProvider(token.issuerUri(), properties.clientId(), properties);
        this.failed =
                new FailedSignIns(issuer.failuresPerAddress(), issuer.failuresPerAddress(), issuer.window(), clock);
    }

    /** How a page signs people in. */
    @GetMapping("/api/v1/auth/config")
    Mono<ResponseEntity<Config>> config(ServerHttpRequest request) {
        String issuer = token.issuerUri();
        Boolean stays = cookies.isKept(request) ? null : Boolean.FALSE;
        if (issuer == null) {
            return Mono.just(answer(new Config("standalone", null, null, null, null, null, stays)));
        }
        if (provider == null) {
            return Mono.just(answer(new Config("oidc", issuer, null, null, null, null, stays)));
        }
        return provider.endpoints()
                .map(known -> answer(new Config(
                        "oidc",
                        issuer,
                        known.authorization().toString(),
                        known.token().toString(),
                        properties.clientId(),
                        properties.scope(),
                        stays)));
    }

    @PostMapping(path = "/api/v1/auth/oidc/token", consumes = MediaType.APPLICATION_JSON_VALUE)
    Mono<ResponseEntity<Token>> token(@RequestBody Redemption redemption, ServerHttpRequest request) {
        OidcProvider asked = provider();
        cookies.requireOwnPage(request);
        String code = required("code", redemption.code());
        String verifier = required("code_verifier", redemption.codeVerifier());
        String redirect = required("redirect_uri", redemption.redirectUri());
        String nonce = required("nonce", redemption.nonce());
        requireOwn(redirect, request);
        String address = Addresses.of(request);
        Duration wait = failed.waitOf(SOMEBODY, address).orElse(null);
        if (wait != null) {
            count("limited");
            return Mono.error(Refusal.later(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "too many failed sign-ins; wait before the next",
                    wait.plusSeconds(1)));
        }
        failed.tried(SOMEBODY, address);
        return asked.redeem(code, verifier, redirect, nonce)
                .flatMap(tokens -> callerOf(tokens).map(caller -> {
                    failed.succeeded(SOMEBODY, address);
                    count("succeeded");
                    return tokenOf(tokens, caller)
                            .answer(
                                    tokens.refreshToken() == null
                                            ? Optional.empty()
                                            : cookies.begin(
                                                    caller.user(),
                                                    caller.clientIdOrNull(),
                                                    tokens.refreshToken(),
                                                    request));
                }))
                .doOnError(Refusal.class, refusal -> count("refused"));
    }

    /**
     * A new access token of the issuer, for the refresh token that the cookie held. Where the issuer cannot answer, the
     * next cookie is given all the same: the page tries again.
     */
    Mono<ResponseEntity<Token>> renewed(Session session, @Nullable String client, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        String refreshToken = session.providerToken();
        if (refreshToken == null) {
            return Mono.error(Refusal.of(HttpStatus.UNAUTHORIZED, "sign in at the issuer " + token.issuerUri()));
        }
        if (client != null && !client.equals(session.client())) {
            return Mono.error(Refusal.of(HttpStatus.FORBIDDEN, "the issuer says which client you belong to"));
        }
        OidcProvider asked = provider();
        return cookies.use(session).flatMap(good -> asked.refresh(refreshToken)
                .flatMap(tokens -> callerOf(tokens).map(caller -> answerFor(good, tokens, caller, request)))
                .doOnError(Refusal.class, refusal -> {
                    if (refusal.status().is5xxServerError()) {
                        cookies.renew(good, good.client(), refreshToken, request)
                                .ifPresent(exchange.getResponse()::addCookie);
                    }
                }));
    }

    /** Tells the issuer that somebody has signed out, where it was the issuer that signed them in. */
    Mono<Void> signedOut(Session session) {
        String refreshToken = session.providerToken();
        return provider == null || refreshToken == null ? Mono.empty() : provider.revoke(refreshToken);
    }

    private ResponseEntity<Token> answerFor(Session session, Tokens tokens, Caller caller, ServerHttpRequest request) {
        if (!caller.user().equals(session.user())) {
            throw Refusal.of(HttpStatus.UNAUTHORIZED, "sign in: the issuer answered for somebody else");
        }
        String next = tokens.refreshToken() == null ? session.providerToken() : tokens.refreshToken();
        return tokenOf(tokens, caller).answer(cookies.renew(session, caller.clientIdOrNull(), next, request));
    }

    private Mono<Caller> callerOf(Tokens tokens) {
        return accessTokens
                .verify(tokens.accessToken())
                .onErrorMap(
                        InvalidTokenException.class,
                        e -> Refusal.of(
                                HttpStatus.FORBIDDEN, "the issuer's access token is of no use here: " + e.getMessage()))
                .onErrorMap(
                        IssuerUnreachableException.class,
                        e -> Refusal.later(
                                HttpStatus.SERVICE_UNAVAILABLE,
                                "the issuer's keys cannot be read now; try again",
                                Duration.ofSeconds(2)));
    }

    private Token tokenOf(Tokens tokens, Caller caller) {
        long left = Math.max(
                0, Duration.between(clock.instant(), caller.expiresAt()).toSeconds());
        return Token.bearer(
                tokens.accessToken(),
                tokens.expiresIn() == 0 ? left : Math.min(left, tokens.expiresIn()),
                caller.clientIdOrNull() == null ? List.of() : List.of(caller.clientIdOrNull()));
    }

    private OidcProvider provider() {
        if (provider == null) {
            throw Refusal.of(
                    HttpStatus.NOT_FOUND,
                    token.issuerUri() == null
                            ? "sign in with POST /api/v1/auth/token"
                            : "this gateway has no client at the issuer: set opsrelay.sign-in.oidc.client-id");
        }
        return provider;
    }

    private static String required(String field, @Nullable String value) {
        if (value == null || value.isBlank()) {
            throw Refusal.badRequest(field, "is missing");
        }
        if (value.length() > 4_096) {
            throw Refusal.badRequest(field, "is longer than 4096 characters");
        }
        return value;
    }

    /** The issuer compares it too, with what it was told of the dashboard. */
    private static void requireOwn(String redirect, ServerHttpRequest request) {
        String origin = request.getHeaders().getOrigin();
        try {
            URI uri = URI.create(redirect);
            if (uri.getHost() != null
                    && (origin == null || origin.equals(uri.getScheme() + "://" + uri.getAuthority()))) {
                return;
            }
        } catch (IllegalArgumentException e) {
            throw Refusal.badRequest("redirect_uri", "must be a URL");
        }
        throw Refusal.badRequest("redirect_uri", "must be a page of this dashboard");
    }

    private static ResponseEntity<Config> answer(Config config) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(config);
    }

    private void count(String outcome) {
        meters.counter("opsrelay.gateway.sign_ins", "outcome", outcome).increment();
    }

    /**
     * How people sign in.
     *
     * @param mode standalone: with a password, here; oidc: at the issuer, by the code flow with PKCE
     * @param staysSignedIn false where the browser says that the page is of another site than the gateway and so keeps no
     *     cookie: each reload asks to sign in. Absent otherwise
     */
    record Config(
            String mode,
            @Nullable String issuer,
            @Nullable String authorizationEndpoint,
            @Nullable String tokenEndpoint,
            @Nullable String clientId,
            @Nullable String scope,
            @Nullable Boolean staysSignedIn) {}

    /**
     * What the issuer sent the browser back with, and what the browser began with.
     *
     * @param codeVerifier of PKCE
     * @param nonce as the browser was sent to the issuer with it; the id token has to carry it
     */
    record Redemption(
            @Nullable String code,
            @Nullable String codeVerifier,
            @Nullable String redirectUri,
            @Nullable String nonce) {

        /** Without what it holds. */
        @Override
        public String toString() {
            return "Redemption[]";
        }
    }
}
