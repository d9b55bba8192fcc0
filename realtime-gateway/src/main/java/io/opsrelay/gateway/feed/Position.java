package io.opsrelay.gateway.feed;

/**
 * A place in a client's feed. Everything up to and including it is known.
 *
 * @param epoch identity of the offsets; positions of different epochs cannot be compared
 * @param offset Kafka's offset in the client's partition of the feed topic; -1 before the first record
 */
public record Position(String epoch, long offset) {

    /** As in the {@code Feed-Position} header: {@code epoch:offset}. */
    @Override
    public String toString() {
        return epoch + ":" + offset;
    }
}
