package io.opsrelay.gateway.feed;

import java.util.List;

/**
 * Frames of one client that had left memory, read again from Kafka; shared by all who missed them.
 *
 * @param after every event of the client behind this offset is here
 * @param upTo and up to this one
 * @param frames in their order; those of state channels are not among them
 */
public record Segment(long after, long upTo, List<Frame> frames) {

    public Segment {
        frames = List.copyOf(frames);
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
