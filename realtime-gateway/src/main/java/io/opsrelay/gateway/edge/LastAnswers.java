package io.opsrelay.gateway.edge;

import io.netty.channel.Channel;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;
import reactor.netty.channel.ChannelOperations;

/**
 * How the connections of a gateway that stops come to their end: each answer says that it is the last, so that no caller
 * sends another request into a connection that is about to be closed. Only who sends nothing for a while is closed
 * without having been told. Spring Boot's own graceful shutdown would close idle connections at once.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
final class LastAnswers implements WebFilter, SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(LastAnswers.class);

    /** Below the time that a phase of the shutdown has; longer than a service may take to answer. */
    private static final Duration LIMIT = Duration.ofSeconds(13);

    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final PublicPort port;
    private final Duration linger;
    private volatile boolean running;

    LastAnswers(PublicPort port, EdgeProperties properties) {
        this.port = port;
        this.linger = properties.linger();
    }

    @Override
    public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
        exchange.getResponse().beforeCommit(() -> {
            if (port.closing()) {
                exchange.getResponse().getHeaders().set(HttpHeaders.CONNECTION, "close");
            }
            return Mono.empty();
        });
        return chain.filter(exchange);
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public void stop(Runnable done) {
        running = false;
        Thread.ofVirtual().name("last-answers").start(() -> {
            try {
                awaitLast(System.nanoTime());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                done.run();
            }
        });
    }

    private void awaitLast(long began) throws InterruptedException {
        do {
            Thread.sleep(INTERVAL); // first, for what was accepted a moment ago
            long waited = System.nanoTime() - began;
            if (waited >= LIMIT.toNanos()) {
                LOG.warn(
                        "{} connections are cut off, their requests took too long",
                        port.connections().size());
                port.connections().close();
                return;
            }
            if (waited >= linger.toNanos()) {
                port.connections().forEach(LastAnswers::closeIfIdle);
            }
        } while (!port.connections().isEmpty());
    }

    /** On the connection's own loop, where no request can begin meanwhile. */
    private static void closeIfIdle(Channel connection) {
        connection.eventLoop().execute(() -> {
            if (ChannelOperations.get(connection) == null) {
                connection.close();
            }
        });
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Ends what {@link PortClosing} began. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Beside the WebSockets, which are sent away in this phase, and before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
