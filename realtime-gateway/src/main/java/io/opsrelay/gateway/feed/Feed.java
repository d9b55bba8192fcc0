package io.opsrelay.gateway.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What other modules see of the feed. Thread-safe. */
public final class Feed {

    private static final long UNKNOWN = -1;

    /** An idle broker answers twice a second. */
    private static final Duration LONGEST_SILENCE = Duration.ofSeconds(10);

    private volatile @Nullable Rings rings;
    private volatile long lag = UNKNOWN;
    private volatile @Nullable Instant readAt;

    Feed() {}

    /** Whether the newest frames have been read since the start. Until then there is nothing to subscribe to. */
    public boolean warm() {
        return rings != null;
    }

    /**
     * The client's frames. Ask again when the ring is {@link ClientRing#retired()}.
     *
     * @throws IllegalStateException if the feed is not {@link #warm()}
     */
    public ClientRing ring(String client) {
        Rings current = rings;
        if (current == null) {
            throw new IllegalStateException("the feed has not been read yet");
        }
        return current.of(client);
    }

    /** Up to where the client's feed was read; empty while it has not been read yet. */
    public Optional<Position> position(String client) {
        Rings current = rings;
        if (current == null) {
            return Optional.empty();
        }
        FeedPartition partition = current.partitionOf(client);
        return Optional.of(new Position(partition.epoch(), partition.position()));
    }

    /** Records that Kafka holds and this gateway has not read yet, as of its last poll; empty while that is not known. */
    public OptionalLong lag() {
        long known = lag;
        return known == UNKNOWN ? OptionalLong.empty() : OptionalLong.of(known);
    }

    /** When Kafka last told this gateway what is new, which may be nothing; empty before it first has. */
    public Optional<Instant> readAt() {
        return Optional.ofNullable(readAt);
    }

    /** Whether what happens is heard of here: the feed is {@link #warm()}, and Kafka has told of it within 10 s. */
    public boolean current(Instant now) {
        Instant last = readAt;
        return warm() && last != null && last.plus(LONGEST_SILENCE).isAfter(now);
    }

    void readAt(Instant time) {
        readAt = time;
    }

    void lag(OptionalLong known) {
        lag = known.orElse(UNKNOWN);
    }

    /** The partition that holds the client's records. */
    int numberOfPartition(String client) {
        Rings current = rings;
        if (current == null) {
            throw new IllegalStateException("the feed has not been read yet");
        }
        return current.numberOfPartition(client);
    }

    @Nullable
    Rings current() {
        return rings;
    }

    /** Puts these in the place of the former ones, whose readers are told. */
    void replaceBy(Rings successor) {
        Rings former = rings;
        rings = successor;
        if (former != null) {
            // Retired only now: who is woken finds the successor.
            former.all().forEach(ClientRing::retire);
            former.all().forEach(ClientRing::wakeListeners);
        }
    }
}
