package io.opsrelay.gateway.stream;

import io.opsrelay.contracts.Channels;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.History;
import io.opsrelay.gateway.feed.Position;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a connection is still to be sent from its client's ring: no queue, but a cursor for all that is live, and one
 * for each subscription that catches up. Confined to the connection's event loop.
 */
final class Delivery {

    /** Frames looked at in one go, so that one connection that is far behind does not hold up its loop. */
    private static final int TURN = 512;

    private final Socket socket;
    private final String user;
    private final History history;
    private final BiConsumer<Channel, String> lost;
    private final Map<String, Subscription> byName = new LinkedHashMap<>();
    private final Map<String, Subscription> byTicket = new HashMap<>();
    private final List<Subscription> catchingUp = new ArrayList<>();

    private ClientRing ring;
    private long cursor;
    private int written;
    private boolean told;

    /** @param lost told of each channel that has missed frames for good, and why; it tells the client */
    Delivery(Socket socket, String user, ClientRing ring, History history, BiConsumer<Channel, String> lost) {
        this.socket = socket;
        this.user = user;
        this.ring = ring;
        this.history = history;
        this.lost = lost;
        this.cursor = ring.next();
    }

    /** Names of the channels, in the order of subscription. */
    List<String> channels() {
        return List.copyOf(byName.keySet());
    }

    int size() {
        return byName.size();
    }

    boolean has(String channel) {
        return byName.containsKey(channel);
    }

    /** Where a new subscription begins, and whether that is all that the client asked for. */
    record Start(
            Position position, boolean recovered, @Nullable String lost, long from) {}

    /** Finds out how a subscription would begin. */
    Start start(Channel channel, @Nullable Position resume) {
        // The position first: every frame up to it is in the ring by then.
        Position top = new Position(ring.epoch(), ring.position());
        if (resume != null && !channel.isState()) {
            return switch (history.after(resume, ring)) {
                case History.Recovery.Replay replay -> new Start(top, true, null, replay.from());
                case History.Recovery.Lost gone -> new Start(top, false, gone.reason(), live(top));
            };
        }
        return new Start(top, resume != null, null, live(top));
    }

    private long live(Position top) {
        long sequence = ring.after(top.offset());
        return sequence < 0 ? ring.next() : sequence;
    }

    /** Begins to deliver; a subscription of the same name is replaced. */
    void subscribe(Channel channel, Start start) {
        unsubscribe(channel.name());
        if (byName.isEmpty()) {
            cursor = start.from();
        }
        Subscription subscription = new Subscription(channel, start.from());
        byName.put(channel.name(), subscription);
        if (channel.ticket() != null) {
            byTicket.put(channel.ticket(), subscription);
        }
        if (subscription.next < cursor) {
            catchingUp.add(subscription);
        }
    }

    boolean unsubscribe(String name) {
        Subscription gone = byName.remove(name);
        if (gone == null) {
            return false;
        }
        catchingUp.remove(gone);
        if (gone.channel.ticket() != null) {
            byTicket.remove(gone.channel.ticket());
        }
        return true;
    }

    /** The offsets have another identity: everything begins anew. */
    void moveTo(ClientRing successor) {
        ring = successor;
        restart("epoch");
    }

    /**
     * Writes and flushes what there is room for.
     *
     * @return whether more could be sent at once; then call again, after others had their turn
     */
    boolean pump() {
        if (byName.isEmpty()) {
            cursor = ring.next();
            return false;
        }
        written = 0;
        told = false;
        boolean moreOfOld = catchUp();
        boolean more = live() || moreOfOld;
        if (written > 0 || told) {
            socket.flush();
        }
        return more && socket.writable();
    }

    /** Frames written by the last {@link #pump()}. */
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
            while (subscription.next < cursor) {
                if (budget-- == 0 || !socket.writable()) {
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
            if (budget-- == 0 || !socket.writable()) {
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

    private void write(Subscription subscription, Frame frame) {
        socket.write(subscription.channel.ticket() == null ? frame.text() : frame.ticketText());
        written++;
    }

    private void restart(String reason) {
        cursor = ring.next();
        catchingUp.clear();
        for (Subscription subscription : List.copyOf(byName.values())) {
            subscription.next = cursor;
            if (!subscription.channel.isState()) {
                tell(subscription.channel, reason);
            }
        }
    }

    private void tell(Channel channel, String reason) {
        told = true;
        lost.accept(channel, reason);
    }

    /** A channel and how far it was delivered. */
    private static final class Subscription {

        private final Channel channel;
        private long next;

        Subscription(Channel channel, long from) {
            this.channel = channel;
            this.next = from;
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
}
