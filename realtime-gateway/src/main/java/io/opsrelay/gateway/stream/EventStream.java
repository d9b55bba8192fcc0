package io.opsrelay.gateway.stream;

import io.opsrelay.contracts.Channels;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.History;
import io.opsrelay.gateway.feed.Past;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.gateway.feed.Segment;
import io.opsrelay.gateway.feed.States;
import io.opsrelay.security.Caller;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.FluxSink;
import reactor.core.scheduler.Scheduler;

/**
 * One client's server-sent events: a cursor into the ring, as a WebSocket has, that moves when the peer has taken what it
 * was sent. Wakes from whatever thread; only one at a time works on it.
 */
final class EventStream {

    private static final int MOST_BYTES = 32 * 1024;
    private static final Duration TICK = Duration.ofMillis(250);

    private final Connections house;
    private final Caller caller;
    private final List<Channel> channels;
    private final FluxSink<byte[]> sink;
    private final String id = UUID.randomUUID().toString();
    private final Instant since;
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable listener = this::wake;
    private final AtomicReference<@Nullable Beginning> beginning = new AtomicReference<>();

    private volatile ClientRing ring;
    private volatile @Nullable Disposable timer;
    private volatile @Nullable Drain drain;
    private volatile boolean ticked;
    private volatile Progress progress = new Progress(0, ConnectionView.LIVE, 0);

    // Of whoever works on it.
    private final Queue<byte[]> first = new ArrayDeque<>();
    private final Map<String, Told> statesTold = new HashMap<>();
    private boolean begun;
    private boolean drainTold;
    private boolean expiryTold;
    private @Nullable Segment segment;
    private int older;
    private long cursor;
    private long conflated;
    private long nextHeartbeat;
    /** When the peer was last seen to want something. */
    private long lastTaken;

    /** @param caller who was admitted; released when the stream ends, however it ends */
    EventStream(Connections house, Caller caller, List<Channel> channels, FluxSink<byte[]> sink) {
        this.house = house;
        this.caller = caller;
        this.channels = List.copyOf(channels);
        this.sink = sink;
        this.since = house.clock().instant();
        this.ring = house.ring(caller);
    }

