package io.opsrelay.gateway.feed;

import org.springframework.stereotype.Component;

/** Decides how a subscription goes on from the position that its client remembers: all of it, or not at all. */
@Component
public final class History {

    History() {}

    /** How to go on after this position. */
    public Recovery after(Position resume, ClientRing ring) {
        if (!resume.epoch().equals(ring.epoch())) {
            return new Recovery.Lost("epoch");
        }
        // A position ahead of this gateway's, from one that is further, is fine: the client drops what it knows.
        long sequence = ring.after(resume.offset());
        return sequence < 0 ? new Recovery.Lost("retention") : new Recovery.Replay(sequence);
    }

    /** What {@link #after} found. */
    public sealed interface Recovery {

        /**
         * Everything since is in memory.
         *
         * @param from sequence number of the first frame to be sent again
         */
        record Replay(long from) implements Recovery {}

        /**
         * Something since is gone.
         *
         * @param reason as it stands in a {@code resync} frame
         */
        record Lost(String reason) implements Recovery {}
    }
}
