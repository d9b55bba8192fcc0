package io.opsrelay.gateway.feed;

/** One partition of the feed topic, as far as it was read. Written by the feed's thread, read by all. */
final class FeedPartition {

    private final String epoch;
    private final long start;
    private volatile long position;

    /** @param start offset of the first record that is read */
    FeedPartition(String epoch, long start) {
        this.epoch = epoch;
        this.start = start;
        this.position = start - 1;
    }

    String epoch() {
        return epoch;
    }

    /** Before this, nothing is known. */
    long start() {
        return start;
    }

    long position() {
        return position;
    }

    void advanceTo(long offset) {
        if (offset > position) {
            position = offset;
        }
    }
}
