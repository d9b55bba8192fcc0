package io.opsrelay.gateway.stream;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.opsrelay.security.Caller;
import java.nio.charset.CharacterCodingException;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import reactor.core.publisher.Mono;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.server.WebsocketServerSpec;
import reactor.netty.http.websocket.WebsocketInbound;

/** From a request that may become a WebSocket to a connection that is served. */
final class Handshake {

    private static final Logger LOG = LoggerFactory.getLogger(Handshake.class);

    private Handshake() {}

    /**
     * Answers the handshake and serves the connection.
     *
     * @param address where it comes from
     * @param known who sent a token with the handshake
     * @param ended told of the connection when it is over
     * @return completes when the connection is over
     */
    static Mono<Void> answer(
            HttpServerResponse netty,
            Connections connections,
            String address,
            boolean chatDashboard,
            @Nullable Caller known,
            Consumer<Connection> ended) {
        int largest = (int) connections.limits().maxFrame().toBytes();
        // No compression: it costs some 300 KB a connection, and what it inflates is not bounded.
        WebsocketServerSpec spec = WebsocketServerSpec.builder()
                .compress(false)
                .maxFramePayloadLength(largest)
                .handlePing(true)
                .build();
        return netty.sendWebsocket(
                (inbound, outbound) -> serve(inbound, connections, address, chatDashboard, known, largest, ended),
                spec);
    }

    private static Publisher<Void> serve(
            WebsocketInbound inbound,
            Connections connections,
            String address,
            boolean chatDashboard,
            @Nullable Caller known,
            int largest,
            Consumer<Connection> ended) {
        AtomicReference<@Nullable Channel> channel = new AtomicReference<>();
        inbound.withConnection(netty -> channel.set(netty.channel())); // calls at once
        Channel wire = Objects.requireNonNull(channel.get());
        Rfc6455.enforce(wire, largest);
        Socket socket = new Socket(wire);
        Connection connection = connections.open(socket, address, chatDashboard, known);
        Message message = new Message(largest);
        return inbound.receiveFrames()
                .doOnNext(frame -> received(connection, message, frame))
                .onErrorResume(failure -> {
                    LOG.debug("{} broke off: {}", connection, failure.toString());
                    return Mono.empty();
                })
                .doFinally(signal -> {
                    ended.accept(connection);
                    connection.closed();
                })
                .then();
    }

    private static void received(Connection connection, Message message, WebSocketFrame frame) {
        if (frame instanceof Rfc6455.Fault fault) {
            connection.close(CloseCode.of(fault.code()));
        } else if (frame instanceof PingWebSocketFrame) {
            connection.pinged(frame.content());
        } else if (frame instanceof PongWebSocketFrame) {
            connection.receivedPart();
        } else if (frame instanceof BinaryWebSocketFrame) {
            connection.close(CloseCode.BINARY);
        } else if (!message.add(frame.content())) {
            connection.close(CloseCode.TOO_LARGE);
        } else if (!frame.isFinalFragment()) {
            connection.receivedPart();
        } else {
            try {
                connection.received(message.take());
            } catch (CharacterCodingException e) {
                connection.close(CloseCode.NOT_UTF8);
            }
        }
    }
}
