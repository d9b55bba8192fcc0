package io.opsrelay.gateway.socketio;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.opsrelay.gateway.edge.Addresses;
import io.opsrelay.gateway.edge.Origins;
import io.opsrelay.gateway.edge.Refusal;
import io.opsrelay.gateway.stream.Message;
import io.opsrelay.gateway.stream.Rfc6455;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
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

/** {@code /socket.io/}: handshakes, polls, posts and WebSockets of Engine.IO 4. */
@Configuration(proxyBeanMethods = false)
class SocketIoEndpoint {

    private static final Logger LOG = LoggerFactory.getLogger(SocketIoEndpoint.class);

    private static final MediaType TEXT = new MediaType(MediaType.TEXT_PLAIN, StandardCharsets.UTF_8);

    @Bean
    HandlerMapping socketIoPaths(Sessions sessions, Origins origins) {
        Requests requests = new Requests(sessions, origins);
        return new SimpleUrlHandlerMapping(Map.of("/socket.io", requests, "/socket.io/", requests), -10);
    }

    private record Requests(Sessions sessions, Origins origins) implements WebHandler {

        @Override
        public Mono<Void> handle(ServerWebExchange exchange) {
            String session = exchange.getRequest().getQueryParams().getFirst("sid");
            Refusal refusal = refusalOf(exchange, session == null);
            if (refusal != null) {
                return Mono.error(refusal);
            }
            return answer(exchange, session)
                    .onErrorResume(
                            EngineException.class,
                            e -> write(
                                    exchange,
                                    HttpStatus.BAD_REQUEST,
                                    MediaType.APPLICATION_JSON,
                                    e.reason().json()));
        }

        private @Nullable Refusal refusalOf(ServerWebExchange exchange, boolean opening) {
            ServerHttpRequest request = exchange.getRequest();
            if (!origins.allow(request.getHeaders())) {
                sessions.refused("origin");
                return Refusal.of(HttpStatus.FORBIDDEN, "pages of this origin may not connect");
            }
            Refusal malformed = isUpgrade(request) ? Rfc6455.refusalOf(exchange) : null;
            if (malformed != null) {
                sessions.refused("malformed");
                return malformed;
            }
            if (opening && !sessions.accepting()) {
                sessions.refused("not_ready");
                return Refusal.later(
                        HttpStatus.SERVICE_UNAVAILABLE,
                        "the gateway is starting or stopping, or waits for Kafka; try again",
                        Duration.ofSeconds(3));
            }
            return null;
        }

        private Mono<Void> answer(ServerWebExchange exchange, @Nullable String session) {
            ServerHttpRequest request = exchange.getRequest();
            boolean post = HttpMethod.POST.equals(request.getMethod());
            boolean socket = isUpgrade(request);
            String transport = request.getQueryParams().getFirst("transport");
            if (!"4".equals(request.getQueryParams().getFirst("EIO"))) {
                return refused(EngineException.Reason.VERSION);
            }
            if (!"polling".equals(transport) && !"websocket".equals(transport)) {
                return refused(EngineException.Reason.TRANSPORT_UNKNOWN);
            }
            if (post ? session == null : !HttpMethod.GET.equals(request.getMethod())) {
                return refused(EngineException.Reason.BAD_METHOD);
            }
            if (socket != "websocket".equals(transport) || (socket && post)) {
                return refused(EngineException.Reason.BAD_REQUEST);
            }
            if (socket) {
                return session == null || sessions.canUpgrade(session)
                        ? upgrade(exchange, session)
                        : refused(EngineException.Reason.SESSION_UNKNOWN);
            }
            if (post) {
                return bodyOf(request, Objects.requireNonNull(session))
                        .defaultIfEmpty("")
                        .flatMap(body -> sessions.post(session, body))
                        .then(Mono.defer(() -> write(exchange, HttpStatus.OK, TEXT, "ok")));
            }
            return (session == null ? sessions.handshake(Addresses.networkOf(request)) : sessions.poll(session))
                    .flatMap(packets -> write(exchange, HttpStatus.OK, TEXT, packets));
        }

        private static boolean isUpgrade(ServerHttpRequest request) {
            return "websocket".equalsIgnoreCase(request.getHeaders().getUpgrade());
        }

        private static Mono<Void> refused(EngineException.Reason reason) {
            return Mono.error(new EngineException(reason));
        }

