package io.opsrelay.gateway.stream;

import io.netty.channel.EventLoop;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Feed;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop, grouped by client, so that the feed's thread wakes a loop once for all connections
 * of a client and not once for each. Confined to the loop, but for {@link Group#run()}.
 */
final class Loop {

    /** How long those that are behind may hold up those that are not. */
    private static final Duration SLICE = Duration.ofMillis(2);

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final EventLoop eventLoop;
    private final Feed feed;
    private final Clock clock;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Map<String, Group> groups = new HashMap<>();
    private final Queue<Connection> behind = new ArrayDeque<>();
    private boolean goingOn;

    Loop(EventLoop eventLoop, Feed feed, Clock clock) {
        this.eventLoop = eventLoop;
        this.feed = feed;
        this.clock = clock;
        long interval = Connection.tickInterval().toMillis();
        var unused = eventLoop.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.MILLISECONDS);
    }

    void add(Connection connection) {
        connections.add(connection);
    }

    void remove(Connection connection) {
        connections.remove(connection);
    }

    ClientRing join(Connection connection, String client) {
        Group group = groups.computeIfAbsent(client, Group::new);
        group.members.add(connection);
        return group.ring;
    }

    void leave(Connection connection, String client) {
        Group group = groups.get(client);
        if (group != null && group.members.remove(connection) && group.members.isEmpty()) {
            groups.remove(client);
            group.ring.unlisten(group);
        }
    }

    /** The connection has more to send than one turn allows. */
    void later(Connection connection) {
        behind.add(connection);
        if (!goingOn) {
            goingOn = true;
            eventLoop.execute(this::goOn);
        }
    }

    /** Turns of those that are behind, for a moment: then what is live on this loop comes first again. */
    private void goOn() {
        long end = System.nanoTime() + SLICE.toNanos();
        do {
            Connection next = behind.poll();
            if (next == null) {
                break;
            }
            guarded(next, next::nextTurn);
        } while (System.nanoTime() - end < 0);
        goingOn = !behind.isEmpty();
        if (goingOn) {
            eventLoop.execute(this::goOn);
        }
    }

    private static void guarded(Connection connection, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed and is dropped", connection, e);
            connection.socket().drop();
        }
    }

    private void tick() {
        long now = System.nanoTime();
        Instant time = clock.instant();
        for (Connection connection : List.copyOf(connections)) {
            guarded(connection, () -> connection.tick(now, time));
        }
        groups.values().forEach(group -> group.tellStates(now));
    }

    /** The connections of one client on this loop; woken by the feed's thread. */
    private final class Group implements Runnable {

        private final String client;
        private final LinkedHashSet<Connection> members = new LinkedHashSet<>();
        private final AtomicBoolean woken = new AtomicBoolean();
        private ClientRing ring;

        Group(String client) {
            this.client = client;
            this.ring = feed.ring(client);
            ring.listen(this);
        }

        @Override
        public void run() {
            if (woken.compareAndSet(false, true)) {
                eventLoop.execute(this::pump);
            }
        }

        private void pump() {
            woken.set(false); // before looking: what is appended from here on wakes again
            if (ring.retired()) {
                ring.unlisten(this);
                ring = feed.ring(client);
                ring.listen(this);
                List.copyOf(members).forEach(member -> guarded(member, () -> member.moveTo(ring)));
            }
            if (members.isEmpty()) {
                return;
            }
            try (Batches shared = batches()) {
                for (Connection member : List.copyOf(members)) {
                    guarded(member, () -> member.pump(shared));
                }
            }
        }

        void tellStates(long now) {
            List<Connection> listening =
                    members.stream().filter(Connection::hasStates).toList();
            if (!listening.isEmpty()) {
                try (Batches shared = batches()) {
                    listening.forEach(member -> guarded(member, () -> member.tellStates(shared, now)));
                }
            }
        }

        private Batches batches() {
            return new Batches(ring, members.getFirst().socket().memory());
        }
    }
}
