package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.opsrelay.contracts.Channels;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.gateway.feed.Segment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is still to be sent from its client's ring: no queue, but a cursor for all that is live, one for each
 * subscription that catches up, and for each state channel the offset up to which it was told. Confined to the
 * connection's event loop.
 */
final class Delivery {

    /** Frames looked at in one go, so that one connection that is far behind does not hold up its loop. */
    private static final int TURN = 128;

    private static final int TURN_BYTES = 32 * 1024;

    private final Socket socket;
    private final StreamProperties limits;
    private final String user;
    private final BiConsumer<Channel, String> lost;
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private final Map<String, Subscription> byName = new HashMap<>();
    private final Map<String, Subscription> byTicket = new HashMap<>();
    private final Map<String, State> states = new HashMap<>();
    private final List<Subscription> catchingUp = new ArrayList<>();

    private ClientRing ring;
    private long cursor;
    /** The event channels, if they want nothing but what all others of the client get as well. */
    private Set<String> plain = Set.of();

    private @Nullable ByteBuf turn;
    private int written;
    private boolean told;
    private long conflated;

    /** @param lost told of each channel that has missed frames for good, and why; it tells the client */
    Delivery(Socket socket, StreamProperties limits, String user, ClientRing ring, BiConsumer<Channel, String> lost) {
        this.socket = socket;
        this.limits = limits;
        this.user = user;
        this.ring = ring;
        this.lost = lost;
        this.cursor = ring.next();
    }

    /** Names of the channels, in the order of subscription. */
    List<String> channels() {
        return List.copyOf(channels.keySet());
    }

    int size() {
        return channels.size();
    }

    boolean has(String channel) {
        return channels.containsKey(channel);
    }

    ClientRing ring() {
        return ring;
    }

    /**
     * Begins to deliver; a subscription of the same name is replaced.
     *
     * @param from sequence number of the first event, of no meaning for a state channel
     * @param older what comes before that, read from Kafka, and released when it is not needed any more; only events
     *     behind {@code behind} are wanted of it
     */
    void subscribe(Channel channel, long from, @Nullable Segment older, long behind) {
        unsubscribe(channel.name());
        channels.put(channel.name(), channel);
        if (channel.isState()) {
            states.put(channel.name(), new State(channel, limits.cadenceOf(channel)));
            return;
        }
        if (byName.isEmpty()) {
            cursor = from;
        }
        Subscription subscription = new Subscription(channel, from, older, behind);
        byName.put(channel.name(), subscription);
        if (channel.ticket() != null) {
            byTicket.put(channel.ticket(), subscription);
        }
        if (subscription.next < cursor || subscription.hasOlder()) {
            catchingUp.add(subscription);
        }
        findPlain();
    }

    boolean unsubscribe(String name) {
        Channel gone = channels.remove(name);
        if (gone == null) {
            return false;
        }
        states.remove(name);
        Subscription subscription = byName.remove(name);
        if (subscription != null) {
            catchingUp.remove(subscription);
            subscription.forgetOlder();
        }
        if (gone.ticket() != null) {
            byTicket.remove(gone.ticket());
        }
        findPlain();
        return true;
    }

    /** Nothing is sent any more. */
    void close() {
        byName.values().forEach(Subscription::forgetOlder);
    }

    private void findPlain() {
        boolean own = !byTicket.isEmpty() || byName.containsKey(FeedChannels.ME);
        plain = own ? Set.of() : Set.copyOf(byName.keySet());
    }

    /** The offsets have another identity: everything begins anew. */
    void moveTo(ClientRing successor) {
        ring = successor;
        states.values().forEach(state -> {
            state.begun = false;
            state.told = -1;
        });
        restart("epoch");
    }

