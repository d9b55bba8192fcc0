package io.opsrelay.gateway.stream;

import io.netty.channel.EventLoop;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Feed;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
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

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final EventLoop eventLoop;
    private final Feed feed;
    private final Clock clock;
    private final Set<Connection> connections = new LinkedHashSet<>();
    private final Map<String, Group> groups = new HashMap<>();

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

    private void tick() {
        long now = System.nanoTime();
        Instant time = clock.instant();
        for (Connection connection : List.copyOf(connections)) {
            try {
                connection.tick(now, time);
            } catch (RuntimeException e) {
                LOG.error("{} failed and is dropped", connection, e);
                connection.socket().drop();
            }
        }
    }

    /** The connections of one client on this loop; woken by the feed's thread. */
    private final class Group implements Runnable {

        private final String client;
        private final Set<Connection> members = new LinkedHashSet<>();
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
            for (Connection member : List.copyOf(members)) {
                guarded(member, member::pump);
            }
        }

        private void guarded(Connection member, Runnable work) {
            try {
                work.run();
            } catch (RuntimeException e) {
                LOG.error("{} failed and is dropped", member, e);
                member.socket().drop();
            }
        }
    }
}
