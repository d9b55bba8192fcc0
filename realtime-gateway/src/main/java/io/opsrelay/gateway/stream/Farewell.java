package io.opsrelay.gateway.stream;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import reactor.netty.NettyPipeline;

/** How the gateway ends a WebSocket. */
public final class Farewell {

    private static final long LINGER_SECONDS = 2;

    private Farewell() {}

    /**
     * Says why, and that nothing follows; ends the connection when the peer has ended its side, at the latest when it has
     * had time to take what waits. What it sends until then is read and not listened to: a socket that is closed before
     * it was read is reset, and with it goes what the peer had not taken yet. Call on the channel's loop, once.
     */
    public static void close(Channel channel, int code, String reason) {
        channel.pipeline().addBefore(NettyPipeline.ReactiveBridge, null, new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object message) {
                ReferenceCountUtil.release(message);
            }
        });
        channel.writeAndFlush(new CloseWebSocketFrame(code, reason)).addListener(written -> {
            if (written.isSuccess() && channel instanceof DuplexChannel duplex) {
                duplex.shutdownOutput();
            } else {
                channel.close();
            }
        });
        var unused = channel.eventLoop().schedule(() -> channel.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    }
}
