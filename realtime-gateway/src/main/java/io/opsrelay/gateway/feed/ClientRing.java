package io.opsrelay.gateway.feed;

import io.opsrelay.contracts.Channels;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The newest frames of one client, in order. One thread appends and evicts; any number read without locks, each with a
 * cursor of its own: a sequence number, which costs nothing here however far behind it is.
 */
public final class ClientRing {

    private static final int FIRST_CAPACITY = 16;

    private final String client;
    private final FeedPartition partition;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final States states = new States();

    // Written by the feed's thread only. Readers take `next` before `slots`, so that they find what `next` promises.
    private volatile AtomicReferenceArray<Frame> slots = new AtomicReferenceArray<>(FIRST_CAPACITY);
    private volatile long first;
    private volatile long next;
    private volatile long floor;
    private volatile boolean retired;

    // The feed's thread's own.
    private final Map<String, Long> lastOfChannel = new HashMap<>();
    private final Map<String, Long> lastOfKey = new HashMap<>();

    ClientRing(String client, FeedPartition partition, long floor) {
        this.client = client;
        this.partition = partition;
        this.floor = floor;
    }

    /** Identity of the offsets. */
    public String epoch() {
        return partition.epoch();
    }

    /** Offset up to which the client's partition was read. */
    public long position() {
        return partition.position();
    }

    /** Sequence number that the next frame will have. Every frame up to {@link #position()}, read before, is below it. */
    public long next() {
        return next;
    }

    /** The frame with that number; null if it has left memory or is not there yet. */
    public @Nullable Frame at(long sequence) {
        AtomicReferenceArray<Frame> current = slots;
        Frame frame = current.get(slot(sequence, current));
        return frame != null && frame.sequence() == sequence ? frame : null;
    }

    /**
     * Where to go on after this offset.
     *
     * @return the sequence number of the first frame behind the offset ({@link #next()} if there is none), or -1 if
     *     frames behind it have left memory
     */
    public long after(long offset) {
        if (offset < floor) {
            return -1;
        }
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            Frame frame = at(middle);
            if (frame == null) {
                return -1; // evicted meanwhile
            }
            if (frame.offset() > offset) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return offset < floor ? -1 : low;
    }

    /**
     * Where to begin with what comes after this offset, for whoever does not ask what was before.
     *
     * @return as {@link #after}, but never -1: what has left memory meanwhile is passed over
     */
    public long live(long offset) {
        long sequence = after(offset);
        return sequence < 0 ? next : sequence;
    }

    /**
     * Whether the offsets have got another identity. Nothing is appended here any more; {@link Feed#ring} has the
     * successor.
     */
    public boolean retired() {
        return retired;
    }

    /** Calls the listener, from the feed's thread, when frames were appended or the ring was retired. */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }

    /** Ends {@link #listen}. */
    public void unlisten(Runnable listener) {
        listeners.remove(listener);
    }

    /** The newest frames of the client's state channels. */
    public States states() {
        return states;
    }

    /** Takes what a state channel says now. It is not one of the ring's frames: only the newest of its key counts. */
    void report(FeedRow row, long offset) {
        states.put(new Frame(-1, epoch(), offset, row.type(), row.channel(), row.key(), -1, -1, row.tail()));
    }

    /** Takes an event. */
    Frame append(FeedRow row, long offset) {
        long prev = lastOfChannel.getOrDefault(row.channel(), -1L);
        long keyPrev = lastOfKey.getOrDefault(keyOf(row.channel(), row.key()), -1L);
        Frame frame = new Frame(next, epoch(), offset, row.type(), row.channel(), row.key(), prev, keyPrev, row.tail());
        lastOfChannel.put(row.channel(), offset);
        if (hasKeyChain(row.channel())) {
            lastOfKey.put(keyOf(row.channel(), row.key()), offset);
        }
        if (frame.sequence() - first == slots.length()) {
            grow();
        }
        AtomicReferenceArray<Frame> current = slots;
        current.set(slot(frame.sequence(), current), frame);
        next = frame.sequence() + 1;
        return frame;
    }

    /** Forgets the oldest frame, and its ticket's chain if nothing newer of that ticket is here. */
    void evict(Frame oldest) {
        floor = oldest.offset(); // before the frame goes: a reader must not believe that nothing is missing
        AtomicReferenceArray<Frame> current = slots;
        current.set(slot(oldest.sequence(), current), null);
        first = oldest.sequence() + 1;
        if (hasKeyChain(oldest.channel())) {
            lastOfKey.remove(keyOf(oldest.channel(), oldest.key()), oldest.offset());
        }
    }

    void retire() {
        retired = true;
    }

    void wakeListeners() {
        for (Runnable listener : listeners) {
            listener.run();
        }
    }

    /** Whose frames they are. */
    public String client() {
        return client;
    }

    FeedPartition partition() {
        return partition;
    }

    private void grow() {
        AtomicReferenceArray<Frame> old = slots;
        AtomicReferenceArray<Frame> larger = new AtomicReferenceArray<>(old.length() * 2);
        for (long sequence = first; sequence < next; sequence++) {
            larger.setPlain(slot(sequence, larger), old.getPlain(slot(sequence, old)));
        }
        slots = larger;
    }

    private static boolean hasKeyChain(String channel) {
        return channel.equals(Channels.TICKETS) || channel.equals(FeedChannels.ME);
    }

    private static String keyOf(String channel, String key) {
        return channel + ' ' + key;
    }

    private static int slot(long sequence, AtomicReferenceArray<Frame> slots) {
        return (int) sequence & (slots.length() - 1);
    }
}
