package io.opsrelay.messaging;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Whether events wait to be taken in. While they do, queues of jobs hold back: only in the job table do clients have their
 * turns, in a topic one waits behind whatever was written before.
 */
public final class Backlog {

    private static final long LASTS_NANOS = Duration.ofMillis(200).toNanos();

    private final AtomicInteger inHand = new AtomicInteger();
    private volatile long endedAt = System.nanoTime() - LASTS_NANOS;

    /** A poll brought so many events that more of them may wait; until they are applied and a moment longer, they do. */
    public Taking take() {
        inHand.incrementAndGet();
        return () -> {
            endedAt = System.nanoTime();
            inHand.decrementAndGet();
        };
    }

    /** Whether many events are being taken in, or were a moment ago. */
    public boolean isThere() {
        return inHand.get() > 0 || System.nanoTime() - endedAt < LASTS_NANOS;
    }

    /** Events that are being applied. */
    @FunctionalInterface
    public interface Taking extends AutoCloseable {

        @Override
        void close();
    }
}
