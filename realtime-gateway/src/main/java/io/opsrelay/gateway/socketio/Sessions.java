package io.opsrelay.gateway.socketio;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.edge.AccessTokens;
import io.opsrelay.gateway.feed.Feed;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.stream.Channel;
import io.opsrelay.gateway.stream.ConnectionView;
import io.opsrelay.gateway.stream.Connections;
import io.opsrelay.gateway.stream.Newcomers;
import io.opsrelay.gateway.stream.StreamProperties;
import io.opsrelay.security.Caller;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

/**
 * All Socket.IO sessions of this gateway. A session's polls and WebSocket come over several connections, each with a
 * thread of its own, so all sessions live on one more: there are few of them, and it only sorts and hands on.
 */
@Component
@EnableConfigurationProperties(SocketIoProperties.class)
public final class Sessions implements SmartLifecycle, DisposableBean {

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final Duration TICK = Duration.ofMillis(250);

    /** What each session is told of. */
    static final List<String> CHANNELS = List.of(ClientFeed.METRICS, FeedChannels.AI);

    private final SocketIoProperties properties;
    private final Connections connections;
    private final AccessTokens tokens;
    private final Feed feed;
    private final Clock clock;
    private final MeterRegistry meters;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("socket-io").factory());

    private final Map<String, Session> byId = new ConcurrentHashMap<>();
    private final Map<String, ClientFeed> feeds = new HashMap<>(); // the module's thread's own
    private final Newcomers<Session> newcomers;
    private volatile boolean running;
    private volatile boolean draining;

    Sessions(
            SocketIoProperties properties,
            Connections connections,
            AccessTokens tokens,
            Feed feed,
            Clock clock,
            MeterRegistry meters) {
        this.properties = properties;
        this.connections = connections;
        this.tokens = tokens;
        this.feed = feed;
        this.clock = clock;
        this.meters = meters;
        this.newcomers = new Newcomers<>(properties.unauthenticated(), properties.unauthenticatedPerAddress());
        Gauge.builder(SocketIoMetric.SESSIONS.id(), byId, Map::size)
                .description(SocketIoMetric.SESSIONS.meaning())
                .register(meters);
        thread.scheduleWithFixedDelay(this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** How many are open. */
    public int count() {
        return byId.size();
    }

    // For the endpoint, from any thread

    boolean accepting() {
        return !draining && connections.accepting();
    }

    String instance() {
        return connections.instance();
    }

    StreamProperties limits() {
        return connections.limits();
    }

    void refused(String reason) {
        meters.counter(SocketIoMetric.REFUSED.id(), "reason", reason).increment();
    }

    /** Whether there is such a session, and a WebSocket could take it over. */
    boolean canUpgrade(String id) {
        return byId.containsKey(id);
    }

    /** A new session of that address; the answer to its first poll. */
    Mono<String> handshake(String address) {
        return Mono.create(poll -> execute(() -> {
            Session session = open(new Polling(), address);
            guarded(session, () -> session.poll(poll));
        }));
    }

    /** The next packets of the session. */
    Mono<String> poll(String id) {
        return Mono.create(poll -> execute(() -> {
            Session session = byId.get(id);
            if (session == null) {
                poll.error(new EngineException(EngineException.Reason.SESSION_UNKNOWN));
            } else {
                guarded(session, () -> session.poll(poll));
            }
        }));
    }

    /** What the session says; completes when it was taken in. */
    Mono<Void> post(String id, String body) {
        return onThread(done -> {
            Session session = byId.get(id);
            if (session == null) {
                throw new EngineException(EngineException.Reason.SESSION_UNKNOWN);
            }
            session.posted(body);
            done.success();
        });
    }

    /** What the session posts is unusable. */
    void failed(String id, Ending why) {
        Session session = byId.get(id);
        if (session != null) {
            run(session, () -> session.close(why));
        }
    }

    /**
     * A WebSocket came.
     *
     * @param id of a session that it wants to take over; null for a new one
     * @param address where it comes from
     * @return its session; fails, and the socket is closed, if there is none
     */
    Mono<Session> attach(WebSocketTransport socket, @Nullable String id, String address) {
        return onThread(done -> {
            Session session = id == null ? open(socket, address) : byId.get(id);
            if (session == null) {
                socket.close(Ending.MALFORMED);
                throw new EngineException(EngineException.Reason.SESSION_UNKNOWN);
            }
            if (id != null) {
                session.probe(socket);
            }
            done.success(session);
        });
    }

    /** A text came over a session's WebSocket; completes when it was taken in. */
    Mono<Void> received(Session session, WebSocketTransport socket, String text) {
        return onThread(done -> {
            guarded(session, () -> session.received(socket, text));
            done.success();
        });
    }

    // For sessions, on the module's thread

    Mono<Caller> verify(String token) {
        return tokens.verify(token).subscribeOn(Schedulers.parallel()); // signatures take longer than all else here
    }

    static boolean mayWatch(Caller caller) {
        return CHANNELS.stream()
                .allMatch(name -> Channel.named(name).orElseThrow().allows(caller));
    }

    boolean admit(Caller caller) {
        return connections.admit(caller);
    }

    ClientFeed join(Session session, String client) {
        newcomers.remove(session);
        ClientFeed joined = feeds.computeIfAbsent(client, id -> new ClientFeed(id, feed, this::execute, meters));
        joined.join(session);
        return joined;
    }

    Instant now() {
        return clock.instant();
    }

    void show(Supplier<ConnectionView> view) {
        connections.show(view);
    }

    void hide(Supplier<ConnectionView> view) {
        connections.hide(view);
    }

    void upgraded() {
        meters.counter(SocketIoMetric.UPGRADED.id()).increment();
    }

    void dropped() {
        meters.counter(SocketIoMetric.DROPPED.id()).increment();
    }

    /** @param caller who was admitted, if anybody was */
    void ended(Session session, Ending why, @Nullable Caller caller, @Nullable ClientFeed joined) {
        byId.remove(session.id());
        meters.counter(SocketIoMetric.CLOSED.id(), "reason", why.reason()).increment();
        if (joined != null && joined.leave(session)) {
            feeds.values().remove(joined);
        }
        newcomers.remove(session);
        if (caller != null) {
            connections.release(caller);
        }
    }

    private Session open(Transport transport, String address) {
        Session session = new Session(this, properties, transport);
        byId.put(session.id(), session);
        Session displaced = newcomers.add(session, address);
        if (displaced != null) {
            guarded(displaced, () -> displaced.close(Ending.DISPLACED));
        }
        if (draining) {
            session.close(Ending.DRAIN); // its handshake was under way when the others were sent away
        }
        return session;
    }

    private void tick() {
        long now = System.nanoTime();
        Instant time = clock.instant();
        byId.values().forEach(session -> guarded(session, () -> session.tick(now, time)));
    }

    // The thread

    /** From any thread. */
    void run(Session session, Runnable work) {
        execute(() -> guarded(session, work));
    }

    private static void guarded(Session session, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            LOG.error("{} failed and is ended", session, e);
            session.end(Ending.FAILED);
        }
    }

    private <T> Mono<T> onThread(Work<T> work) {
        return Mono.create(done -> execute(() -> {
            try {
                work.run(done);
            } catch (EngineException | RuntimeException e) {
                done.error(e);
            }
        }));
    }

    private void execute(Runnable work) {
        try {
            thread.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Too late: the gateway has stopped"); // all sessions are gone
        }
    }

    private interface Work<T> {
        void run(MonoSink<T> done) throws EngineException;
    }

    @Override
    public void start() {
        draining = false;
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

    /** Sends everybody away, spread over the drain's time; their transport closes, so they come back elsewhere. */
    @Override
    public void stop(Runnable done) {
        running = false;
        draining = true;
        List<Session> leaving = List.copyOf(byId.values()); // who comes now closes by itself, see open
        if (leaving.isEmpty()) {
            done.run();
            return;
        }
        LOG.info("{} Socket.IO sessions are sent elsewhere", leaving.size());
        long most = limits().drain().toMillis();
        for (Session session : leaving) {
            thread.schedule(
                    () -> guarded(session, () -> session.close(Ending.DRAIN)),
                    ThreadLocalRandom.current().nextLong(most + 1),
                    TimeUnit.MILLISECONDS);
        }
        thread.schedule(
                () -> {
                    leaving.forEach(session -> guarded(session, () -> session.end(Ending.DRAIN)));
                    done.run();
                },
                most + 1,
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void destroy() {
        thread.shutdown();
    }

    /** Beside the WebSockets of the realtime protocol, and before the web server. */
    @Override
    public int getPhase() {
        return SmartLifecycle.DEFAULT_PHASE - 512;
    }
}
