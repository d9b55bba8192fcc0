package io.opsrelay.messaging.outbox;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hears it when another instance has committed rows, and tells this one's relay. What it misses is found by a look. */
final class RelayCalls {

    private static final Logger LOG = LoggerFactory.getLogger(RelayCalls.class);
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration A_MOMENT = Duration.ofMillis(300);

    private final RelayStore store;
    private final Runnable called;
    private volatile boolean running;
    private @Nullable Thread thread;

    RelayCalls(RelayStore store, Runnable called) {
        this.store = store;
        this.called = called;
    }

    void start() {
        running = true;
        thread = Thread.ofVirtual().name("outbox-calls").start(this::listen);
    }

    void stop() throws InterruptedException {
        running = false;
        Thread listening = thread;
        if (listening != null) {
            // Not from this thread: where the database is away, it would wait for a connection.
            Thread.ofVirtual().name("outbox-calls-end").start(this::call);
            if (!listening.join(A_MOMENT)) {
                // A read from a socket ends by it, too: this is a virtual thread.
                listening.interrupt();
                listening.join(AT_ONCE);
            }
        }
    }

    private void call() {
        try {
            store.call();
        } catch (SQLException e) {
            LOG.debug("Who waits for calls is interrupted instead", e);
        }
    }

    private void listen() {
        while (running) {
            try {
                store.listen(called, AT_ONCE, () -> running);
            } catch (SQLException | RuntimeException e) {
                if (!running) {
                    return;
                }
                LOG.debug("Other instances' rows are found by looking for them", e);
                pause();
            }
        }
    }

    private void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
