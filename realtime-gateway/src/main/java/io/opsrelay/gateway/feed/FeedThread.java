package io.opsrelay.gateway.feed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/** The one platform thread that reads the feed, from the start of the gateway to its end. */
final class FeedThread implements SmartLifecycle {

    private static final Duration END = Duration.ofSeconds(3);

    private final FeedReader reader;
    private @Nullable Thread thread;

    FeedThread(FeedReader reader) {
        this.reader = reader;
    }

    @Override
    public void start() {
        thread = Thread.ofPlatform().name("feed").daemon().start(reader);
    }

    @Override
    public void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        reader.stop();
        try {
            if (!running.join(END)) {
                running.interrupt(); // it waits for a broker that is away
                running.join(END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        thread = null;
    }

    @Override
    public boolean isRunning() {
        return thread != null;
    }

    /** Stops after the connections were drained, which still want frames. */
    @Override
    public int getPhase() {
        return 0;
    }
}