        private Mono<String> bodyOf(ServerHttpRequest request, String session) {
            return DataBufferUtils.join(request.getBody(), largest())
                    .onErrorMap(DataBufferLimitException.class, e -> {
                        sessions.failed(session, Ending.TOO_LARGE);
                        return Refusal.of(
                                HttpStatus.CONTENT_TOO_LARGE,
                                "a body may have " + largest() + " bytes, see maxPayload");
                    })
                    .handle((buffer, text) -> {
                        try {
                            text.next(utf8(buffer));
                        } catch (CharacterCodingException e) {
                            sessions.failed(session, Ending.NOT_UTF8);
                            text.error(new EngineException(EngineException.Reason.BAD_REQUEST));
                        }
                    });
        }

        private static String utf8(DataBuffer buffer) throws CharacterCodingException {
            byte[] bytes = new byte[buffer.readableByteCount()];
            buffer.read(bytes);
            DataBufferUtils.release(buffer);
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        }

        private static Mono<Void> write(ServerWebExchange exchange, HttpStatus status, MediaType type, String body) {
            ServerHttpResponse response = exchange.getResponse();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            response.setStatusCode(status);
            response.getHeaders().setContentType(type);
            response.getHeaders().setContentLength(bytes.length);
            return response.writeWith(Mono.just(response.bufferFactory().wrap(bytes)));
        }

        private int largest() {
            return (int) sessions.limits().maxFrame().toBytes();
        }

        private Mono<Void> upgrade(ServerWebExchange exchange, @Nullable String session) {
            // As for the realtime protocol: what compression costs and inflates is not bounded.
            WebsocketServerSpec spec = WebsocketServerSpec.builder()
                    .compress(false)
                    .maxFramePayloadLength(largest())
                    .handlePing(true)
                    .build();
            HttpServerResponse netty = ServerHttpResponseDecorator.getNativeResponse(exchange.getResponse());
            String address = Addresses.networkOf(exchange.getRequest());
            // Sets the headers that filters want to add, before the handshake is answered.
            return exchange.getResponse()
                    .setComplete()
                    .then(Mono.defer(
                            () -> netty.sendWebsocket((inbound, outbound) -> run(inbound, session, address), spec)));
        }

        private Publisher<Void> run(WebsocketInbound inbound, @Nullable String id, String address) {
            AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
            inbound.withConnection(netty -> channel.set(netty.channel())); // calls at once
            Channel wire = Objects.requireNonNull(channel.get());
            Rfc6455.enforce(wire, largest());
            WebSocketTransport socket = new WebSocketTransport(wire);
            return sessions.attach(socket, id, address)
                    .flatMap(session -> receive(inbound, socket, session))
                    .onErrorResume(EngineException.class, e -> inbound.receiveFrames() // until the peer closes, too
                            .then());
        }

        private Mono<Void> receive(WebsocketInbound inbound, WebSocketTransport socket, Session session) {
            Message message = new Message(largest());
            return inbound.receiveFrames()
                    .<String>handle((frame, texts) -> {
                        try {
                            String text = textOf(frame, message, socket);
                            if (text != null) {
                                texts.next(text);
                            }
                        } catch (UnusableMessageException e) {
                            sessions.run(session, () -> session.failed(socket, e.ending()));
                        }
                    })
                    .concatMap(
                            text -> sessions.received(session, socket, text), 1) // one at a time, so TCP slows it down
                    .onErrorResume(failure -> {
                        LOG.debug("{} broke off: {}", session, failure.toString());
                        return Mono.empty();
                    })
                    .doFinally(signal -> sessions.run(session, () -> session.gone(socket)))
                    .then();
        }

        private static @Nullable String textOf(WebSocketFrame frame, Message message, WebSocketTransport socket)
                throws UnusableMessageException {
            if (frame instanceof Rfc6455.Fault fault) {
                throw new UnusableMessageException(Ending.of(fault.code()));
            }
            if (frame instanceof PingWebSocketFrame) {
                socket.pong(frame.content());
                return null;
            }
            if (frame instanceof PongWebSocketFrame) {
                return null;
            }
            if (frame instanceof BinaryWebSocketFrame) {
                throw new UnusableMessageException(Ending.BINARY);
            }
            if (!message.add(frame.content())) {
                throw new UnusableMessageException(Ending.TOO_LARGE);
            }
            try {
                return frame.isFinalFragment() ? message.take() : null;
            } catch (CharacterCodingException e) {
                throw new UnusableMessageException(Ending.NOT_UTF8);
            }
        }
    }

    private static final class UnusableMessageException extends Exception {

        private final Ending ending;

        UnusableMessageException(Ending ending) {
            super(ending.name(), null, false, false);
            this.ending = ending;
        }

        Ending ending() {
            return ending;
        }
    }
}
