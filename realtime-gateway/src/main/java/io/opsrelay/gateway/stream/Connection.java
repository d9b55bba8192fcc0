package io.opsrelay.gateway.stream;

import io.netty.buffer.ByteBuf;
import io.opsrelay.gateway.edge.AccessTokens;
import io.opsrelay.gateway.feed.ClientRing;
import io.opsrelay.gateway.feed.FeedChannels;
import io.opsrelay.gateway.feed.Frame;
import io.opsrelay.gateway.feed.History;
import io.opsrelay.gateway.feed.Past;
import io.opsrelay.gateway.feed.Position;
import io.opsrelay.gateway.feed.Segment;
import io.opsrelay.security.Caller;
import io.opsrelay.security.token.InvalidTokenException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection's side of the protocol: who it is, what it subscribed to, what it may still do. Everything happens on
 * the event loop of its socket.
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
    /** Subscriptions that wait for Kafka, by channel; the newest request of a channel counts. */
    private final Map<String, Reading> recovering = new HashMap<>();

    private @Nullable Caller caller;
    private @Nullable Delivery delivery;
    private boolean verifying;
    private boolean ended;
    private boolean nextTurn;
    private boolean draining;
    private int offences;
    private long dropped;

    Connection(String id, Socket socket, Connections house, boolean chatDashboard) {
        this.id = id;
        this.socket = socket;
        this.house = house;
        this.limits = house.limits();
        this.chatDashboard = chatDashboard;
        this.since = house.clock().instant();
        this.deadlines = new Deadlines(limits, System.nanoTime());
    }

    /**
     * The socket is open.
     *
     * @param known who sent a token with the upgrade
     */
    void opened(@Nullable Caller known) {
        socket.whenWritable(() -> pump(null));
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

    /** A frame came that is no message: a pong, or a part that others follow. False if it is one too many. */
    boolean receivedPart() {
        if (!ended && !deadlines.receivedWithinRate(System.nanoTime())) {
            close(CloseCode.TOO_MANY_FRAMES);
        }
        return !ended;
    }

    /** A ping came. */
    void pinged(ByteBuf payload) {
        if (receivedPart()) {
            socket.pong(payload);
        }
    }

    private void handle(String text) {
        try {
            ClientFrame frame = ClientFrame.parse(text);
            Caller known = caller;
            Delivery open = delivery;
            if (known == null || open == null) {
                beforeAuth(frame);
            } else if (!house.receivedWithinRate(known)) {
                error(null, "rate_limited", "this client's connections together send too much; send less often", null);
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
            case ClientFrame.Subscribe subscribe -> {
                Channel channel = authorised(known, subscribe.id(), subscribe.channel());
                subscribe(open, subscribe.id(), channel, subscribe.resume());
            }
            case ClientFrame.Unsubscribe unsubscribe -> {
                boolean waited = recovering.remove(unsubscribe.channel()) != null;
                if (!open.unsubscribe(unsubscribe.channel()) && !waited) {
                    throw new UnusableFrameException(
                            unsubscribe.id(), "not_subscribed", "this channel is not subscribed to");
                }
                socket.write(ServerFrame.unsubscribed(unsubscribe.id(), unsubscribe.channel()));
            }
            case ClientFrame.Heartbeat heartbeat -> sendHeartbeat(open);
            case ClientFrame.StateRequest request -> tellState(open, known, request);
            case ClientFrame.Typing typing -> {
                authorised(known, typing.id(), FeedChannels.MESSAGES);
                house.typing(known, typing.sessionId());
            }
        }
    }

    private static Channel authorised(Caller known, @Nullable String requestId, String name)
            throws UnusableFrameException {
        Channel channel = Channel.named(name)
                .orElseThrow(() ->
                        new UnusableFrameException(requestId, "unknown_channel", "there is no channel of this name"));
        if (!channel.allows(known)) {
            throw new UnusableFrameException(
                    requestId, "forbidden_channel", "your roles do not open the channel " + channel.name());
        }
        return channel;
    }

    /** The present state, subscribed or not; of one entity, if one is named. */
    private void tellState(Delivery open, Caller known, ClientFrame.StateRequest request)
            throws UnusableFrameException {
        Channel channel = authorised(known, request.id(), request.channel());
        Position position = new Position(open.ring().epoch(), open.ring().position());
        boolean any = false;
        for (Frame frame : open.ring().states().since(channel.name(), -1)) {
            if (request.key() == null || request.key().equals(frame.key())) {
                socket.write(frame.snapshotText(position.offset()));
                any = true;
            }
        }
        if (!any) {
            socket.write(ServerFrame.emptyState(request.id(), channel.name(), request.key(), position));
        }
    }

    private void subscribe(Delivery open, @Nullable String requestId, Channel channel, @Nullable Position resume)
            throws UnusableFrameException {
        if (open.size() >= limits.subscriptions() && !open.has(channel.name())) {
            throw new UnusableFrameException(
                    requestId,
                    "too_many_subscriptions",
                    "a connection may have " + limits.subscriptions() + " subscriptions");
        }
        recovering.remove(channel.name());
        ClientRing ring = open.ring();
        // The position first: every frame up to it is in the ring by then.
        Position top = new Position(ring.epoch(), ring.position());
        if (resume == null || channel.isState()) {
            begin(open, requestId, channel, top, new Start(ring.live(top.offset()), resume != null, null));
            return;
        }
        switch (house.history().after(resume, ring)) {
            case History.Recovery.Replay replay ->
                begin(open, requestId, channel, top, new Start(replay.from(), true, null));
            case History.Recovery.Lost gone ->
                begin(open, requestId, channel, top, new Start(ring.live(top.offset()), false, gone.reason()));
            case History.Recovery.Older older -> recover(open, requestId, channel, resume.offset());
        }
    }

    /** Answers when all that was missed is at hand, or is known to be lost: nothing in between. */
    private void recover(Delivery open, @Nullable String requestId, Channel channel, long behind) {
        Reading request = new Reading(behind);
        recovering.put(channel.name(), request);
        ClientRing ring = open.ring();
        var unused = house.history()
                .read(ring, behind)
                .thenAccept(past -> onLoop(() -> {
                    if (!ended && recovering.remove(channel.name(), request)) {
                        recovered(open, requestId, channel, behind, ring, past);
                        socket.flush();
                    } else if (past instanceof Segment unwanted) {
                        unwanted.release();
                    }
                }));
    }

    private void recovered(
            Delivery open, @Nullable String requestId, Channel channel, long behind, ClientRing ring, Past past) {
        ClientRing current = open.ring();
        Position top = new Position(current.epoch(), current.position());
        String lost = current != ring ? "epoch" : past instanceof Past.Missing missing ? missing.reason() : null;
        if (past instanceof Segment segment) {
            long from = lost == null ? ring.after(segment.upTo()) : -1;
            if (from >= 0) {
                socket.write(ServerFrame.subscribed(requestId, channel.name(), top, true));
                open.subscribe(channel, from, segment, behind); // which releases it
                pump(null);
                return;
            }
            segment.release();
        }
        String reason = lost == null ? "retention" : lost;
        begin(open, requestId, channel, top, new Start(current.live(top.offset()), false, reason));
    }

    private void begin(Delivery open, @Nullable String requestId, Channel channel, Position top, Start start) {
        socket.write(ServerFrame.subscribed(requestId, channel.name(), top, start.recovered));
        if (start.lost != null) {
            resync(channel, start.lost);
        }
        open.subscribe(channel, start.from, null, -1);
        pump(null);
    }

    /**
     * How a subscription begins.
     *
     * @param from sequence number of its first frame
     * @param lost why something before that is lost, if it is
     */
    private record Start(
            long from, boolean recovered, @Nullable String lost) {}

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
        Delivery open = new Delivery(socket, limits, known.user(), ring, this::resync);
        delivery = open;
        deadlines.authenticated(System.nanoTime());
        socket.write(ServerFrame.authSuccess(known, id, limits.heartbeat()));
        if (chatDashboard) {
            for (String name : CHAT_DASHBOARD) {
                Channel channel = Channel.named(name).orElseThrow();
                if (channel.allows(known)) {
                    Position top = new Position(ring.epoch(), ring.position());
                    begin(open, null, channel, top, new Start(ring.live(top.offset()), false, null));
                }
            }
        }
    }

    private void refresh(@Nullable String requestId, Caller former, Caller fresh) {
        if (!fresh.user().equals(former.user()) || !Objects.equals(fresh.clientIdOrNull(), former.clientIdOrNull())) {
            error(requestId, "other_identity", "the new token is another user's: open another connection", null);
            return;
        }
        caller = fresh;
        Delivery open = Objects.requireNonNull(delivery);
        Set<String> names = new LinkedHashSet<>(open.channels());
        names.addAll(recovering.keySet());
        for (String name : names) {
            if (!Channel.named(name).orElseThrow().allows(fresh)) {
                recovering.remove(name);
                open.unsubscribe(name);
                error(null, "forbidden_channel", "the new token's roles do not open the channel " + name, name);
            }
        }
        socket.write(ServerFrame.authSuccess(fresh, id, limits.heartbeat()));
    }

    /**
     * The feed has something new, the socket has room again, or it is this connection's next turn.
     *
     * @param shared of the round, if it is one of all the client's connections
     */
    void pump(@Nullable Batches shared) {
        Delivery open = delivery;
        if (open == null || ended || !socket.writable()) {
            return;
        }
        boolean more = open.pump(shared);
        house.delivered(open.written());
        if (more && !nextTurn) {
            nextTurn = true; // one at a time, however often the feed wakes this connection meanwhile
            house.later(this);
        }
    }

    /** It is this connection's turn again. */
    void nextTurn() {
        nextTurn = false;
        pump(null);
    }

    /** Somebody else is typing. Who has no room now need not know. */
    void tellTyping(String user, byte[] frame) {
        Caller known = caller;
        Delivery open = delivery;
        if (known != null && open != null && !ended && !known.user().equals(user) && open.has(FeedChannels.MESSAGES)) {
            if (socket.writable()) {
                socket.write(frame);
                socket.flush();
            } else {
                dropped++;
            }
        }
    }

    /** Tells what state channels say. */
    void tellStates(Batches shared, long now) {
        Delivery open = delivery;
        if (open != null && !ended) {
            house.delivered(open.tellStates(shared, now));
        }
    }

    boolean hasStates() {
        Delivery open = delivery;
        return open != null && open.hasStates();
    }

    /** The feed's offsets have another identity. */
    void moveTo(ClientRing successor) {
        Delivery open = delivery;
        if (open != null && !ended) {
            open.moveTo(successor);
            socket.flush();
            pump(null);
        }
    }

    /**
     * Called about once a second.
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
        }
    }

    private void sendHeartbeat(Delivery open) {
        boolean hasFeed = caller != null && caller.clientIdOrNull() != null;
        socket.write(ServerFrame.heartbeat(hasFeed ? complete(open) : null));
    }

    /** Up to where nothing is missing on any channel, those included that still wait for what they missed. */
    private @Nullable Position complete(Delivery open) {
        Position complete = open.complete();
        if (complete == null || recovering.isEmpty()) {
            return complete;
        }
        long least = recovering.values().stream()
                .mapToLong(reading -> reading.behind)
                .min()
                .orElseThrow();
        return new Position(complete.epoch(), Math.min(least, complete.offset()));
    }

    /** A reading of what was missed: each is another one, even of the same channel from the same position. */
    private static final class Reading {
        private final long behind;

        Reading(long behind) {
            this.behind = behind;
        }
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
        pump(null);
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
        forget();
    }

    /** Nothing more is sent. */
    private void forget() {
        Delivery open = delivery;
        if (open != null) {
            open.close();
        }
    }

    /** Others without a token want in. */
    void displaced() {
        if (caller == null) {
            close(CloseCode.DISPLACED);
        }
    }

    /** The socket is gone. */
    void closed() {
        ended = true;
        heldBack.clear();
        house.leave(this, caller);
        forget();
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

    /** Names it for people; nothing can be done with it. */
    String id() {
        return id;
    }

    /** Who it is; null until it has brought a token. */
    @Nullable
    Caller caller() {
        return caller;
    }

    Socket socket() {
        return socket;
    }

    /** As it is now. */
    ConnectionView view() {
        Caller known = caller;
        Delivery open = delivery;
        return new ConnectionView(
                house.instance(),
                id,
                known == null ? null : known.clientIdOrNull(),
                known == null ? null : known.user(),
                "websocket",
                open == null ? List.of() : open.channels(),
                open == null ? 0L : open.lag(),
                open == null ? null : deliveryOf(open),
                open == null ? 0L : open.conflated(),
                dropped,
                since);
    }

    private String deliveryOf(Delivery open) {
        if (!socket.writable()) {
            return ConnectionView.PAUSED;
        }
        return recovering.isEmpty() && open.lag() == 0 ? ConnectionView.LIVE : ConnectionView.CATCHING_UP;
    }

    /** For a person. */
    @Override
    public String toString() {
        return "Connection[" + id + "]";
    }
}
