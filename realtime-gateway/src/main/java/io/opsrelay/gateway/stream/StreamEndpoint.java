package io.opsrelay.gateway.stream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.opsrelay.gateway.edge.Callers;
import io.opsrelay.gateway.edge.Origins;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.security.Caller;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

/** The handshake, on each of the three paths, and the frames that come in afterwards. */
@Configuration(proxyBeanMethods = false)
class StreamEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(StreamEndpoint.class);

    @Bean
    HandlerMapping streamPaths(Connections connections, Origins origins) {
        Map<String, WebHandler> paths = new HashMap<>();
        paths.put("/api/v1/stream", new Upgrade(connections, origins, false));
        paths.put("/ws", new Upgrade(connections, origins, false));
        paths.put("/api/v1/admin/chat-dashboard/ws", new Upgrade(connections, origins, true));
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
            int largest = (int) connections.limits().maxFrame().toBytes();
            // No compression: it costs some 300 KB a connection, and what it inflates is not bounded.
            WebsocketServerSpec spec = WebsocketServerSpec.builder()
                    .compress(false)
                    .maxFramePayloadLength(largest)
                    .build();
            ServerHttpResponse response = exchange.getResponse();
            HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(response);
            // Sets the headers that filters want to add, before the handshake is answered.
            return response.setComplete()
                    .then(Mono.defer(() ->
                            netty.sendWebsocket((inbound, outbound) -> run(inbound, outbound, known, largest), spec)));
        }

        private Publisher<Void> run(
                WebsocketInbound inbound, WebsocketOutbound outbound, @Nullable Caller known, int largest) {
            AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
            inbound.withConnection(netty -> channel.set(netty.channel())); // calls at once
            Socket socket = new Socket(Objects.requireNonNull(channel.get()), outbound);
            Connection connection = connections.open(socket, chatDashboard, known);
            Message message = new Message(largest);
            return inbound.receiveFrames()
                    .doOnNext(frame -> received(connection, message, frame))
                    .onErrorResume(failure -> {
                        LOG.debug("{} broke off: {}", connection, failure.toString());
                        return Mono.empty();
                    })
                    .doFinally(signal -> connection.closed())
                    .then();
        }

        private static void received(Connection connection, Message message, WebSocketFrame frame) {
            if (frame instanceof BinaryWebSocketFrame) {
                connection.close(CloseCode.BINARY);
            } else if (!message.add(frame.content())) {
                connection.close(CloseCode.TOO_LARGE);
            } else if (frame.isFinalFragment()) {
                try {
                    connection.received(message.take());
                } catch (CharacterCodingException e) {
                    connection.close(CloseCode.NOT_UTF8);
                }
            }
        }
    }
}
