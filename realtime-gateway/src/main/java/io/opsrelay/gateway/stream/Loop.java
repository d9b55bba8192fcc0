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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connections of one event loop, grouped by client, so that the feed's thread wakes a loop once for all connections
 * of a client and not once for each. Confined to the loop, but for {@link Group#run()}.
 */
final class Loop {

    private static final int TICKS_PER_SECOND = 4;

    /** How long those that are behind may hold up those that are not. */
    private static final Duration SLICE = Duration.ofMillis(2);

    /**
     * After a round in which further events came, a client's connections are left alone for twice as long as it took, so
     * that under load several events share a write. One that comes between rounds is sent at once.
     */
    private static final int REST = 2;

    private static final long LONGEST_REST = Duration.ofMillis(25).toNanos();

    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);

    private final EventLoop eventLoop;
    private final Feed feed;
    private final Clock clock;
    /** Each a part of the connections; at each tick another one is looked after, so that each has its turn in a second. */
    private final List<Set<Connection>> parts = Stream.generate(() -> (Set<Connection>) new LinkedHashSet<Connection>())
            .limit(TICKS_PER_SECOND)
            .toList();

    private int nextPart;
    private final Map<String, Group> groups = new HashMap<>();
    private final Queue<Connection> behind = new ArrayDeque<>();
    private boolean goingOn;

    Loop(EventLoop eventLoop, Feed feed, Clock clock) {
        this.eventLoop = eventLoop;
        this.feed = feed;
        this.clock = clock;
        long interval = TimeUnit.SECONDS.toMillis(1) / TICKS_PER_SECOND;
        var unused = eventLoop.scheduleWithFixedDelay(this::tick, interval, interval, TimeUnit.MILLISECONDS);
    }

    void add(Connection connection) {
        partOf(connection).add(connection);
    }

    void remove(Connection connection) {
        partOf(connection).remove(connection);
    }

    private Set<Connection> partOf(Connection connection) {
        return parts.get(Math.floorMod(System.identityHashCode(connection), TICKS_PER_SECOND));
    }

    /** Its connections as they are when the loop comes to it. */
    CompletableFuture<List<ConnectionView>> views() {
        return CompletableFuture.supplyAsync(
                () -> parts.stream().flatMap(Set::stream).map(Connection::view).toList(), eventLoop);
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

    /** Somebody of the client is typing. */
    void tellTyping(String client, String user, byte[] frame) {
        Group group = groups.get(client);
        if (group != null) {
            group.members.forEach(member -> guarded(member, () -> member.tellTyping(user, frame)));
        }
    }

    EventLoop eventLoop() {
        return eventLoop;
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
        nextPart = (nextPart + 1) % TICKS_PER_SECOND;
        for (Connection connection : List.copyOf(parts.get(nextPart))) {
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
        private long notBefore = System.nanoTime();

        Group(String client) {
            this.client = client;
            this.ring = feed.ring(client);
            ring.listen(this);
        }

        @Override
        public void run() {
            if (woken.compareAndSet(false, true)) {
                eventLoop.execute(this::pumpInTime);
            }
        }

        private void pumpInTime() {
            long began = System.nanoTime();
            if (began - notBefore < 0) {
                var unused = eventLoop.schedule(this::pumpInTime, notBefore - began, TimeUnit.NANOSECONDS);
                return;
            }
            pump();
            if (woken.get()) {
                long ended = System.nanoTime();
                notBefore = ended + Math.min(LONGEST_REST, REST * (ended - began));
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
