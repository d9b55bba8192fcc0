package io.opsrelay.gateway.feed;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** One partition of the feed topic, as far as it was read. Written by the feed's thread, read by all. */
final class FeedPartition {

    /** A relay that was ended before it could note what it had sent repeats far fewer records than this. */
    private static final int REMEMBERED = 8192;

    private final String epoch;
    private final long start;
    private final int count;
    private volatile long position;

    // The feed's thread's own.
    private final Set<String> recentIds = Collections.newSetFromMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    });

    /**
     * A partition of which nothing was read yet.
     *
     * @param start offset of the first record that is read
     * @param count how many partitions the topic has
     */
    FeedPartition(String epoch, long start, int count) {
        this.epoch = epoch;
        this.count = count;
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

    int count() {
        return count;
    }

    long position() {
        return position;
    }

    /** Whether the record was not here lately: at its second coming it has the same id and another offset. */
    boolean isFirst(FeedRow row) {
        return row.id().isEmpty() || recentIds.add(row.client() + ' ' + row.id());
    }

    void advanceTo(long offset) {
        if (offset > position) {
            position = offset;
        }
    }
}
