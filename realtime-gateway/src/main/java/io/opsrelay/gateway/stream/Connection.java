package io.opsrelay.gateway.stream;

import io.opsrelay.gateway.edge.AccessTokens;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.security.Caller;
import io.opsrelay.security.token.InvalidTokenException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's side of the protocol: who it is, what it subscribed to, what it may still do. Everything happens on
 * the event loop of its socket; only {@link #view()} is for other threads.
 */
final class Connection {

    /** What clients of the chat dashboard's own path get without asking. */
    private static final List<String> CHAT_DASHBOARD = List.of("sessions", "queue", "metrics", "agents", "messages");

    /** Frames that wait while the token of the first is verified. */
    private static final int HELD_BACK = 32;

    private final String id;
    private final Socket socket;
    private final Connections house;
    private final StreamProperties limits;
    private final boolean chatDashboard;
    private final Instant since;
    private final Deadlines deadlines;
    private final Queue<String> heldBack = new ArrayDeque<>();

    private @Nullable Caller caller;
    private @Nullable Delivery delivery;
    private boolean verifying;
    private boolean ended;
    private boolean nextTurn;
    private boolean draining;
    private int offences;
    private volatile View view;

    Connection(String id, Socket socket, Connections house, boolean chatDashboard) {
        this.id = id;
        this.socket = socket;
        this.house = house;
        this.limits = house.limits();
        this.chatDashboard = chatDashboard;
        this.since = house.clock().instant();
        this.deadlines = new Deadlines(limits, System.nanoTime());
        this.view = new View(id, null, null, List.of(), 0, since);
    }

    /**
     * The socket is open.
     *
     * @param known who sent a token with the upgrade
     */
    void opened(@Nullable Caller known) {
        socket.whenWritable(this::pump);
        if (known != null) {
            welcome(known);
            socket.flush();
        }
    }

    /** A text frame came. */
    void received(String text) {
        if (ended) {
            return;
        }
        long now = System.nanoTime();
        if (!deadlines.receivedWithinRate(now)) {
            close(CloseCode.TOO_MANY_FRAMES);
        } else if (verifying) {
            if (heldBack.size() == HELD_BACK) {
                close(CloseCode.TOO_MANY_FRAMES);
            } else {
                heldBack.add(text);
            }
        } else {
            handle(text);
            socket.flush();
        }
    }

    private void handle(String text) {
        try {
            ClientFrame frame = ClientFrame.parse(text);
            Caller known = caller;
            Delivery open = delivery;
            if (known == null || open == null) {
                beforeAuth(frame);
            } else {
                afterAuth(frame, known, open);
            }
            offences = 0;
        } catch (UnusableFrameException e) {
            error(e.id(), e.code(), e.explanation(), null);
            if (++offences > limits.offences()) {
                close(CloseCode.OFFENCES);
            }
        }
    }

    private void beforeAuth(ClientFrame frame) throws UnusableFrameException {
        if (!(frame instanceof ClientFrame.Auth auth)) {
            throw new UnusableFrameException(null, "unauthenticated", "the first frame must be auth, with a token");
        }
        verify(auth.token(), this::welcome, refused -> {
            error(null, "invalid_token", refused, null);
            close(CloseCode.NO_AUTH);
        });
    }

    private void afterAuth(ClientFrame frame, Caller known, Delivery open) throws UnusableFrameException {
        switch (frame) {
            case ClientFrame.Auth auth ->
                throw new UnusableFrameException(null, "already_authenticated", "send refresh to replace the token");
            case ClientFrame.Refresh refresh ->
                verify(
                        refresh.token(),
                        fresh -> refresh(refresh.id(), known, fresh),
                        // The old token goes on until it expires.
                        refused -> error(refresh.id(), "invalid_token", refused, null));
            case ClientFrame.Subscribe subscribe ->
                subscribe(open, subscribe.id(), authorised(known, subscribe), subscribe.resume());
            case ClientFrame.Unsubscribe unsubscribe -> {
                if (!open.unsubscribe(unsubscribe.channel())) {
                    throw new UnusableFrameException(
                            unsubscribe.id(), "not_subscribed", "this channel is not subscribed to");
                }
                socket.write(ServerFrame.unsubscribed(unsubscribe.id(), unsubscribe.channel()));
            }
            case ClientFrame.Heartbeat heartbeat -> sendHeartbeat(open);
            case ClientFrame.Request request ->
                error(request.id(), "not_available", request.type() + " is not answered by this server yet", null);
        }
        report();
    }

    private Channel authorised(Caller known, ClientFrame.Subscribe subscribe) throws UnusableFrameException {
        Channel channel = Channel.named(subscribe.channel())
                .orElseThrow(() -> new UnusableFrameException(
                        subscribe.id(), "unknown_channel", "there is no channel of this name"));
        if (!channel.allows(known)) {
            throw new UnusableFrameException(
                    subscribe.id(), "forbidden_channel", "your roles do not open the channel " + channel.name());
        }
        return channel;
    }

    private void subscribe(Delivery open, @Nullable String requestId, Channel channel, @Nullable Position resume)
            throws UnusableFrameException {
        if (open.size() >= limits.subscriptions() && !open.has(channel.name())) {
            throw new UnusableFrameException(
                    requestId,
                    "too_many_subscriptions",
                    "a connection may have " + limits.subscriptions() + " subscriptions");
        }
        Delivery.Start start = open.start(channel, resume);
        socket.write(ServerFrame.subscribed(requestId, channel.name(), start.position(), start.recovered()));
        if (start.lost() != null) {
            resync(channel, start.lost());
        }
        open.subscribe(channel, start);
        pump();
    }

    private void verify(String token, Consumer<Caller> accepted, Consumer<String> refused) {
        verifying = true;
        AccessTokens tokens = house.tokens();
        tokens.verify(token)
                .subscribe(
                        known -> onLoop(() -> verified(() -> accepted.accept(known))),
                        failed -> onLoop(() -> verified(() -> refused.accept(
                                failed instanceof InvalidTokenException
                                        ? String.valueOf(failed.getMessage())
                                        : "the token cannot be checked now; try again"))));
    }

    private void verified(Runnable then) {
        verifying = false;
        if (ended) {
            return;
        }
        then.run();
        while (!verifying && !ended && !heldBack.isEmpty()) {
            handle(heldBack.remove());
        }
        socket.flush();
    }

    private void welcome(Caller known) {
        if (!house.admit(known)) {
            close(CloseCode.TOO_MANY_CONNECTIONS);
            return;
        }
        caller = known;
        ClientRing ring = house.join(this, known);
        Delivery open = new Delivery(socket, known.user(), ring, house.history(), this::resync);
        delivery = open;
        deadlines.authenticated(System.nanoTime());
        socket.write(ServerFrame.authSuccess(known, id, limits.heartbeat()));
        if (chatDashboard) {
            for (String name : CHAT_DASHBOARD) {
                Channel channel = Channel.named(name).orElseThrow();
                if (channel.allows(known)) {
                    Delivery.Start start = open.start(channel, null);
                    socket.write(ServerFrame.subscribed(null, name, start.position(), false));
                    open.subscribe(channel, start);
                }
            }
        }
        report();
    }

    private void refresh(@Nullable String requestId, Caller former, Caller fresh) {
        if (!fresh.user().equals(former.user()) || !Objects.equals(fresh.clientIdOrNull(), former.clientIdOrNull())) {
            error(requestId, "other_identity", "the new token is another user's: open another connection", null);
            return;
        }
        caller = fresh;
        Delivery open = Objects.requireNonNull(delivery);
        for (String name : open.channels()) {
            if (!Channel.named(name).orElseThrow().allows(fresh)) {
                open.unsubscribe(name);
                error(null, "forbidden_channel", "the new token's roles do not open the channel " + name, name);
            }
        }
        socket.write(ServerFrame.authSuccess(fresh, id, limits.heartbeat()));
        report();
    }

    /** The feed has something new, the socket has room again, or it is this connection's next turn. */
    void pump() {
        Delivery open = delivery;
        if (open == null || ended || !socket.writable()) {
            return;
        }
        boolean more = open.pump();
        house.delivered(open.written());
        if (more && !nextTurn) {
            nextTurn = true; // one at a time, however often the feed wakes this connection meanwhile
            socket.loop().execute(() -> {
                nextTurn = false;
                pump();
            });
        }
    }

    /** The feed's offsets have another identity. */
    void moveTo(ClientRing successor) {
        Delivery open = delivery;
        if (open != null && !ended) {
            open.moveTo(successor);
            socket.flush();
            pump();
        }
    }

    /**
     * Called a few times a second.
     *
     * @param now of the monotonic clock, in ns
     */
    void tick(long now, Instant time) {
        if (ended) {
            return;
        }
        Caller known = caller;
        Delivery open = delivery;
        if (known == null || open == null) {
            if (deadlines.authOverdue(now)) {
                close(CloseCode.NO_AUTH);
            }
        } else if (time.isAfter(known.expiresAt().plus(limits.expiryGrace()))) {
            close(CloseCode.TOKEN_EXPIRED);
        } else if (deadlines.inactive(now)) {
            close(CloseCode.INACTIVE);
        } else if (deadlines.stalled(now, socket.progress())) {
            close(CloseCode.STALLED);
        } else {
            if (deadlines.heartbeatDue(now)) {
                sendHeartbeat(open);
                socket.flush();
            }
            report();
        }
    }

    private void sendHeartbeat(Delivery open) {
        boolean hasFeed = caller != null && caller.clientIdOrNull() != null;
        socket.write(ServerFrame.heartbeat(hasFeed ? open.complete() : null));
    }

    /** The gateway stops: go elsewhere after this time, in ms, and be disconnected then. */
    void drain(long afterMillis, long deadlineNanos) {
        if (ended || draining) {
            return;
        }
        draining = true;
        socket.write(ServerFrame.reconnect(afterMillis, "drain"));
        socket.flush();
        var unused = socket.loop().schedule(() -> finish(deadlineNanos), afterMillis, TimeUnit.MILLISECONDS);
    }

    private void finish(long deadlineNanos) {
        Delivery open = delivery;
        pump();
        if (!ended && open != null && open.lag() > 0 && System.nanoTime() - deadlineNanos < 0) {
            var unused = socket.loop().schedule(() -> finish(deadlineNanos), 20, TimeUnit.MILLISECONDS);
        } else {
            close(CloseCode.DRAIN);
        }
    }

    void close(CloseCode why) {
        if (ended) {
            return;
        }
        ended = true;
        house.closing(why);
        socket.close(why);
    }

    /** The socket is gone. */
    void closed() {
        ended = true;
        heldBack.clear();
        house.leave(this, caller);
        delivery = null;
    }

    private void resync(Channel channel, String reason) {
        house.resynced(reason);
        socket.write(ServerFrame.resync(channel, reason));
    }

    private void error(@Nullable String requestId, String code, String message, @Nullable String channel) {
        house.erred(code);
        socket.write(ServerFrame.error(requestId, code, message, channel));
    }

    private void onLoop(Runnable task) {
        if (socket.loop().inEventLoop()) {
            task.run();
        } else {
            socket.loop().execute(task);
        }
    }

    private void report() {
        Caller known = caller;
        Delivery open = delivery;
        if (known != null && open != null) {
            view = new View(id, known.clientIdOrNull(), known.user(), open.channels(), open.lag(), since);
        }
    }

    Socket socket() {
        return socket;
    }

    /** What an administrator sees, at most a quarter of a second old. */
    View view() {
        return view;
    }

    /** @param lag offsets between what was read of the client's feed and what was written to this connection */
    record View(
            String connectionId,
            @Nullable String clientId,
            @Nullable String user,
            List<String> channels,
            long lag,
            Instant since) {

        View {
            channels = List.copyOf(channels);
        }
    }

    /** For a person. */
    @Override
    public String toString() {
        return "Connection[" + id + "]";
    }

    static List<View> viewsOf(Iterable<Connection> connections) {
        List<View> views = new ArrayList<>();
        connections.forEach(connection -> views.add(connection.view()));
        return views;
    }

    static Duration tickInterval() {
        return Duration.ofMillis(250);
    }
}
