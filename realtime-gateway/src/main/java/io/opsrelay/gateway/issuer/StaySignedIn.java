package io.opsrelay.gateway.issuer;

import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.issuer.IssuerProperties.User;
import io.opsrelay.gateway.session.RefreshCookies;
import io.opsrelay.gateway.session.Session;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * {@code POST /api/v1/auth/refresh} gives a page a new access token for its cookie, {@code POST /api/v1/auth/sign-out}
 * ends the sign-in.
 */
@RestController
final class StaySignedIn {

    private final StandaloneIssuer standalone;
    private final OidcSignIn oidc;
    private final RefreshCookies cookies;

    StaySignedIn(StandaloneIssuer standalone, OidcSignIn oidc, RefreshCookies cookies) {
        this.standalone = standalone;
        this.oidc = oidc;
        this.cookies = cookies;
    }

    @PostMapping(path = "/api/v1/auth/refresh", consumes = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Token>> refresh(
            @RequestBody(required = false) @Nullable Wish wish, ServerWebExchange exchange) {
        ServerHttpRequest request = exchange.getRequest();
        cookies.requireOwnPage(request);
        if (!cookies.isThere(request)) {
            // A page that is opened for the first time: nothing is wrong with that.
            return Mono.just(ResponseEntity.noContent().build());
        }
        String client = wish == null ? null : wish.clientId();
        return cookies.read(request)
                .flatMap(session ->
                        standalone.isHere() ? ofOwn(session, client, request) : oidc.renewed(session, client, exchange))
                .doOnError(Refusal.class, refusal -> {
                    if (refusal.status() == HttpStatus.UNAUTHORIZED) {
                        exchange.getResponse().addCookie(cookies.none(request));
                    }
                });
    }

    @PostMapping(path = "/api/v1/auth/sign-out", consumes = MediaType.ALL_VALUE)
    Mono<ResponseEntity<Void>> signOut(ServerHttpRequest request) {
        cookies.requireOwnPage(request);
        return cookies.read(request)
                .onErrorResume(Refusal.class, notGood -> Mono.empty()) // there is nothing to end then
                .flatMap(session -> cookies.end(session).then(oidc.signedOut(session)))
                .thenReturn(ResponseEntity.noContent()
                        .header(HttpHeaders.SET_COOKIE, cookies.none(request).toString())
                        .build());
    }

    /** What may be refused is refused before the cookie is used up. */
    private Mono<ResponseEntity<Token>> ofOwn(Session session, @Nullable String asked, ServerHttpRequest request) {
        User user = standalone
                .named(session.user())
                .orElseThrow(() -> Refusal.of(HttpStatus.UNAUTHORIZED, "sign in: this user is not known any more"));
        String client = standalone.clientOf(user, asked, session.client());
        return cookies.use(session)
                .map(good -> standalone.tokenFor(user, client).answer(cookies.renew(good, client, null, request)));
    }

    /** @param clientId which of the person's clients the next token shall be for; the same as before if absent */
    record Wish(@Nullable String clientId) {}
}
