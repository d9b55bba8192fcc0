package io.opsrelay.gateway.route;

import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.security.Caller;
import java.util.Optional;
import org.springframework.cloud.gateway.filter.GatewayFilterChain;
import org.springframework.cloud.gateway.filter.GlobalFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Says with every answer to a GET from which position of the feed it may be continued. The position is taken before the
 * request is forwarded: what the gateway had seen by then was committed before, so the answer holds it.
 */
@Component
final class FeedPositionHeader implements GlobalFilter, Ordered {

    static final String NAME = "Feed-Position";

    private final Feed feed;

    FeedPositionHeader(Feed feed) {
        this.feed = feed;
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, GatewayFilterChain chain) {
        if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())) {
            return chain.filter(exchange);
        }
        return Callers.of(exchange)
                .map(this::positionOf)
                .defaultIfEmpty(Optional.empty())
                .flatMap(position -> {
                    position.ifPresent(known -> announce(known, exchange.getResponse()));
                    return chain.filter(exchange);
                });
    }

    private Optional<Position> positionOf(Caller caller) {
        return caller.clientIdOrNull() == null ? Optional.empty() : feed.position(caller.clientIdOrNull());
    }

    private static void announce(Position position, ServerHttpResponse response) {
        response.beforeCommit(() -> {
            response.getHeaders().set(NAME, position.toString());
            return Mono.empty();
        });
    }

    /** Before anything that forwards. */
    @Override
    public int getOrder() {
        return 0;
    }
}
