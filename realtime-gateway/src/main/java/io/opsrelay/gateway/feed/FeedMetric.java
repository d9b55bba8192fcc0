package io.opsrelay.gateway.feed;

/** The metrics of this module. */
enum FeedMetric {
    /** Records that became frames. */
    FRAMES("opsrelay.feed.frames", "frames", "Feed records that became frames"),
    /** Records that nobody can subscribe to. */
    SKIPPED("opsrelay.feed.skipped", "records", "Feed records of channels that this version does not know"),
    /** Records that came again. */
    REPEATED("opsrelay.feed.repeated", "records", "Feed records that were sent again, and were shown before"),
    /** Records that could not be used. */
    POISON("opsrelay.feed.poison", "records", "Feed records that could not be used and were set aside"),
    /** Records that could not be used, and could not be put on the dead-letter topic either. */
    DEAD_LETTERS_LOST(
            "opsrelay.feed.dead.letters.lost", "records", "Unusable records that Kafka did not take as dead letters"),
    /** Frames that left memory. */
    EVICTED("opsrelay.feed.evicted", "frames", "Frames that left memory to make room for newer ones"),
    /** Times that reading broke off. */
    INTERRUPTIONS("opsrelay.feed.interruptions", "times", "Times that reading the feed topic broke off"),
    /** Times that all positions became void. */
    RESTARTS("opsrelay.feed.restarts", "times", "Times that the feed's offsets turned out to be of another identity"),
    /** Passes over what has left memory. */
    READINGS("opsrelay.feed.readings", "readings", "Readings of what had left memory, from Kafka"),
    /** Memory of what was read again. */
    HISTORY_BYTES("opsrelay.feed.history", "bytes", "Memory that holds what was read again from Kafka"),
    /** Readings that were given up because there was no room. */
    HISTORY_REFUSED("opsrelay.feed.history.refused", "readings", "Readings from Kafka that there was no room for"),
    /** Memory in use. */
    RING_BYTES("opsrelay.feed.ring", "bytes", "Memory that holds frames");

    private final String id;
    private final String unit;
    private final String meaning;

    FeedMetric(String id, String unit, String meaning) {
        this.id = id;
        this.unit = unit;
        this.meaning = meaning;
    }

    String id() {
        return id;
    }

    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }
}
