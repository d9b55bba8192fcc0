package io.opsrelay.gateway.limit;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.security.Caller;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Refuses what a user, or all users of a client together, send too much of. Says with every answer how much is left of
 * the user's limit, or with a refusal of the limit that was reached.
 */
@Component
@Order(-50) // after Spring Security (-100), which finds out who calls
final class RateLimitFilter implements WebFilter {

    private static final String LIMIT = "RateLimit-Limit";
    private static final String REMAINING = "RateLimit-Remaining";
    private static final String RESET = "RateLimit-Reset";

    private final RateLimiter limiter;
    private final RateLimitProperties limits;
    private final MeterRegistry meters;

    RateLimitFilter(RateLimiter limiter, RateLimitProperties limits, MeterRegistry meters) {
        this.limiter = limiter;
        this.limits = limits;
        this.meters = meters;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        Caller caller = Callers.verified(exchange);
        if (caller == null) {
            return chain.filter(exchange); // an open path, whose owner limits it where that is needed
        }
        String client = caller.clientIdOrNull();
        // No client's id begins with a dash: operators have none.
        String user = "user:" + (client == null ? "-" : client) + ":" + caller.user();
        Executor loop = loopOf(exchange);
        return limiter.ask(user, limits.perUser(), loop).flatMap(ofUser -> {
            tell(exchange, ofUser);
            if (!ofUser.allowed()) {
                return refuse("user", "you have", ofUser);
            }
            return client == null ? chain.filter(exchange) : ofClient(client, exchange, chain, loop);
        });
    }

    private static Executor loopOf(ServerWebExchange exchange) {
        HttpServerResponse response = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
        AtomicReference<Executor> loop = new AtomicReference<>(Runnable::run);
        response.withConnection(connection -> loop.set(connection.channel().eventLoop())); // calls at once
        return Objects.requireNonNull(loop.get());
    }

    private Mono<Void> ofClient(String client, ServerWebExchange exchange, WebFilterChain chain, Executor loop) {
        return limiter.ask("client:" + client, limits.perClient(), loop).flatMap(verdict -> {
            if (verdict.allowed()) {
                return chain.filter(exchange);
            }
            tell(exchange, verdict);
            return refuse("client", "your organisation has", verdict);
        });
    }

    private Mono<Void> refuse(String whose, String who, Verdict verdict) {
        meters.counter(LimitMetric.REFUSED.id(), "of", whose).increment();
        return Mono.error(Refusal.later(
                HttpStatus.TOO_MANY_REQUESTS,
                who + " sent more than " + verdict.limit() + " requests within a second; wait and send fewer",
                Duration.ofSeconds(verdict.resetSeconds())));
    }

    private static void tell(ServerWebExchange exchange, Verdict verdict) {
        HttpHeaders headers = exchange.getResponse().getHeaders();
        headers.set(LIMIT, Integer.toString(verdict.limit()));
        headers.set(REMAINING, Long.toString(verdict.remaining()));
        headers.set(RESET, Long.toString(verdict.resetSeconds()));
    }
}
