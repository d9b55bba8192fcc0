package io.opsrelay.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
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
 * Ends connections whose request does not come on: each holds an open file. A head has a time in which all of it must
 * come. A body may take as long as its size does on the caller's line, but so much of it must come in each span of time
 * that is spent waiting for the caller. The time in which nothing is read, because a service is busy with what has come,
 * is not the caller's; and a caller who is being answered meanwhile may be waiting for just that. Reactor Netty has no
 * time for heads, and its time for bodies is an error of ours by the time we see it.
 *
 * <p>Sits behind the decoder, which says nothing while a head is incomplete: a read that yields nothing is part of one.
 * (A head that begins in the read in which the request before it ends is noticed with its next octet. If there is none,
 * the connection is idle, for which there is a time.)
 */
final class SlowRequests extends ChannelDuplexHandler {

    private final Limits limits;
    private boolean decoded;
    private boolean inBody;
    private boolean ended;
    private int unanswered;
    private @Nullable Future<?> deadline;
    private final Span span = new Span();

    /**
     * How slow a caller may be.
     *
     * @param head within which a head must have come, once it has begun
     * @param window span of the caller's time that is looked at, of a body
     * @param leastBytes of a body that must come within each
     */
    record Limits(Duration head, Duration window, long leastBytes) {}

    private SlowRequests(Limits limits) {
        this.limits = limits;
    }

    /** Call when the channel's pipeline is ready. */
    static void end(Channel channel, Limits limits) {
        if (channel.pipeline().context(NettyPipeline.HttpCodec) != null) {
            channel.pipeline().addAfter(NettyPipeline.HttpCodec, null, new SlowRequests(limits));
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message); // the decoder's complaint that the head broke off
            return;
        }
        if (!decoded) {
            span.pause();
        }
        decoded = true;
        if (message instanceof HttpRequest) {
            stop();
            inBody = true;
            unanswered++;
            span.begin();
        }
        if (message instanceof HttpContent content) {
            span.received += content.content().readableBytes();
        }
        if (message instanceof LastHttpContent) {
            stop();
            inBody = false;
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!decoded) {
            span.await(); // the decoder goes on reading by itself
        }
        if (deadline == null && inBody) {
            start(context, limits.window(), () -> judge(context));
        } else if (deadline == null && !decoded) {
            start(context, limits.head(), () -> refuse(context));
        }
        decoded = false;
        context.fireChannelReadComplete();
    }

    /** Somebody wants more of what the caller sends. */
    @Override
    public void read(ChannelHandlerContext context) {
        span.await();
        context.read();
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
            if (unanswered == 0) {
                span.answered();
            }
        } else {
            span.answering = true;
        }
    }

    /** Whether the caller was fast enough; who was is looked at again a span later. */
    private void judge(ChannelHandlerContext context) {
        Duration left = limits.window().minusNanos(span.waited());
        if (left.isPositive()) {
            start(context, left, () -> judge(context));
        } else if (span.received < limits.leastBytes() && !span.answering) {
            context.close();
        } else {
            span.next();
            start(context, limits.window(), () -> judge(context));
        }
    }

    private void start(ChannelHandlerContext context, Duration limit, Runnable then) {
        deadline = context.executor()
                .schedule(
                        () -> {
                            deadline = null;
                            then.run();
                        },
                        limit.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    private void refuse(ChannelHandlerContext context) {
        if (unanswered > 0) { // it would be taken for the answer to the request before
            start(context, limits.head(), () -> refuse(context));
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

    /** What has come of a body, and for how long the caller was waited for. */
    private static final class Span {
        private long received;
        private boolean answering;
        private boolean over;
        private boolean waiting;
        private long waitingSince;
        private long waitedBefore;

        void begin() {
            over = false;
            next();
        }

        void next() {
            received = 0;
            answering = false;
            waitedBefore = 0;
            waitingSince = System.nanoTime();
        }

        void await() {
            if (!waiting) {
                waiting = true;
                waitingSince = System.nanoTime();
            }
        }

        /** Something has come; until more is wanted, the time is not the caller's. */
        void pause() {
            waitedBefore = waited();
            waitingSince = System.nanoTime();
            waiting = over;
        }

        /** What still comes is wanted by nobody, and not waited for without end. */
        void answered() {
            over = true;
            await();
        }

        long waited() {
            return waitedBefore + (waiting ? System.nanoTime() - waitingSince : 0);
        }
    }
}
