package io.opsrelay.gateway.feed;

import java.util.concurrent.CompletionStage;

/**
 * Decides how a subscription goes on from the position that its client remembers: all of it, from memory or from Kafka,
 * or not at all.
 */
public final class History implements AutoCloseable {

    private final Feed feed;
    private final Archive archive;

    History(Feed feed, Archive archive) {
        this.feed = feed;
        this.archive = archive;
    }

    /** How to go on after this position. */
    public Recovery after(Position resume, ClientRing ring) {
        if (!resume.epoch().equals(ring.epoch())) {
            return new Recovery.Lost("epoch");
        }
        // A position ahead of this gateway's, from one that is further, is fine: the client drops what it knows.
        long sequence = ring.after(resume.offset());
        return sequence < 0 ? new Recovery.Older() : new Recovery.Replay(sequence);
    }

    /**
     * What has left memory behind the offset. Completes on a thread of the archive. Who is given a {@link Segment} has to
     * release it.
     */
    public CompletionStage<Past> read(ClientRing ring, long after) {
        return archive.read(ring.client(), ring.partition(), feed.numberOfPartition(ring.client()), after);
    }

    @Override
    public void close() {
        archive.close();
    }

    /** What {@link #after} found. */
    public sealed interface Recovery {

        /**
         * Everything since is in memory.
         *
         * @param from sequence number of the first frame to be sent again
         */
        record Replay(long from) implements Recovery {}

        /** Something since has left memory; {@link #read} may still get it. */
        record Older() implements Recovery {}

        /**
         * The position means nothing any more.
         *
         * @param reason as it stands in a {@code resync} frame
         */
        record Lost(String reason) implements Recovery {}
    }
}
