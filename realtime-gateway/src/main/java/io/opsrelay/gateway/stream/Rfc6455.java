package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.opsrelay.gateway.edge.Refusal;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ServerWebExchange;

/** What the WebSocket protocol demands of clients, where Reactor Netty does not see to it or says nothing. */
public final class Rfc6455 {

    private static final String VERSION_HEADER = "Sec-WebSocket-Version";
    private static final String KEY_HEADER = "Sec-WebSocket-Key";
    private static final String VERSION = WebSocketVersion.V13.toHttpHeaderValue();
    private static final int KEY_BYTES = 16;

    private Rfc6455() {}

    /** Why the handshake is refused; null if it is in order. Drafts older than the RFC frame differently. */
    public static @Nullable Refusal refusalOf(ServerWebExchange exchange) {
        HttpHeaders headers = exchange.getRequest().getHeaders();
        if (!VERSION.equals(headers.getFirst(VERSION_HEADER))) {
            exchange.getResponse().getHeaders().set(VERSION_HEADER, VERSION);
            return Refusal.of(
                    HttpStatus.UPGRADE_REQUIRED, "the version of WebSocket that is spoken here is " + VERSION);
        }
        return isKey(headers.getFirst(KEY_HEADER))
                ? null
                : Refusal.badRequest(KEY_HEADER, "must be the Base64 of 16 bytes");
    }

    /** Whether a handshake with these headers is in order. */
    static boolean isSound(HttpHeaders headers) {
        return VERSION.equals(headers.getFirst(VERSION_HEADER)) && isKey(headers.getFirst(KEY_HEADER));
    }

    private static boolean isKey(@Nullable String key) {
        try {
            return key != null && Base64.getDecoder().decode(key).length == KEY_BYTES;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /**
     * From here on a frame that breaks the rules is received as a {@link Fault}, and nothing after it. Ending the
     * connection is left to whoever receives. Call on the channel's loop, before it is read.
     *
     * @param largest payload of a frame, in bytes
     */
    public static void enforce(Channel channel, int largest) {
        ChannelPipeline pipeline = channel.pipeline();
        ChannelHandlerContext former = Objects.requireNonNull(
                pipeline.context(WebSocket13FrameDecoder.class), "this channel speaks WebSocket");
        pipeline.replace(former.handler(), former.name(), new StrictDecoder(largest));
    }

    /** Stands for a frame that broke the rules. */
    public static final class Fault extends WebSocketFrame {

        private final int code;

        private Fault(int code) {
            super(Unpooled.EMPTY_BUFFER);
            this.code = code;
        }

        /** To close with. */
        public int code() {
            return code;
        }

        @Override
        public WebSocketFrame replace(ByteBuf content) {
            return new Fault(code);
        }
    }

    /**
     * Reactor Netty's own takes reserved bits, though no extension was agreed on, and in a close frame codes that nobody
     * may send and a reason that ends within a character; other faults of a close frame make it cut the connection
     * without a code.
     */
    private static final class StrictDecoder extends WebSocket13FrameDecoder {

        private static final int END_OF_CODES = 5000;

        StrictDecoder(int largest) {
            super(WebSocketDecoderConfig.newBuilder()
                    .expectMaskedFrames(true)
                    .allowExtensions(false)
                    .maxFramePayloadLength(largest)
                    .closeOnProtocolViolation(false)
                    .build());
        }

        @Override
        protected void checkCloseFrameBody(ChannelHandlerContext context, ByteBuf body) {
            super.checkCloseFrameBody(context, body);
            if (!body.isReadable()) {
                return;
            }
            int begin = body.readerIndex();
            if (body.getUnsignedShort(begin) >= END_OF_CODES) {
                throw new CorruptedWebSocketFrameException(
                        WebSocketCloseStatus.PROTOCOL_ERROR, "no close frame has such a code");
            }
            try {
                var unused = StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(body.nioBuffer(begin + Short.BYTES, body.readableBytes() - Short.BYTES));
            } catch (CharacterCodingException e) {
                throw new CorruptedWebSocketFrameException(WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "no UTF-8", e);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) throws Exception {
            if (cause instanceof CorruptedWebSocketFrameException corrupted) {
                context.fireChannelRead(new Fault(corrupted.closeStatus().code()));
            } else {
                super.exceptionCaught(context, cause);
            }
        }
    }
}
