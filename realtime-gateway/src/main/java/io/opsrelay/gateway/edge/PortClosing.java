package io.opsrelay.gateway.edge;

import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/**
 * The first thing that a gateway does when it stops. {@link PublicPort} does not do it by itself: a bean's lifecycle ends
 * after those of the beans that use it, and here one of them has to go on.
 */
@Component
final class PortClosing implements SmartLifecycle {

    private final PublicPort port;
    private volatile boolean running;

    PortClosing(PublicPort port) {
        this.port = port;
    }

    @Override
    public void start() {
        running = true;
    }

    @Override
    public void stop() {
        port.close();
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** A closed port does not open again. */
    @Override
    public boolean isPauseable() {
        return false;
    }

    /** Before the WebSockets are sent away, which would come back to this port at once. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 256;
    }
}