    /** Finds the place to begin at, and begins. */
    void open(@Nullable Position resume, Scheduler scheduler) {
        long now = System.nanoTime();
        nextHeartbeat = now + house.limits().heartbeat().toNanos();
        lastTaken = now;
        ClientRing found = ring;
        found.listen(listener);
        house.enter(this);
        sink.onDispose(this::end);
        timer = scheduler.schedulePeriodically(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (ended.get()) {
            release();
        }
        sink.onRequest(demand -> wake());
        find(found, resume);
    }

    private void find(ClientRing found, @Nullable Position resume) {
        Position top = new Position(found.epoch(), found.position());
        if (resume == null) {
            begin(new Beginning(found, top, found.live(top.offset()), null, -1, null, false));
            return;
        }
        switch (house.history().after(resume, found)) {
            case History.Recovery.Replay replay ->
                begin(new Beginning(found, top, replay.from(), null, -1, null, true));
            case History.Recovery.Lost gone -> begin(lost(found, gone.reason()));
            case History.Recovery.Older behind -> {
                var unused = house.history()
                        .read(found, resume.offset())
                        .thenAccept(past -> begin(read(found, resume.offset(), past)));
            }
        }
    }

    private static Beginning read(ClientRing found, long behind, Past past) {
        if (past instanceof Segment read) {
            long from = found.after(read.upTo());
            if (from >= 0) {
                Position top = new Position(found.epoch(), found.position());
                return new Beginning(found, top, from, read, behind, null, true);
            }
            read.release();
        }
        return lost(found, past instanceof Past.Missing missing ? missing.reason() : "retention");
    }

    private static Beginning lost(ClientRing found, String reason) {
        Position top = new Position(found.epoch(), found.position());
        return new Beginning(found, top, found.live(top.offset()), null, -1, reason, false);
    }

    /**
     * Where a stream begins.
     *
     * @param from sequence number of the first frame of the ring
     * @param older what comes before that, released by whoever has it last
     * @param behind only events of it behind this offset are wanted
     * @param lost why something is lost, if it is
     */
    private record Beginning(
            ClientRing ring,
            Position top,
            long from,
            @Nullable Segment older,
            long behind,
            @Nullable String lost,
            boolean recovered) {}

    /**
     * The gateway stops.
     *
     * @param afterMillis when the client is to go elsewhere
     * @param at the same, of the monotonic clock, in ns
     * @param deadline by which it is gone whether or not it has been sent all, of the same clock
     */
    private record Drain(long afterMillis, long at, long deadline) {}

    /** As it was at the last tick, for administrators. */
    private record Progress(long lag, String delivery, long conflated) {}

    private void begin(Beginning found) {
        beginning.set(found);
        wake();
    }

    private void takeUp(Beginning found) {
        Beginning from = found;
        if (found.ring != ring) {
            if (found.older != null) {
                found.older.release();
            }
            from = lost(ring, "epoch");
        }
        for (Channel channel : channels) {
            boolean recovered = from.recovered && !channel.isState();
            first.add(event(ServerFrame.subscribed(null, channel.name(), from.top, recovered), null));
        }
        if (from.lost != null) {
            tellLost(from.lost);
        }
        cursor = from.from;
        segment = from.older;
        older = from.older == null ? 0 : from.older.indexAfter(from.behind);
        begun = true;
    }

    /** The gateway stops: go elsewhere after this time, in ms, and be ended then. */
    void drain(long afterMillis, long deadlineNanos) {
        if (drain == null) {
            drain = new Drain(
                    afterMillis, System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(afterMillis), deadlineNanos);
            wake();
        }
    }

    private void tick() {
        ticked = true;
        wake();
    }

    private void wake() {
        if (work.getAndIncrement() != 0) {
            return;
        }
        int missed = 1;
        do {
            try {
                deliver();
            } catch (RuntimeException e) {
                sink.error(e);
            }
            missed = work.addAndGet(-missed);
        } while (missed != 0);
    }

    private void deliver() {
        Beginning found = beginning.getAndSet(null);
        if (ended.get()) {
            if (found != null && found.older != null) {
                found.older.release();
            }
            forgetSegment();
            ring.unlisten(listener); // in case it has moved on just then
            return;
        }
        if (ring.retired()) {
            moveOn();
        }
        if (found != null) {
            takeUp(found);
        }
        boolean tick = ticked;
        ticked = false;
        long now = System.nanoTime();
        if (sink.requestedFromDownstream() > 0) {
            lastTaken = now;
        }
        announce(tick);
        send(now, tick);
        if (tick) {
            long lag = begun ? Math.max(0, ring.position() - complete().offset()) : 0;
            boolean room = sink.requestedFromDownstream() > 0;
            progress = new Progress(
                    lag,
                    begun && lag == 0 ? ConnectionView.LIVE : room ? ConnectionView.CATCHING_UP : ConnectionView.PAUSED,
                    Math.max(0, conflated));
            CloseCode over = over(now);
            if (over != null) {
                house.closing(over);
                sink.complete();
            }
        }
    }

    private void send(long now, boolean tick) {
        boolean due = tick;
        while (sink.requestedFromDownstream() > 0) {
            byte[] next = gather(now, due);
            due = false;
            if (next.length == 0) {
                return;
            }
            sink.next(next);
        }
    }

    /** Says once that the stream is about to end, while there is time to open another. */
    private void announce(boolean tick) {
        Drain leaving = drain;
        if (leaving != null && !drainTold) {
            drainTold = true;
            first.add(event(ServerFrame.reconnect(leaving.afterMillis, "drain"), null));
        }
        if (tick && !expiryTold && house.clock().instant().isAfter(caller.expiresAt())) {
            expiryTold = true;
            house.erred(CloseCode.TOKEN_EXPIRED.label());
            first.add(event(ServerFrame.ending(CloseCode.TOKEN_EXPIRED), null));
        }
    }

    /** Why it is over: the token has expired, the gateway drains, or the peer has taken nothing for too long. */
    private @Nullable CloseCode over(long now) {
        Instant end = caller.expiresAt().plus(house.limits().expiryGrace());
        if (expiryTold && house.clock().instant().isAfter(end)) {
            return CloseCode.TOKEN_EXPIRED;
        }
        Drain leaving = drain;
        if (leaving != null && now - leaving.at >= 0 && (hasSentAll() || now - leaving.deadline >= 0)) {
            return CloseCode.DRAIN;
        }
        return now - lastTaken > house.limits().stall().toNanos() ? CloseCode.STALLED : null;
    }

    private boolean hasSentAll() {
        return first.isEmpty() && (!begun || (segment == null && cursor >= ring.next()));
    }

    private void moveOn() {
        ring.unlisten(listener);
        ring = house.ring(caller);
        ring.listen(listener);
        forgetSegment();
        statesTold.clear();
        if (begun) {
            restart("epoch");
        }
    }

    private void restart(String reason) {
        cursor = ring.next();
        tellLost(reason);
    }

    private void tellLost(String reason) {
        for (Channel channel : channels) {
            if (!channel.isState()) {
                house.resynced(reason);
                first.add(event(ServerFrame.resync(channel, reason), null));
            }
        }
    }

    private void forgetSegment() {
        Segment read = segment;
        if (read != null) {
            segment = null;
            read.release();
        }
    }

    private byte[] gather(long now, boolean tick) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int frames = 0;
        while (!first.isEmpty() && out.size() < MOST_BYTES) {
            out.writeBytes(first.remove());
        }
        if (!begun) {
            return out.toByteArray();
        }
        Segment read = segment;
        while (read != null && older < read.frames().size() && out.size() < MOST_BYTES) {
            frames += write(out, read.frames().get(older++));
        }
        if (read != null && older == read.frames().size()) {
            forgetSegment();
        }
        while (segment == null && cursor < ring.next() && out.size() < MOST_BYTES) {
            Frame frame = ring.at(cursor);
            if (frame == null) {
                restart("slow");
                break;
            }
            cursor++;
            frames += write(out, frame);
        }
        if (tick) {
            frames += tellStates(out, now);
            if (now - nextHeartbeat >= 0 && segment == null && first.isEmpty()) {
                nextHeartbeat = now + house.limits().heartbeat().toNanos();
                Position position = complete();
                out.writeBytes(event(ServerFrame.heartbeat(position), position));
            }
        }
        house.delivered(frames);
        return out.toByteArray();
    }

