package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.gateway.feed.States;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one client on one event loop are sent in one round: put together once for all that stand at
 * the same place and want the same channels, and shared. Lives as long as the round.
 */
final class Batches implements AutoCloseable {

    /** Bytes in one go; more would let a slow socket hold more than it should. */
    private static final int MOST_BYTES = 32 * 1024;

    private final ClientRing ring;
    private final ByteBufAllocator memory;
    private final long end;
    private final Map<Place, Batch> events = new HashMap<>(4);
    private final Map<State, StateBatch> states = new HashMap<>(4);

    Batches(ClientRing ring, ByteBufAllocator memory) {
        this.ring = ring;
        this.memory = memory;
        this.end = ring.next();
    }

    /** The events of these channels from this sequence number on; null if some of them have left memory. */
    @Nullable
    Batch events(long from, Set<String> channels) {
        return events.computeIfAbsent(new Place(from, channels), this::gather);
    }

    /** What the state channel says beyond the offset. */
    StateBatch state(String channel, long beyond) {
        return states.computeIfAbsent(new State(channel, beyond, false), state -> {
            States.Said said = ring.states().said(channel, beyond);
            List<Frame> frames = said.frames();
            Batch batch = batch(
                    frames.stream().map(Frame::text).toList(),
                    frames.isEmpty() ? beyond : frames.getLast().offset());
            return new StateBatch(batch, said.reported(), frames.size());
        });
    }

    /**
     * All that the state channel says at present, and if that is nothing, that it is nothing.
     *
     * @param told offset up to which it was told before
     */
    StateBatch snapshot(String channel, long told) {
        return states.computeIfAbsent(new State(channel, told, true), state -> {
            Position position = new Position(ring.epoch(), ring.position());
            States.Said said = ring.states().said(channel, -1);
            List<Frame> frames = said.frames();
            List<byte[]> texts = frames.isEmpty()
                    ? List.of(ServerFrame.emptyState(null, channel, null, position))
                    : frames.stream()
                            .map(frame -> frame.snapshotText(position.offset()))
                            .toList();
            int changed =
                    (int) frames.stream().filter(frame -> frame.offset() > told).count();
            return new StateBatch(
                    batch(texts, frames.isEmpty() ? -1 : frames.getLast().offset()), said.reported(), changed);
        });
    }

    private @Nullable Batch gather(Place place) {
        List<byte[]> texts = new ArrayList<>();
        int bytes = 0;
        long at = place.from;
        while (at < end && bytes < MOST_BYTES) {
            Frame frame = ring.at(at);
            if (frame == null) {
                return null;
            }
            at++;
            if (place.channels.contains(frame.channel())) {
                texts.add(frame.text());
                bytes += frame.text().length;
            }
        }
        return batch(texts, at);
    }

    private Batch batch(List<byte[]> texts, long next) {
        if (texts.isEmpty()) {
            return new Batch(Unpooled.EMPTY_BUFFER, 0, next);
        }
        ByteBuf bytes = memory.directBuffer(
                texts.stream().mapToInt(text -> WireFrame.size(text.length)).sum());
        texts.forEach(text -> WireFrame.write(bytes, text));
        return new Batch(bytes, texts.size(), next);
    }

    /** What was sent stays until its sockets have taken it. */
    @Override
    public void close() {
        events.values().forEach(batch -> batch.bytes.release());
        states.values().forEach(state -> state.batch.bytes.release());
    }

    /**
     * Ready frames.
     *
     * @param next events: sequence number behind the last; states: the newest offset among them
     */
    record Batch(ByteBuf bytes, int frames, long next) {}

    /**
     * What a state channel says.
     *
     * @param reported how many frames the channel has had by then
     * @param changed how many keys have a newer frame than was told before
     */
    record StateBatch(Batch batch, long reported, int changed) {}

    private record Place(long from, Set<String> channels) {}

    private record State(String channel, long told, boolean whole) {}
}
