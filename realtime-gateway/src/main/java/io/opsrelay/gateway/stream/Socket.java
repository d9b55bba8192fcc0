package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameEncoder;
import java.util.Objects;
import reactor.netty.NettyPipeline;

/**
 * One WebSocket as the protocol sees it: text out, a say on whether there is room, and an end. All methods are called on
 * the {@link #loop()} that owns it. Writes go straight into Netty's pipeline, which holds no more than the high water
 * mark before {@link #writable()} says no; one {@link #flush()} sends all that was written.
 */
final class Socket {

    private static final WriteBufferWaterMark ROOM = new WriteBufferWaterMark(32 * 1024, 64 * 1024);

    private final Channel channel;
    /** What is written from here on passes by Netty's own encoder, which would frame it anew for each receiver. */
    private final ChannelHandlerContext encoder;

    private boolean closing;

    Socket(Channel channel) {
        this.channel = channel;
        this.encoder = Objects.requireNonNull(
                channel.pipeline().context(WebSocketFrameEncoder.class), "this channel speaks WebSocket");
        channel.config().setWriteBufferWaterMark(ROOM);
    }

    /** The thread that everything about this socket happens on. */
    EventLoop loop() {
        return channel.eventLoop();
    }

    /** Runs whenever {@link #writable()} changed to yes. */
    void whenWritable(Runnable listener) {
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
                if (channel.isWritable()) {
                    listener.run();
                }
                super.channelWritabilityChanged(context);
            }
        });
    }

    /** Whether there is room for more. Control frames may be written all the same: few come. */
    boolean writable() {
        return channel.isWritable() && !closing;
    }

    /** Writes one message, UTF-8. */
    void write(byte[] text) {
        ByteBuf frame = memory().directBuffer(WireFrame.size(text.length));
        WireFrame.write(frame, text);
        write(frame);
    }

    /** Writes whole frames as they go over the wire, and releases them when they have gone. */
    void write(ByteBuf frames) {
        if (closing || !frames.isReadable()) {
            frames.release();
        } else {
            encoder.write(frames, channel.voidPromise());
        }
    }

    /** Answers a ping, unless the peer does not take what was sent before. */
    void pong(ByteBuf payload) {
        if (writable()) {
            channel.writeAndFlush(new PongWebSocketFrame(payload.retain()), channel.voidPromise());
        }
    }

    ByteBufAllocator memory() {
        return channel.alloc();
    }

    void flush() {
        channel.flush();
    }

    /**
     * A value that stays the same exactly while the peer takes nothing of what waits for it, however much is added
     * meanwhile; 0 if nothing waits.
     */
    long progress() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting == null || waiting.isEmpty()) {
            return 0;
        }
        return 1 + System.identityHashCode(waiting.current()) * 31L + waiting.currentProgress();
    }

    /** Says why, and ends the connection. */
    void close(CloseCode why) {
        if (!closing) {
            closing = true;
            Farewell.close(channel, why.code(), why.reason());
        }
    }

    /** Ends the connection at once. */
    void drop() {
        closing = true;
        channel.close();
    }
}
