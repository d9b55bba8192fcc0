package io.opsrelay.gateway.feed;

/** What came of reading what had left memory: all of it, or nothing. */
public sealed interface Past permits Segment, Past.Missing {

    /**
     * It is not to be had.
     *
     * @param reason as it stands in a {@code resync} frame: {@code retention} (it is no longer there, is too much, or
     *     Kafka does not give it now) or {@code busy} (there is no room for it now)
     */
    record Missing(String reason) implements Past {}
}
