package io.opsrelay.gateway.edge;

import io.opsrelay.security.Caller;
import io.opsrelay.security.Role;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Who sent a request. */
public final class Callers {

    private static final String VERIFIED = Callers.class.getName() + ".verified";

    private Callers() {}

    /** The caller whose token was found good so far; null for what came without one, or whose path needs none. */
    public static @Nullable Caller verified(ServerWebExchange exchange) {
        return exchange.getAttribute(VERIFIED);
    }

    static void verified(ServerWebExchange exchange, Caller caller) {
        exchange.getAttributes().put(VERIFIED, caller);
    }

    /** The verified caller; empty if the request came without a token. */
    public static Mono<Caller> of(ServerWebExchange exchange) {
        return exchange.getPrincipal().ofType(Authenticated.class).map(Authenticated::caller);
    }

    /** The verified caller if one of the roles is theirs; fails with 401 or 403 otherwise. */
    public static Mono<Caller> require(ServerWebExchange exchange, Role... anyOf) {
        return of(exchange)
                .switchIfEmpty(Mono.error(() -> Refusal.of(HttpStatus.UNAUTHORIZED, "send an access token")))
                .filter(caller -> caller.hasAny(anyOf))
                .switchIfEmpty(Mono.error(() -> Refusal.of(
                        HttpStatus.FORBIDDEN,
                        "this needs one of the roles "
                                + Arrays.stream(anyOf).map(Role::wireName).collect(Collectors.joining(", ")))));
    }

    /** The caller as Spring Security carries it. The token itself is not kept. */
    static final class Authenticated extends AbstractAuthenticationToken {

        private final transient Caller caller;

        Authenticated(Caller caller) {
            super(List.of());
            this.caller = caller;
            setAuthenticated(true);
        }

        Caller caller() {
            return caller;
        }

        @Override
        public Object getCredentials() {
            return "";
        }

        @Override
        public Object getPrincipal() {
            return caller;
        }

        @Override
        public String getName() {
            return caller.user();
        }
    }
}
