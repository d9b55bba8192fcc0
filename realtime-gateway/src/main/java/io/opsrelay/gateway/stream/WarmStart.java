package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.feed.Feed;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * A port that is shared brings callers from its first moment on, whom another gateway could serve: it is opened when the
 * feed has been read, so that no WebSocket is refused. Without Kafka it is opened all the same, for the requests.
 */
@Component
final class WarmStart implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(WarmStart.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(10);

    private final Feed feed;
    private final boolean shared;
    private volatile boolean running;

    WarmStart(Feed feed, @Value("${opsrelay.edge.reuse-port:false}") boolean shared) {
        this.feed = feed;
        this.shared = shared;
    }

    @Override
    public void start() {
        running = true;
        if (!shared) {
            return;
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!feed.warm() && System.nanoTime() - deadline < 0) {
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!feed.warm()) {
            LOG.warn("The feed has not been read yet; the port is opened without it");
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** After the feed's thread has begun, just before the port is opened. */
    @Override
    public int getPhase() {
        return WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE - 1;
    }
}
