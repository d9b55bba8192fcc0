package io.opsrelay.gateway.edge;

import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.unix.UnixChannelOption;
import io.netty.util.concurrent.ImmediateEventExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

/**
 * Where callers come in. Several gateways may share the port; one that stops closes it before all else, so that the
 * kernel gives new connections to the others while those that are open come to their end.
 */
@Component
final class PublicPort implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory> {

    private static final Logger LOG = LoggerFactory.getLogger(PublicPort.class);

    private final boolean shared;
    private final SlowRequests.Limits slowest;
    private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
    private volatile @Nullable Channel listener;
    private volatile boolean closing;

    PublicPort(EdgeProperties properties) {
        this.shared = properties.reusePort();
        this.slowest = properties.slowest();
    }

    /** Not a bean of {@code NettyServerCustomizer}: those are applied to a management port of its own as well. */
    @Override
    public void customize(NettyReactiveWebServerFactory factory) {
        if (shared && !LoopResources.hasNativeSupport()) {
            throw new IllegalStateException(
                    "opsrelay.edge.reuse-port needs Netty's epoll transport, which this platform does not have");
        }
        factory.addServerCustomizers(this::known);
    }

    private HttpServer known(HttpServer server) {
        HttpServer known = server.doOnBound(bound -> listener = bound.channel())
                .doOnChannelInit((observer, channel, remote) -> {
                    connections.add(channel);
                    SlowRequests.end(channel, slowest);
                });
        return shared ? known.option(UnixChannelOption.SO_REUSEPORT, true) : known;
    }

    /** Whether this gateway stops, and its callers should go elsewhere. */
    boolean closing() {
        return closing;
    }

    /** Those that are open. */
    ChannelGroup connections() {
        return connections;
    }

    /** Lets nobody in any more. */
    void close() {
        closing = true;
        Channel open = listener;
        if (open != null) {
            open.close().syncUninterruptibly();
            LOG.info("The port is closed; {} connections are open", connections.size());
        }
    }
}