    private int write(ByteArrayOutputStream out, Frame frame) {
        int written = 0;
        for (Channel channel : channels) {
            if (channel.ticket() != null) {
                if (frame.channel().equals(Channels.TICKETS) && frame.key().equals(channel.ticket())) {
                    out.writeBytes(event(frame.ticketText(), new Position(ring.epoch(), frame.offset())));
                    written++;
                }
            } else if (frame.channel().equals(channel.name())
                    && (!channel.name().equals(FeedChannels.ME) || frame.key().equals(caller.user()))) {
                out.writeBytes(event(frame.text(), new Position(ring.epoch(), frame.offset())));
                written++;
            }
        }
        return written;
    }

    /** Without ids: a position that passes over events which are still to come would lose them. */
    private int tellStates(ByteArrayOutputStream out, long now) {
        int written = 0;
        for (Channel channel : channels) {
            if (!channel.isState()) {
                continue;
            }
            String name = channel.name();
            Told before = statesTold.get(name);
            boolean all = before == null
                    || now - before.at >= house.limits().cadenceOf(channel).toNanos();
            long upTo = before == null ? -1 : before.upTo;
            Position position = new Position(ring.epoch(), ring.position());
            States.Said said = ring.states().said(name, all ? -1 : upTo);
            List<Frame> frames = said.frames();
            int changed = 0;
            for (Frame frame : frames) {
                out.writeBytes(event(all ? frame.snapshotText(position.offset()) : frame.text(), null));
                changed += frame.offset() > upTo ? 1 : 0;
            }
            if (all && frames.isEmpty()) {
                out.writeBytes(event(ServerFrame.emptyState(null, name, null, position), null));
            }
            written += frames.size();
            if (before != null) {
                conflated += said.reported() - before.reported - changed;
            }
            statesTold.put(
                    name,
                    new Told(
                            frames.isEmpty() ? upTo : frames.getLast().offset(),
                            before == null || all ? now : before.at,
                            said.reported()));
        }
        return written;
    }

    /**
     * What was told of a state channel.
     *
     * @param upTo offset of the newest frame that was told
     * @param at when all of it was, in ns
     * @param reported how many frames the channel had had by then
     */
    private record Told(long upTo, long at, long reported) {}

    private Position complete() {
        long position = ring.position();
        Segment read = segment;
        Frame next = read != null && older < read.frames().size()
                ? read.frames().get(older)
                : cursor < ring.next() ? ring.at(cursor) : null;
        return new Position(ring.epoch(), next == null ? position : Math.min(position, next.offset() - 1));
    }

    private static byte[] event(byte[] json, @Nullable Position id) {
        String head = id == null ? "data: " : "id: " + id + "\ndata: ";
        byte[] before = head.getBytes(StandardCharsets.US_ASCII);
        byte[] event = new byte[before.length + json.length + 2];
        System.arraycopy(before, 0, event, 0, before.length);
        System.arraycopy(json, 0, event, before.length, json.length);
        event[event.length - 2] = '\n';
        event[event.length - 1] = '\n';
        return event;
    }

    /** As it was at the last tick. */
    ConnectionView view() {
        Progress now = progress;
        return new ConnectionView(
                house.instance(),
                id,
                caller.clientIdOrNull(),
                caller.user(),
                "sse",
                channels.stream().map(Channel::name).toList(),
                now.lag,
                now.delivery,
                now.conflated,
                0L,
                since);
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            release();
            house.leave(this, caller);
            wake(); // to forget what was read for it
        }
    }

    private void release() {
        ring.unlisten(listener);
        Disposable running = timer;
        if (running != null) {
            running.dispose();
        }
    }
}
