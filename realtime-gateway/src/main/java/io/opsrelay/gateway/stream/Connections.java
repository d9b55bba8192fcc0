package io.opsrelay.gateway.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.netty.channel.EventLoop;
import io.opsrelay.gateway.edge.AccessTokens;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.feed.History;
import io.opsrelay.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** All connections of this gateway: who is let in, who is here, and how they are sent away when it stops. */
@Component
@EnableConfigurationProperties(StreamProperties.class)
public final class Connections implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

    /** Nobody's: operators have no client, and so no frames. No client id looks like this. */
    private static final String NO_CLIENT = "-";

    private static final Duration AFTER_DRAIN = Duration.ofSeconds(2);

    private final StreamProperties limits;
    private final AccessTokens tokens;
    private final Feed feed;
    private final History history;
    private final Clock clock;
    private final MeterRegistry meters;
    private final Counter delivered;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private final Newcomers<Connection> newcomers;
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final Map<EventLoop, Loop> loops = new ConcurrentHashMap<>();
    private final Map<String, Integer> admitted = new ConcurrentHashMap<>();
    private final Map<String, Minute> inbound = new ConcurrentHashMap<>();
    private final Set<Supplier<ConnectionView>> others = ConcurrentHashMap.newKeySet();
    private final TypingExchange typing;
    private final String instance = UUID.randomUUID().toString();
    private volatile boolean running;
    private volatile @Nullable Long drainUntil;

    Connections(
            StreamProperties limits,
            AccessTokens tokens,
            Feed feed,
            History history,
            TypingExchange typing,
            Clock clock,
            MeterRegistry meters) {
        this.limits = limits;
        this.tokens = tokens;
        this.feed = feed;
        this.history = history;
        this.clock = clock;
        this.meters = meters;
        this.typing = typing;
        this.newcomers = new Newcomers<>(limits.unauthenticated(), limits.unauthenticatedPerAddress());
        typing.listen(this::tellTyping);
        this.delivered = meters.counter(StreamMetric.DELIVERED.id());
        Gauge.builder(StreamMetric.CONNECTIONS.id(), this, Connections::count)
                .description(StreamMetric.CONNECTIONS.meaning())
                .register(meters);
    }

    /** How many are open: WebSockets and streams of server-sent events. */
    public int count() {
        return open.size() + streams.size();
    }

    /** Names this gateway for administrators; another one each time that it is started. */
    public String instance() {
        return instance;
    }

    /** Whether newcomers are let in: the feed has been read, and the gateway does not stop. */
    public boolean accepting() {
        return drainUntil == null && feed.warm(); // the port is open a moment before this bean is started
    }

    /** How many have not brought a token yet. */
    int unauthenticated() {
        return newcomers.count();
    }

    /**
     * A socket was opened. Call on its loop.
     *
     * @param address where it comes from
     */
    Connection open(Socket socket, String address, boolean chatDashboard, @Nullable Caller known) {
        Connection connection = new Connection(UUID.randomUUID().toString(), socket, this, chatDashboard);
        open.add(connection);
        if (known == null) {
            displace(newcomers.add(connection, address));
        }
        loopOf(socket).add(connection);
        connection.opened(known);
        Long deadline = drainUntil;
        if (deadline != null) {
            connection.drain(0, deadline); // its handshake was under way when the others were sent away
        }
        return connection;
    }

    /** A stream of server-sent events, whose caller was admitted, was opened. */
    void enter(EventStream stream) {
        streams.add(stream);
        Long deadline = drainUntil;
        if (deadline != null) {
            stream.drain(0, deadline); // it was asked for before the others were sent away
        }
    }

    /** It has ended. */
    void leave(EventStream stream, Caller caller) {
        streams.remove(stream);
        release(caller);
    }

    private void displace(@Nullable Connection displaced) {
        if (displaced != null) {
            meters.counter(StreamMetric.DISPLACED.id()).increment();
            displaced.socket().loop().execute(displaced::displaced);
        }
    }

    /** Whether one more of this client and user may be, in whatever protocol. Taken back by {@link #release}. */
    public boolean admit(Caller caller) {
        String client = clientOf(caller);
        String user = userKey(caller);
        if (admitted.merge(client, 1, Integer::sum) > limits.perClient()) {
            release(client);
            return false;
        }
        if (admitted.merge(user, 1, Integer::sum) > limits.perUser()) {
            release(user);
            release(client);
            return false;
        }
        return true;
    }

    /** The connection has more to send, after others had their turn. Call on its loop. */
    void later(Connection connection) {
        loopOf(connection.socket()).later(connection);
    }

    ClientRing join(Connection connection, Caller caller) {
        newcomers.remove(connection);
        return loopOf(connection.socket()).join(connection, clientOf(caller));
    }

    /** What the caller's client has been told lately. */
    ClientRing ring(Caller caller) {
        return feed.ring(clientOf(caller));
    }

    /** @param caller who was admitted, if anybody was */
    void leave(Connection connection, @Nullable Caller caller) {
        open.remove(connection);
        newcomers.remove(connection);
        Loop loop = loopOf(connection.socket());
        loop.remove(connection);
        if (caller != null) {
            loop.leave(connection, clientOf(caller));
            release(caller);
        }
    }

    /** All connections in whatever protocol, as their loops see them. */
    CompletableFuture<List<ConnectionView>> views() {
        List<CompletableFuture<List<ConnectionView>>> asked =
                loops.values().stream().map(Loop::views).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(all -> Stream.of(
                        asked.stream().flatMap(part -> part.join().stream()),
                        streams.stream().map(EventStream::view),
                        others.stream().map(Supplier::get))
                .flatMap(views -> views)
                .toList());
    }

    /** Shows a connection of another protocol to administrators, until {@link #hide}. */
    public void show(Supplier<ConnectionView> view) {
        others.add(view);
    }

    /** Ends {@link #show}. */
    public void hide(Supplier<ConnectionView> view) {
        others.remove(view);
    }

    /** The caller is typing: tells the desk of its client, here and at the other gateways. */
    void typing(Caller caller, String sessionId) {
        String client = clientOf(caller);
        tellTyping(client, caller.user(), sessionId);
        typing.tellOthers(client, caller.user(), sessionId);
    }

    private void tellTyping(String client, String user, String sessionId) {
        byte[] frame = ServerFrame.typing(user, sessionId);
        loops.values().forEach(loop -> loop.eventLoop().execute(() -> loop.tellTyping(client, user, frame)));
    }

    /** Counts a frame of the caller's client; false if all its connections together have sent one too many. */
    boolean receivedWithinRate(Caller caller) {
        return inbound.computeIfAbsent(clientOf(caller), client -> new Minute()).take() <= limits.framesPerClient();
    }

    /** What holds for each of them. */
    public StreamProperties limits() {
        return limits;
    }

    AccessTokens tokens() {
        return tokens;
    }

    History history() {
        return history;
    }

    Clock clock() {
        return clock;
    }

    void delivered(int frames) {
        if (frames > 0) {
            delivered.increment(frames);
        }
    }

    void closing(CloseCode why) {
        meters.counter(StreamMetric.CLOSED.id(), "code", Integer.toString(why.code()))
                .increment();
    }

    void resynced(String reason) {
        meters.counter(StreamMetric.RESYNCS.id(), "reason", reason).increment();
    }

    void erred(String code) {
        meters.counter(StreamMetric.ERRORS.id(), "code", code).increment();
    }

    void refused(String reason) {
        meters.counter(StreamMetric.REFUSED.id(), "reason", reason).increment();
    }

    @Override
    public void start() {
        drainUntil = null;
        running = true;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    /** Sends everybody away, spread over the drain's time, so that the other gateways are not run over. */
    @Override
    public void stop(Runnable done) {
        running = false;
        long deadline = System.nanoTime() + limits.drain().plus(AFTER_DRAIN).toNanos();
        drainUntil = deadline;
        if (count() == 0) {
            done.run();
            return;
        }
        LOG.info("{} connections are asked to go elsewhere", count());
        streams.forEach(stream -> stream.drain(drainDelay(), deadline));
        for (Connection connection : open) {
            long after = drainDelay();
            connection.socket().loop().execute(() -> connection.drain(after, deadline));
        }
        Thread.ofVirtual().name("drain").start(() -> {
            awaitEmpty(deadline + AFTER_DRAIN.toNanos());
            done.run();
        });
    }

    private long drainDelay() {
        return ThreadLocalRandom.current().nextLong(limits.drain().toMillis() + 1);
    }

    private void awaitEmpty(long deadline) {
        try {
            while (count() > 0 && System.nanoTime() - deadline < 0) {
                Thread.sleep(20);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Before the web server, which would wait for the sockets. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }

    /** One that was admitted has gone. */
    public void release(Caller caller) {
        release(clientOf(caller));
        release(userKey(caller));
    }

    private Loop loopOf(Socket socket) {
        return loops.computeIfAbsent(socket.loop(), loop -> new Loop(loop, feed, clock));
    }

    private void release(String key) {
        if (admitted.computeIfPresent(key, (same, count) -> count == 1 ? null : count - 1) == null) {
            inbound.remove(key);
        }
    }

    private static String clientOf(Caller caller) {
        return caller.clientIdOrNull() == null ? NO_CLIENT : caller.clientIdOrNull();
    }

    private static String userKey(Caller caller) {
        return clientOf(caller) + " " + caller.user();
    }

    /** How many came within a minute. */
    private static final class Minute {

        private static final long LENGTH = Duration.ofMinutes(1).toNanos();

        private long began = System.nanoTime();
        private int count;

        synchronized int take() {
            long now = System.nanoTime();
            if (now - began >= LENGTH) {
                began = now;
                count = 0;
            }
            return ++count;
        }
    }
}