    /**
     * Writes and flushes what there is room for.
     *
     * @param shared what others of the client are sent in this round, if there is a round
     * @return whether more could be sent at once; then call again, after others had their turn
     */
    boolean pump(@Nullable Batches shared) {
        if (byName.isEmpty()) {
            cursor = ring.next();
            return false;
        }
        written = 0;
        told = false;
        boolean more;
        if (shared != null && !plain.isEmpty() && catchingUp.isEmpty() && isPast()) {
            more = together(shared);
        } else {
            boolean moreOfOld = catchUp();
            more = live() || moreOfOld;
            writeTurn();
        }
        if (written > 0 || told) {
            socket.flush();
        }
        return more && socket.writable();
    }

    /** Whether every subscription has begun at or before the cursor. */
    private boolean isPast() {
        for (Subscription subscription : byName.values()) {
            if (subscription.next > cursor) {
                return false;
            }
        }
        return true;
    }

    private boolean together(Batches shared) {
        if (!socket.writable()) {
            return false;
        }
        Batches.Batch batch = shared.events(cursor, plain);
        if (batch == null) {
            restart("slow");
            return false;
        }
        cursor = batch.next();
        if (batch.frames() > 0) {
            socket.write(batch.bytes().retainedDuplicate());
            written += batch.frames();
        }
        return cursor < ring.next();
    }

    /**
     * Tells what state channels say since they were told last, only the newest of each key; and at their cadence all of
     * it. A socket without room is told later, and then again only the newest.
     *
     * @param now of the monotonic clock, in ns
     * @return frames written
     */
    int tellStates(Batches shared, long now) {
        int frames = 0;
        for (State state : states.values()) {
            if (!socket.writable()) {
                break;
            }
            Batches.StateBatch says = null;
            if (!state.begun || now - state.toldAt >= state.cadence) {
                says = shared.snapshot(state.channel.name(), state.told);
            } else if (ring.states().newest(state.channel.name()) > state.told) {
                says = shared.state(state.channel.name(), state.told);
            }
            if (says != null) {
                Batches.Batch batch = says.batch();
                if (state.begun) {
                    conflated += says.reported() - state.reported - says.changed();
                }
                state.begun = true;
                state.reported = says.reported();
                state.told = batch.next();
                state.toldAt = now;
                if (batch.frames() > 0) {
                    socket.write(batch.bytes().retainedDuplicate());
                    frames += batch.frames();
                }
            }
        }
        if (frames > 0) {
            socket.flush();
        }
        return frames;
    }

    /** Whether any channel is one of states. */
    boolean hasStates() {
        return !states.isEmpty();
    }

    /** Reports of state channels that were not sent because a newer one of the same key came first. */
    long conflated() {
        return Math.max(0, conflated);
    }

    /** Frames written by the last {@link #pump}. */
    int written() {
        return written;
    }

    /**
     * Up to where everything was written that this connection subscribed to; null if something is lost and the client
     * is about to be told.
     */
    @Nullable
    Position complete() {
        // The position first, then what was appended: what is not there now came after the position.
        long position = ring.position();
        long oldest = cursor;
        for (Subscription subscription : catchingUp) {
            Frame older = subscription.older();
            if (older != null) {
                position = Math.min(position, older.offset() - 1);
            }
            oldest = Math.min(oldest, subscription.next);
        }
        if (!byName.isEmpty() && oldest < ring.next()) {
            Frame next = ring.at(oldest);
            if (next == null) {
                return null;
            }
            position = Math.min(position, next.offset() - 1);
        }
        return new Position(ring.epoch(), position);
    }

    long lag() {
        Position complete = complete();
        return complete == null ? ring.position() + 1 : Math.max(0, ring.position() - complete.offset());
    }

    private boolean catchUp() {
        int budget = TURN;
        for (Subscription subscription : List.copyOf(catchingUp)) {
            for (Frame older = subscription.older(); older != null; older = subscription.older()) {
                if (budget-- == 0 || !room()) {
                    return true;
                }
                subscription.olderNext++;
                if (subscription.wants(older, user)) {
                    write(subscription, older);
                }
            }
            subscription.forgetOlder();
            while (subscription.next < cursor) {
                if (budget-- == 0 || !room()) {
                    return true;
                }
                Frame frame = ring.at(subscription.next);
                if (frame == null) {
                    subscription.next = cursor;
                    tell(subscription.channel, "slow");
                    break;
                }
                subscription.next++;
                if (subscription.wants(frame, user)) {
                    write(subscription, frame);
                }
            }
            catchingUp.remove(subscription);
        }
        return false;
    }

