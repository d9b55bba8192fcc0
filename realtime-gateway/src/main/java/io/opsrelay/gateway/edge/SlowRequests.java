package io.opsrelay.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * Ends connections whose request does not come to its end: each holds an open file. Reactor Netty has no time for heads,
 * and its time for bodies is an error of ours by the time we see it.
 *
 * <p>Sits behind the decoder, which says nothing while a head is incomplete: a read that yields nothing is part of one.
 * (A head that begins in the read in which the request before it ends is noticed with its next octet. If there is none,
 * the connection is idle, for which there is a time.)
 */
final class SlowRequests extends ChannelDuplexHandler {

    private final Duration headLimit;
    private final Duration requestLimit;
    private boolean decoded;
    private boolean inBody;
    private boolean ended;
    private int unanswered;
    private @Nullable Future<?> deadline;

    private SlowRequests(Duration headLimit, Duration requestLimit) {
        this.headLimit = headLimit;
        this.requestLimit = requestLimit;
    }

    /** Call when the channel's pipeline is ready. */
    static void end(Channel channel, Duration headLimit, Duration requestLimit) {
        if (channel.pipeline().context(NettyPipeline.HttpCodec) != null) {
            channel.pipeline().addAfter(NettyPipeline.HttpCodec, null, new SlowRequests(headLimit, requestLimit));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message); // the decoder's complaint that the head broke off
            return;
        }
        decoded = true;
        if (message instanceof HttpRequest) {
            stop();
            inBody = true;
            unanswered++;
        }
        if (message instanceof LastHttpContent) {
            stop();
            inBody = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (deadline == null && inBody) {
            start(context, requestLimit, context::close);
        } else if (deadline == null && !decoded) {
            start(context, headLimit, () -> refuse(context));
        }
        decoded = false;
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message, promise);
        if (message instanceof HttpResponse response
                && response.status().codeClass() == HttpStatusClass.INFORMATIONAL) {
            if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
                context.pipeline().remove(this); // there are no requests any more
            }
        } else if (message instanceof LastHttpContent) {
            unanswered--;
        }
    }

    private void start(ChannelHandlerContext context, Duration limit, Runnable then) {
        deadline = context.executor()
                .schedule(
                        () -> {
                            deadline = null;
                            then.run();
                        },
                        limit.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void refuse(ChannelHandlerContext context) {
        if (unanswered > 0) { // it would be taken for the answer to the request before
            start(context, headLimit, () -> refuse(context));
            return;
        }
        ended = true;
        FullHttpResponse tooLate =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.REQUEST_TIMEOUT);
        tooLate.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        tooLate.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
        context.writeAndFlush(tooLate).addListener(ChannelFutureListener.CLOSE);
    }

    private void stop() {
        Future<?> running = deadline;
        if (running != null) {
            running.cancel(false);
            deadline = null;
        }
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        stop();
    }
}
