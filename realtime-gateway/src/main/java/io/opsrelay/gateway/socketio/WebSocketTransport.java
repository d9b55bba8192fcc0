package io.opsrelay.gateway.socketio;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.opsrelay.gateway.stream.Farewell;
import java.util.List;
import reactor.netty.NettyPipeline;

/** A WebSocket. Netty takes writes from any thread, and holds little more than the high water mark of them. */
final class WebSocketTransport implements Transport {

    private static final WriteBufferWaterMark ROOM = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
    private static final int BATCH = 16;

    private final Channel channel;
    private volatile Runnable whenWritable = () -> {};
    private boolean closing;

    /** Call on the channel's own thread. */
    WebSocketTransport(Channel channel) {
        this.channel = channel;
        channel.config().setWriteBufferWaterMark(ROOM);
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelWritabilityChanged(ChannelHandlerContext context) throws Exception {
                if (channel.isWritable()) {
                    whenWritable.run();
                }
                super.channelWritabilityChanged(context);
            }
        });
    }

    /** @param listener runs, on the socket's own thread, whenever it can take more again */
    void whenWritable(Runnable listener) {
        whenWritable = listener;
    }

    @Override
    public boolean ready() {
        return channel.isWritable() && !closing;
    }

    @Override
    public int batch() {
        return BATCH;
    }

    @Override
    public void send(List<String> packets) {
        if (closing) {
            return;
        }
        for (String packet : packets) {
            channel.write(new TextWebSocketFrame(ByteBufUtil.writeUtf8(channel.alloc(), packet)));
        }
        channel.flush();
    }

    /** Answers a ping, unless the peer does not take what was sent before. Call on the channel's own thread. */
    void pong(ByteBuf payload) {
        if (channel.isWritable()) {
            channel.writeAndFlush(new PongWebSocketFrame(payload.retain()), channel.voidPromise());
        }
    }

    @Override
    public void close(Ending why) {
        if (closing) {
            return;
        }
        closing = true;
        if (channel.eventLoop().inEventLoop()) {
            Farewell.close(channel, why.code(), why.reason());
        } else {
            channel.eventLoop().execute(() -> Farewell.close(channel, why.code(), why.reason()));
        }
    }
}