    private boolean live() {
        int budget = TURN;
        long end = ring.next();
        while (cursor < end) {
            if (budget-- == 0 || !room()) {
                return true;
            }
            Frame frame = ring.at(cursor);
            if (frame == null) {
                restart("slow");
                return false;
            }
            cursor++;
            deliver(byName.get(frame.channel()), frame);
            if (!byTicket.isEmpty() && frame.channel().equals(Channels.TICKETS)) {
                deliver(byTicket.get(frame.key()), frame);
            }
        }
        return false;
    }

    private void deliver(@Nullable Subscription subscription, Frame frame) {
        // One that catches up comes to this frame by itself; one that began later does not want it.
        if (subscription != null && subscription.next <= frame.sequence() && !catchingUp.contains(subscription)) {
            subscription.next = frame.sequence() + 1;
            if (subscription.wants(frame, user)) {
                write(subscription, frame);
            }
        }
    }

    private boolean room() {
        ByteBuf open = turn;
        return socket.writable() && (open == null || open.readableBytes() < TURN_BYTES);
    }

    private void write(Subscription subscription, Frame frame) {
        byte[] text = subscription.channel.ticket() == null ? frame.text() : frame.ticketText();
        ByteBuf open = turn;
        if (open == null) {
            open = socket.memory().directBuffer(Math.max(512, WireFrame.size(text.length)));
            turn = open;
        }
        WireFrame.write(open, text);
        written++;
    }

    /** Hands over what this turn has gathered, before anything else is written. */
    private void writeTurn() {
        ByteBuf open = turn;
        if (open != null) {
            turn = null;
            socket.write(open);
        }
    }

    private void restart(String reason) {
        writeTurn();
        cursor = ring.next();
        catchingUp.clear();
        for (Subscription subscription : List.copyOf(byName.values())) {
            subscription.next = cursor;
            subscription.forgetOlder();
            tell(subscription.channel, reason);
        }
    }

    private void tell(Channel channel, String reason) {
        writeTurn();
        told = true;
        lost.accept(channel, reason);
    }

    /** An event channel and how far it was delivered. */
    private static final class Subscription {

        private final Channel channel;
        private long next;
        private @Nullable Segment segment;
        private int olderNext;

        Subscription(Channel channel, long from, @Nullable Segment older, long behind) {
            this.channel = channel;
            this.next = from;
            this.segment = older;
            this.olderNext = older == null ? 0 : older.indexAfter(behind);
            if (!hasOlder()) {
                forgetOlder();
            }
        }

        boolean hasOlder() {
            return older() != null;
        }

        /** The next of the older frames; null if there is none. */
        @Nullable
        Frame older() {
            Segment read = segment;
            return read == null || olderNext >= read.frames().size()
                    ? null
                    : read.frames().get(olderNext);
        }

        void forgetOlder() {
            Segment read = segment;
            segment = null;
            if (read != null) {
                read.release();
            }
        }

        boolean wants(Frame frame, String user) {
            if (channel.ticket() != null) {
                return frame.channel().equals(Channels.TICKETS) && frame.key().equals(channel.ticket());
            }
            if (!frame.channel().equals(channel.name())) {
                return false;
            }
            return !channel.name().equals(FeedChannels.ME) || frame.key().equals(user);
        }
    }

    /** A state channel and what was told of it. */
    private static final class State {

        private final Channel channel;
        private final long cadence;
        private boolean begun;
        private long told = -1;
        private long reported;
        private long toldAt;

        State(Channel channel, Duration cadence) {
            this.channel = channel;
            this.cadence = cadence.toNanos();
        }
    }
}
