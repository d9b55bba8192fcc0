package io.opsrelay.gateway.socketio;

import io.opsrelay.gateway.stream.ConnectionView;
import io.opsrelay.gateway.stream.StreamProperties;
import io.opsrelay.security.Caller;
import io.opsrelay.security.token.InvalidTokenException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.MonoSink;

/**
 * One client's side of the protocol, over whichever transport it has now: who it is, what waits for it, and what it owes
 * by when. Confined to the module's thread. Its id lets anybody poll in its name, so it is random and in no log.
 */
final class Session {

    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** Within which who is told to disconnect does so. */
    private static final long LEAVE = TimeUnit.SECONDS.toNanos(2);

    private final String id = UUID.randomUUID().toString();
    private final Sessions house;
    private final SocketIoProperties properties;
    private final StreamProperties limits;
    private final Outbox outbox;
    private final long opened = System.nanoTime();
    /** Not the id, which is a key: pages and administrators may see this one. */
    private final String publicId = UUID.randomUUID().toString();

    private final Supplier<ConnectionView> view = this::view;
    private final Instant since;

    private Transport transport;
    private @Nullable WebSocketTransport probing;
    private long probed;
    private boolean probeAnswered;

    private volatile @Nullable Caller caller;
    private @Nullable ClientFeed feed;
    private boolean verifying;

    private long pinged;
    private long ponged = opened;
    private boolean awaitsPong;
    private long minuteBegan = opened;
    private int inMinute;

    private @Nullable Ending leaving;
    private long told;
    private boolean ended;

    Session(Sessions house, SocketIoProperties properties, Transport transport) {
        this.house = house;
        this.properties = properties;
        this.limits = house.limits();
        this.outbox = new Outbox(properties.activities());
        this.transport = transport;
        this.since = house.now();
        outbox.control(ServerPacket.open(
                id,
                transport instanceof Polling,
                properties.pingInterval(),
                properties.pingTimeout(),
                limits.maxFrame().toBytes()));
        if (transport instanceof WebSocketTransport socket) {
            socket.whenWritable(this::wake);
        }
        flush();
    }

    String id() {
        return id;
    }

    boolean isPolling() {
        return transport instanceof Polling && !ended;
    }

    // Polling

    /** A poll is answered as soon as there is something to say; the session's end answers it too. */
    void poll(MonoSink<String> poll) {
        if (!(transport instanceof Polling polling)) {
            poll.error(new EngineException(EngineException.Reason.BAD_REQUEST));
        } else if (!polling.await(poll)) {
            poll.error(new EngineException(EngineException.Reason.BAD_REQUEST));
            end(Ending.MALFORMED);
        } else {
            poll.onDispose(() -> house.run(this, () -> polling.ended(poll)));
            flush();
            if (probeAnswered) {
                polling.release(); // the client changes over as soon as no poll of its own is out
            }
        }
    }

    /** A body was posted. */
    void posted(String body) throws EngineException {
        if (!(transport instanceof Polling)) {
            throw new EngineException(EngineException.Reason.BAD_REQUEST);
        }
        try {
            for (EnginePacket packet : EnginePacket.parseAll(body)) {
                received(packet);
            }
        } catch (MalformedPacketException e) {
            close(Ending.MALFORMED);
            throw new EngineException(EngineException.Reason.BAD_REQUEST);
        }
    }

    // WebSocket

    /** A WebSocket came that wants to take over. Only one at a time may try. */
    void probe(WebSocketTransport socket) {
        if (!isPolling() || probing != null) {
            socket.close(Ending.MALFORMED);
            return;
        }
        probing = socket;
        probed = System.nanoTime();
    }

    /** A text came over a WebSocket. */
    void received(WebSocketTransport socket, String text) {
        if (socket != transport && socket != probing) {
            return; // it is about to be closed
        }
        try {
            EnginePacket packet = EnginePacket.parse(text);
            if (socket == transport) {
                received(packet);
            } else {
                upgrade(socket, packet);
            }
        } catch (MalformedPacketException e) {
            failed(socket, Ending.MALFORMED);
        }
    }

    /** What came over the WebSocket was unusable. */
    void failed(WebSocketTransport socket, Ending why) {
        if (socket == transport) {
            close(why);
        } else {
            giveUpProbe(why);
        }
    }

    /** The WebSocket is gone. */
    void gone(WebSocketTransport socket) {
        if (socket == transport) {
            end(Ending.CLIENT);
        } else if (socket == probing) {
            giveUpProbe(Ending.CLIENT);
        }
    }

    private void upgrade(WebSocketTransport socket, EnginePacket packet) throws MalformedPacketException {
        if (packet.type() == EnginePacket.Type.PING && packet.data().equals(EnginePacket.PROBE)) {
            socket.send(List.of(ServerPacket.PROBE_ANSWER));
            probeAnswered = true;
            flush();
            ((Polling) transport).release();
        } else if (packet.type() == EnginePacket.Type.UPGRADE && probeAnswered) {
            ((Polling) transport).release();
            transport = socket;
            probing = null;
            probeAnswered = false;
            socket.whenWritable(this::wake);
            house.upgraded();
            flush();
        } else {
            throw new MalformedPacketException("this is not how a transport is upgraded");
        }
    }

    private void giveUpProbe(Ending why) {
        WebSocketTransport socket = probing;
        probing = null;
        probeAnswered = false;
        if (socket != null) {
            socket.close(why);
        }
    }

    // Packets

