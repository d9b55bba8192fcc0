package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.edge.Addresses;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.edge.Origins;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.security.Caller;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpResponse;
import org.springframework.http.server.reactive.ServerHttpResponseDecorator;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebHandler;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;

/** Each of the three paths: whether a request may become a WebSocket or a stream of events, and why not. */
@Configuration(proxyBeanMethods = false)
class StreamEndpoint {

    /** Where WebSockets are opened, and whether it is the chat dashboard's own path. */
    static final Map<String, Boolean> PATHS =
            Map.of("/api/v1/stream", false, "/ws", false, "/api/v1/admin/chat-dashboard/ws", true);

    @Bean
    HandlerMapping streamPaths(Connections connections, Origins origins) {
        Map<String, WebHandler> paths = new HashMap<>();
        PATHS.forEach((path, chatDashboard) -> paths.put(path, new Upgrade(connections, origins, chatDashboard)));
        return new SimpleUrlHandlerMapping(paths, -10);
    }

    private record Upgrade(Connections connections, Origins origins, boolean chatDashboard) implements WebHandler {

        @Override
        public Mono<Void> handle(ServerWebExchange exchange) {
            Refusal refusal = refusalOf(exchange);
            if (refusal != null) {
                return Mono.error(refusal);
            }
            boolean events = EventStreams.wanted(exchange.getRequest());
            return Callers.of(exchange)
                    .map(Optional::of)
                    .defaultIfEmpty(Optional.empty())
                    .flatMap(caller -> events
                            ? Mono.defer(() -> new EventStreams(connections).answer(exchange, caller.orElse(null)))
                            : upgrade(exchange, caller.orElse(null)));
        }

        private @Nullable Refusal refusalOf(ServerWebExchange exchange) {
            boolean upgrade = "websocket"
                    .equalsIgnoreCase(exchange.getRequest().getHeaders().getUpgrade());
            if (!HttpMethod.GET.equals(exchange.getRequest().getMethod())
                    || (!upgrade && !EventStreams.wanted(exchange.getRequest()))) {
                return Refusal.of(HttpStatus.UPGRADE_REQUIRED, "this is a WebSocket: connect with ws:// or wss://");
            }
            if (!origins.allow(exchange.getRequest().getHeaders())) {
                connections.refused("origin");
                return Refusal.of(HttpStatus.FORBIDDEN, "pages of this origin may not connect");
            }
            Refusal malformed =
                    upgrade && !EventStreams.wanted(exchange.getRequest()) ? Rfc6455.refusalOf(exchange) : null;
            if (malformed != null) {
                connections.refused("malformed");
                return malformed;
            }
            if (!connections.accepting()) {
                connections.refused("not_ready");
                return Refusal.later(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the gateway is starting or stopping, or waits for Kafka; try again",
                        Duration.ofSeconds(3));
            }
            return null;
        }

        private Mono<Void> upgrade(ServerWebExchange exchange, @Nullable Caller known) {
            ServerHttpResponse response = exchange.getResponse();
            HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
            String address = Addresses.networkOf(exchange.getRequest());
            // Sets the headers that filters want to add, before the handshake is answered.
            return response.setComplete()
                    .then(Mono.defer(() ->
                            Handshake.answer(netty, connections, address, chatDashboard, known, connection -> {})));
        }
    }
}
