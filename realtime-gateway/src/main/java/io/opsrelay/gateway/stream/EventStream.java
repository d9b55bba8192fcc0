package io.opsrelay.gateway.stream;

import io.opsrelay.contracts.Channels;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.History;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.gateway.feed.Segment;
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
import java.util.function.Supplier;
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
    private final Supplier<ConnectionView> view = this::view;
    private final AtomicInteger work = new AtomicInteger();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Runnable listener = this::wake;
    private final Queue<byte[]> first = new ArrayDeque<>();
    private final Map<String, Told> statesTold = new HashMap<>();

    private volatile ClientRing ring;
    private volatile @Nullable Disposable timer;
    private volatile boolean ticked;
    private volatile long lag;

    // Of whoever works on it.
    private @Nullable Segment segment;
    private int older;
    private long cursor;
    private long nextHeartbeat;
    private long lastTaken;
    private long demandSeen;

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
        house.show(view);
        sink.onDispose(this::end);
        ClientRing begun = ring;
        Position top = new Position(begun.epoch(), begun.position());
        if (resume == null) {
            begin(begun, top, begun.live(top.offset()), null, -1, null, scheduler);
            return;
        }
        switch (house.history().after(resume, begun)) {
            case History.Recovery.Replay replay ->
                begin(begun, top, replay.from(), null, resume.offset(), null, scheduler);
            case History.Recovery.Lost gone ->
                begin(begun, top, begun.live(top.offset()), null, -1, gone.reason(), scheduler);
            case History.Recovery.Older behind -> {
                var unused = house.history().read(begun, resume.offset()).whenComplete((read, failed) -> {
                    long from = read == null ? -1 : begun.after(read.upTo());
                    if (read == null || from < 0) {
                        begin(begun, top, begun.live(top.offset()), null, -1, "retention", scheduler);
                    } else {
                        begin(begun, top, from, read, resume.offset(), null, scheduler);
                    }
                });
            }
        }
    }

    private void begin(
            ClientRing begun,
            Position top,
            long from,
            @Nullable Segment read,
            long behind,
            @Nullable String lost,
            Scheduler scheduler) {
        for (Channel channel : channels) {
            first.add(event(ServerFrame.subscribed(null, channel.name(), top, behind >= 0 || read != null), null));
            if (lost != null && !channel.isState()) {
                house.resynced(lost);
                first.add(event(ServerFrame.resync(channel, lost), null));
            }
        }
        cursor = from;
        segment = read;
        older = read == null ? 0 : read.indexAfter(behind);
        begun.listen(listener);
        timer = scheduler.schedulePeriodically(this::tick, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        if (ended.get()) {
            release();
        }
        sink.onRequest(demand -> wake());
        wake();
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
        if (ended.get()) {
            return;
        }
        boolean tick = ticked;
        ticked = false;
        long now = System.nanoTime();
        if (tick && isOver(now)) {
            sink.complete();
            return;
        }
        if (tick) {
            lag = Math.max(0, ring.position() - complete().offset());
        }
        if (ring.retired()) {
            moveOn();
        }
        while (sink.requestedFromDownstream() > 0) {
            byte[] next = gather(now, tick);
            tick = false;
            if (next.length == 0) {
                return;
            }
            sink.next(next);
        }
    }

    /** Whether the token has expired, the gateway drains, or the peer has taken nothing for too long. */
    private boolean isOver(long now) {
        long demand = sink.requestedFromDownstream();
        if (demand > 0 || demand != demandSeen) {
            demandSeen = demand;
            lastTaken = now;
        }
        return house.clock()
                        .instant()
                        .isAfter(caller.expiresAt().plus(house.limits().expiryGrace()))
                || house.draining()
                || now - lastTaken > house.limits().stall().toNanos();
    }

    private void moveOn() {
        ring.unlisten(listener);
        ring = house.ring(caller);
        ring.listen(listener);
        segment = null;
        statesTold.clear();
        restart("epoch");
    }

    private void restart(String reason) {
        cursor = ring.next();
        for (Channel channel : channels) {
            if (!channel.isState()) {
                house.resynced(reason);
                first.add(event(ServerFrame.resync(channel, reason), null));
            }
        }
    }

    private byte[] gather(long now, boolean tick) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int frames = 0;
        while (!first.isEmpty() && out.size() < MOST_BYTES) {
            out.writeBytes(first.remove());
        }
        Segment read = segment;
        while (read != null && older < read.frames().size() && out.size() < MOST_BYTES) {
            frames += write(out, read.frames().get(older++));
        }
        if (read != null && older == read.frames().size()) {
            segment = null;
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

    private int tellStates(ByteArrayOutputStream out, long now) {
        int frames = 0;
        for (Channel channel : channels) {
            if (!channel.isState()) {
                continue;
            }
            Told told = statesTold.get(channel.name());
            if (told != null && now - told.at >= channel.cadence().toNanos()) {
                told = null; // all of it again
            }
            long readUpTo = ring.position();
            for (Frame frame : ring.states().since(channel.name(), told == null ? -1 : told.upTo)) {
                // Without an id: a position that passes over events which are still to come would lose them.
                out.writeBytes(event(told == null ? frame.snapshotText(readUpTo) : frame.text(), null));
                frames++;
            }
            long newest = ring.states().newest(channel.name());
            statesTold.put(channel.name(), new Told(newest, told == null ? now : told.at));
        }
        return frames;
    }

    /**
     * What was told of a state channel.
     *
     * @param upTo offset of the newest frame that was told
     * @param at when all of it was, in ns
     */
    private record Told(long upTo, long at) {}

    private Position complete() {
        long position = ring.position();
        Frame next = cursor < ring.next() ? ring.at(cursor) : null;
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

    private ConnectionView view() {
        return new ConnectionView(
                id,
                caller.clientIdOrNull(),
                caller.user(),
                "sse",
                channels.stream().map(Channel::name).toList(),
                lag,
                since);
    }

    private void end() {
        if (ended.compareAndSet(false, true)) {
            release();
            house.hide(view);
            house.release(caller);
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