    private void received(EnginePacket packet) throws MalformedPacketException {
        if (ended) {
            return;
        }
        if (!withinRate(System.nanoTime())) {
            close(Ending.TOO_MANY_FRAMES);
            return;
        }
        switch (packet.type()) {
            case PONG -> {
                awaitsPong = false;
                ponged = System.nanoTime();
            }
            case MESSAGE -> received(ClientPacket.parse(packet.data()));
            case CLOSE -> end(Ending.CLIENT);
            case NOOP -> {}
            case OPEN, PING, UPGRADE -> throw new MalformedPacketException("this is not for the server, or not now");
        }
    }

    private void received(ClientPacket packet) {
        if (leaving != null) {
            return;
        }
        boolean main = packet.namespace().equals(ClientPacket.MAIN);
        switch (packet) {
            case ClientPacket.Connect connect -> {
                String token = connect.token();
                if (!main) {
                    refuse(packet.namespace(), "Invalid namespace", "invalid_namespace", "connect to /");
                } else if (token == null) {
                    refuse(ClientPacket.MAIN, "Authentication failed", "no_token", "send auth: {token: <JWT>}");
                } else if (caller == null && !verifying) {
                    verify(token);
                }
            }
            case ClientPacket.Disconnect disconnect -> {
                if (main) {
                    end(Ending.CLIENT);
                }
            }
            case ClientPacket.Other other -> {}
        }
    }

    private void verify(String token) {
        verifying = true;
        house.verify(token)
                .subscribe(
                        known -> house.run(this, () -> accepted(known)),
                        failed -> house.run(this, () -> {
                            verifying = false;
                            if (failed instanceof InvalidTokenException) {
                                refuse(
                                        ClientPacket.MAIN,
                                        "Authentication failed",
                                        "invalid_token",
                                        String.valueOf(failed.getMessage()));
                            } else {
                                close(Ending.FAILED); // not its fault: it comes back by itself
                            }
                        }));
    }

    private void accepted(Caller known) {
        verifying = false;
        if (ended) {
            return;
        }
        if (!Sessions.mayWatch(known)) {
            refuse(ClientPacket.MAIN, "Forbidden", "forbidden", "your roles do not open the client's metrics");
            return;
        }
        if (!house.admit(known)) {
            refuse(ClientPacket.MAIN, "Too many connections", "too_many_connections", "close others first");
            return;
        }
        caller = known;
        ClientFeed joined = house.join(this, known.clientId());
        feed = joined;
        house.show(view);
        outbox.control(ServerPacket.connected(publicId));
        outbox.control(ServerPacket.event("metrics:initial", joined.initial()));
        flush();
    }

    private void refuse(String namespace, String message, String code, String detail) {
        house.refused(code);
        outbox.control(ServerPacket.connectError(namespace, message, code, detail));
        flush();
    }

    private boolean withinRate(long now) {
        if (now - minuteBegan >= MINUTE) {
            minuteBegan = now;
            inMinute = 0;
        }
        return ++inMinute <= limits.framesPerMinute();
    }

    private ConnectionView view() {
        Caller known = Objects.requireNonNull(caller, "shown when it has authenticated");
        return new ConnectionView(
                house.instance(),
                publicId,
                known.clientIdOrNull(),
                known.user(),
                "socket.io",
                Sessions.CHANNELS,
                null,
                null,
                outbox.conflated(),
                outbox.dropped(),
                since);
    }

    // What goes out

    /** @param updates by the name that each is about */
    void deliver(List<String> activities, Map<String, String> updates) {
        if (leaving != null) {
            return;
        }
        for (String activity : activities) {
            if (!outbox.event(activity)) {
                house.dropped();
            }
        }
        updates.forEach(outbox::state);
        flush();
    }

    private void wake() {
        house.run(this, this::flush);
    }

    private void flush() {
        while (transport.ready() && !outbox.isEmpty()) {
            transport.send(outbox.take(transport.batch()));
        }
    }

    // Time, and the end

    /**
     * Called a few times a second.
     *
     * @param now of the monotonic clock, in ns
     */
    void tick(long now, Instant time) {
        Caller known = caller;
        if (leaving != null) {
            if (now - told >= LEAVE) {
                end(leaving);
            }
            return;
        }
        if (probing != null && now - probed >= limits.authTimeout().toNanos()) {
            giveUpProbe(Ending.PING_TIMEOUT);
        }
        if (known == null && now - opened >= limits.authTimeout().toNanos()) {
            close(Ending.NO_AUTH);
        } else if (known != null && time.isAfter(known.expiresAt().plus(limits.expiryGrace()))) {
            close(Ending.TOKEN_EXPIRED);
        } else if (awaitsPong && now - pinged >= properties.pingTimeout().toNanos()) {
            close(Ending.PING_TIMEOUT);
        } else if (!awaitsPong && now - ponged >= properties.pingInterval().toNanos()) {
            awaitsPong = true;
            pinged = now;
            outbox.control(EnginePacket.PING);
            flush();
        }
    }

    /** Ends it. Who may not come back by itself is told first, and has a moment to go. */
    void close(Ending why) {
        if (ended || leaving != null) {
            return;
        }
        if (why.mayReturn() || caller == null) {
            end(why);
        } else {
            leaving = why;
            told = System.nanoTime();
            outbox.clear();
            outbox.control(ServerPacket.DISCONNECT);
            flush();
        }
    }

    void end(Ending why) {
        if (ended) {
            return;
        }
        ended = true;
        Ending reason = leaving == null ? why : leaving;
        leaving = reason;
        transport.close(reason);
        giveUpProbe(reason);
        outbox.clear();
        house.hide(view);
        house.ended(this, reason, caller, feed);
        feed = null;
    }

    /** For a person: not the id, which is a key. */
    @Override
    public String toString() {
        Caller known = caller;
        return "Session[" + (known == null ? "unknown" : known.user()) + "]";
    }
}
