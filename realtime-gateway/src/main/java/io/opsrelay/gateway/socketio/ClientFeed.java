package io.opsrelay.gateway.socketio;

import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One client's frames, read and translated once for all of its sessions here. Confined to the module's thread, but for
 * {@link #run()}, by which the feed's thread wakes it.
 */
final class ClientFeed implements Runnable {

    /** The channel whose newest frames are the board. */
    static final String METRICS = "metrics";

    /** Frames looked at in one go, so that a busy client does not hold up the others. */
    private static final int TURN = 512;

    private final String client;
    private final Feed feed;
    private final Executor thread;
    private final MeterRegistry meters;
    private final Set<Session> members = new LinkedHashSet<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    private Board board = new Board();
    private ClientRing ring;
    private long cursor;
    private long metricsUpTo = -1;

    ClientFeed(String client, Feed feed, Executor thread, MeterRegistry meters) {
        this.client = client;
        this.feed = feed;
        this.thread = thread;
        this.meters = meters;
        this.ring = feed.ring(client);
        ring.listen(this);
        readBack();
        run(); // what happened between the ring's choice and the listening
    }

    void join(Session member) {
        members.add(member);
    }

    /** @return whether it was the last one, and this is of no use any more */
    boolean leave(Session member) {
        members.remove(member);
        if (members.isEmpty()) {
            ring.unlisten(this);
        }
        return members.isEmpty();
    }

    /** The present figures; what comes later is delivered as updates. */
    Map<String, Object> initial() {
        return board.initial();
    }

    @Override
    public void run() {
        if (woken.compareAndSet(false, true)) {
            thread.execute(this::pump);
        }
    }

    private void pump() {
        woken.set(false); // before looking: what is appended from here on wakes again
        if (members.isEmpty()) {
            return;
        }
        Set<String> changed = new LinkedHashSet<>();
        List<String> activities = new ArrayList<>();
        if (ring.retired()) {
            ring.unlisten(this);
            ring = feed.ring(client);
            ring.listen(this);
            readBack();
            changed.addAll(board.names());
            run();
        }
        int budget = TURN;
        while (cursor < ring.next() && budget-- > 0) {
            Frame frame = ring.at(cursor);
            if (frame == null) {
                meters.counter(SocketIoMetric.LOST.id()).increment();
                readBack();
                changed.addAll(board.names());
            } else {
                cursor++;
                take(frame, changed, activities);
            }
        }
        for (Frame frame : ring.states().since(METRICS, metricsUpTo)) {
            metricsUpTo = frame.offset();
            take(frame, changed, activities);
        }
        deliver(changed, activities);
        if (cursor < ring.next()) {
            run();
        }
    }

    /** Takes the present figures, and goes on from the end of what is in memory. */
    private void readBack() {
        board = new Board();
        cursor = ring.next();
        metricsUpTo = -1;
        for (Frame frame : ring.states().since(METRICS, -1)) {
            metricsUpTo = frame.offset();
            for (DashboardUpdate update : DashboardUpdate.of(frame)) {
                if (update instanceof DashboardUpdate.Metric metric) {
                    board.put(metric, false);
                }
            }
        }
    }

    private void take(Frame frame, Set<String> changed, List<String> activities) {
        if (!frame.channel().equals(METRICS) && !frame.channel().equals(FeedChannels.AI)) {
            return;
        }
        List<DashboardUpdate> updates = DashboardUpdate.of(frame);
        if (updates.isEmpty()) {
            ignored();
        }
        updates.forEach(update -> take(update, changed, activities));
    }

    private void take(DashboardUpdate update, Set<String> changed, List<String> activities) {
        switch (update) {
            case DashboardUpdate.Metric metric -> {
                if (board.shows(metric)) {
                    return; // told again for gateways that did not know it
                }
                String name = board.put(metric, true);
                if (name == null) {
                    ignored();
                } else {
                    changed.add(name);
                }
            }
            case DashboardUpdate.Activity activity -> {
                Map<String, Object> data = new LinkedHashMap<>();
                data.put("aiEmployee", activity.aiEmployee());
                data.put("activity", activity.activity());
                data.put("timestamp", activity.timestamp());
                activities.add(ServerPacket.event("ai:activity", data));
            }
        }
    }

    private void deliver(Set<String> changed, List<String> activities) {
        if (changed.isEmpty() && activities.isEmpty()) {
            return;
        }
        Map<String, String> updates = new LinkedHashMap<>();
        for (String name : changed) {
            updates.put(name, ServerPacket.event("metrics:update", board.update(name)));
        }
        meters.counter(SocketIoMetric.DELIVERED.id())
                .increment((double) members.size() * (updates.size() + activities.size()));
        List.copyOf(members).forEach(member -> member.deliver(activities, updates));
    }

    private void ignored() {
        meters.counter(SocketIoMetric.IGNORED.id()).increment();
    }
}
