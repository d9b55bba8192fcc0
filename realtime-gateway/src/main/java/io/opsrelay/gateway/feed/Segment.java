package io.opsrelay.gateway.feed;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Frames of one client that had left memory, read again from Kafka; shared by all who missed them. Whoever is given it
 * gives it back by {@link #release()}, once, however it ends: until the last has, its bytes count against the bound of all
 * such readings.
 */
public final class Segment implements Past {

    private final long upTo;
    private final List<Frame> frames;
    private final Runnable freed;
    private final AtomicInteger users = new AtomicInteger(1);

    /**
     * In the hands of whoever made it.
     *
     * @param upTo every event of the client that was asked for, up to this offset, is here
     * @param frames in their order; those of state channels are not among them
     * @param freed called when nobody uses it any more
     */
    Segment(long upTo, List<Frame> frames, Runnable freed) {
        this.upTo = upTo;
        this.frames = List.copyOf(frames);
        this.freed = freed;
    }

    /** Every event up to this offset is here. */
    public long upTo() {
        return upTo;
    }

    /** In their order. */
    public List<Frame> frames() {
        return frames;
    }

    /** One more uses it. */
    void retain() {
        users.incrementAndGet();
    }

    /** One uses it no more. */
    public void release() {
        int left = users.decrementAndGet();
        if (left == 0) {
            freed.run();
        } else if (left < 0) {
            throw new IllegalStateException("released more often than it was given out");
        }
    }

    /** Index of the first frame behind the offset. */
    public int indexAfter(long offset) {
        int low = 0;
        int high = frames.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (frames.get(middle).offset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
