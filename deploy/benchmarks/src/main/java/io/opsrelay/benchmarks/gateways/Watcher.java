package io.opsrelay.benchmarks.gateways;

import io.opsrelay.benchmarks.gateways.Account.Stay;
import io.opsrelay.benchmarks.gateways.Account.Told;
import io.opsrelay.benchmarks.gateways.Account.Watched;
import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import io.opsrelay.benchmarks.history.Written;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client of the gateways that keeps to the protocol: it goes on at its last position, drops what it has seen, and
 * comes again with exponential back-off. It loads nothing: what it shows is what it was sent.
 */
final class Watcher implements Runnable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    /** Some heartbeats of the gateway. */
    private static final Duration SILENCE = Duration.ofSeconds(8);

    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final long LOOK_MILLIS = 20;
    /** A tenth of what is usual, since a run is short. */
    private static final long FIRST_PAUSE_MILLIS = 300;

    private static final int LONGEST_PAUSE = 4;

    private final HttpClient http;
    private final List<Gateway> gateways;
    private final Who who;
    private final List<String> strangers;
    private final Random random;

    private final List<Sight> sights = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final List<Stay> stays = new ArrayList<>();
    private final List<String> wrongs = new ArrayList<>();
    private final Map<String, Long> positions = new HashMap<>();
    private final Map<String, Map<String, State>> states = new HashMap<>();
    private String epoch = "";
    private int frames;
    private int silences;
    private long newest = Long.MIN_VALUE;
    private @Nullable Reception current;

    private volatile boolean leaving;
    private volatile boolean dropping;
    private volatile long stalledUntil = System.nanoTime();
    private volatile long awayUntil = System.nanoTime();

    /**
     * One that has not connected yet.
     *
     * @param strangers the other clients
     */
    Watcher(HttpClient http, List<Gateway> gateways, Who who, List<String> strangers, Random random) {
        this.http = http;
        this.gateways = gateways;
        this.who = who;
        this.strangers = strangers;
        this.random = random;
    }

    /**
     * Who watches what.
     *
     * @param early whether the token comes with the upgrade, and not in the first frame
     */
    record Who(String client, String user, String name, String token, List<String> channels, boolean early) {

        Who {
            channels = List.copyOf(channels);
        }

        /** Without the token. */
        @Override
        public String toString() {
            return client + " " + name;
        }
    }

    @Override
    public void run() {
        int failures = 0;
        int at = random.nextInt(gateways.size());
        try {
            while (!leaving) {
                Reception ended = stay(gateways.get(at));
                at = ended.own ? random.nextInt(gateways.size()) : (at + 1) % gateways.size();
                failures = ended.subscribed ? 0 : failures + 1;
                if (!ended.sentAway || failures > 0) {
                    long pause = FIRST_PAUSE_MILLIS << Math.min(failures, LONGEST_PAUSE);
                    Thread.sleep(pause / 2 + random.nextLong(pause / 2));
                }
                while (!leaving && System.nanoTime() - awayUntil < 0) {
                    Thread.sleep(LOOK_MILLIS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void leave() {
        leaving = true;
    }

    /** Closes its connection without a word, and comes again after so long. */
    void drop(Duration lasting) {
        awayUntil = System.nanoTime() + lasting.toNanos();
        dropping = true;
    }

    /** Whether it does not want to see anything now. */
    boolean isAbsent() {
        return isStalled() || System.nanoTime() - awayUntil < 0;
    }

    /** Reads nothing for so long. */
    synchronized void stall(Duration lasting) {
        stalledUntil = System.nanoTime() + lasting.toNanos();
        Reception open = current;
        if (open != null) {
            open.own = true;
        }
    }

    boolean isStalled() {
        return System.nanoTime() - stalledUntil < 0;
    }

    /** Subscribed to everything, and shown something that was written after that moment. */
    synchronized boolean isOnSince(long since) {
        Reception open = current;
        return open != null && open.subscribed && newest != Long.MIN_VALUE && newest - since > 0;
    }

    synchronized boolean isOn() {
        Reception open = current;
        return open != null && open.subscribed;
    }

    /** Connected to that process of a gateway. */
    synchronized boolean isAt(String incarnation) {
        Reception open = current;
        return open != null && open.gateway.equals(incarnation);
    }

    /** Frames that came, in all. */
    synchronized int frames() {
        return frames;
    }

    /** Connections that it gave up because nothing came. */
    synchronized int silences() {
        return silences;
    }

    synchronized Watched watched() {
        Map<String, Map<String, Long>> shown = new HashMap<>();
        states.forEach((channel, keys) -> {
            Map<String, Long> versions = new HashMap<>();
            keys.forEach((key, state) -> versions.put(key, state.version));
            shown.put(channel, versions);
        });
        List<Stay> all = new ArrayList<>(stays);
        Reception open = current;
        if (open != null && open.welcomed) {
            all.add(open.stay());
        }
        return new Watched(
                new Dashboard(who.client(), who.name(), sights), who.user(), who.channels(), shown, told, all, wrongs);
    }

    /** One connection, from its beginning to its end. */
    private Reception stay(Gateway gateway) throws InterruptedException {
        Reception reception = new Reception(gateway.incarnation());
        WebSocket socket = open(gateway, reception);
        if (socket == null) {
            return reception;
        }
        try {
            if (!who.early()) {
                send(socket, Map.of("type", "auth", "data", Map.of("token", who.token())));
            }
            for (String channel : who.channels()) {
                send(socket, subscription(channel));
            }
            watch(socket, reception);
        } catch (ExecutionException | TimeoutException e) {
            // It broke: another one.
        } finally {
            end(reception);
            socket.abort();
        }
        return reception;
    }

    private @Nullable WebSocket open(Gateway gateway, Reception reception) throws InterruptedException {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (who.early()) {
            builder.header("Authorization", "Bearer " + who.token());
        }
        CompletableFuture<WebSocket> opening = builder.buildAsync(gateway.address(), reception);
        try {
            return opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return null; // not there, or not ready
        } catch (TimeoutException e) {
            end(reception);
            var unused = opening.thenAccept(WebSocket::abort);
            return null;
        }
    }

    /** Until the connection breaks, or is to be dropped, or seems dead. */
    private void watch(WebSocket socket, Reception reception)
            throws InterruptedException, ExecutionException, TimeoutException {
        long beatAt = System.nanoTime() + BEAT.toNanos();
        while (!leaving && !reception.ended.isDone()) {
            if (dropping) {
                dropping = false;
                reception.own = true;
                return;
            }
            boolean stalled = isStalled();
            if (!stalled) {
                reception.readOn(socket);
                if (System.nanoTime() - reception.heardAt > SILENCE.toNanos()) {
                    synchronized (this) {
                        silences++;
                    }
                    return;
                }
            }
            if (System.nanoTime() - beatAt > 0) {
                send(socket, Map.of("type", "heartbeat")); // one that does not read may still write
                beatAt = System.nanoTime() + BEAT.toNanos();
            }
            try {
                reception.ended.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It stands.
            }
        }
    }

    private static void send(WebSocket socket, Map<String, ?> message)
            throws InterruptedException, ExecutionException, TimeoutException {
        socket.sendText(JSON.writeValueAsString(message), true).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized Map<String, ?> subscription(String channel) {
        Long position = positions.get(channel);
        Map<String, Object> data = new HashMap<>(Map.of("channel", channel));
        if (position != null) {
            data.put("resume", Map.of("epoch", epoch, "offset", position));
        }
        return Map.of("type", "subscribe", "id", channel, "data", data);
    }

    /** What a connection still brings when it was given up was lost on the way, for us. */
    private synchronized void end(Reception reception) {
        reception.closed = true;
        if (current == reception) {
            current = null;
            if (reception.welcomed) {
                stays.add(reception.stay());
            }
        }
    }

    private synchronized void take(Reception reception, String text) {
        if (reception.closed) {
            return;
        }
        if (current != reception) {
            current = reception;
            sights.add(new Sight.Connected());
            reception.own = isStalled();
        }
        for (String stranger : strangers) {
            if (text.contains(Writer.mark(stranger))) {
                wrong("was shown what is only for " + stranger, text);
            }
        }
        JsonNode message = JSON.readTree(text);
        JsonNode data = message.path("data");
        String channel = message.path("channel").asString("");
        switch (message.path("type").asString("")) {
            case "auth_success" -> {
                reception.welcomed = true;
                reception.from = System.nanoTime();
                if (!data.path("client_id").asString("").equals(who.client())) {
                    wrong("was taken for somebody else", text);
                }
            }
            case "subscribed" -> subscribed(reception, data);
            case "resync" -> {
                sights.add(new Sight.Resync(channel));
                told.add(new Told(channel, data.path("reason").asString(""), System.nanoTime()));
            }
            case "heartbeat" -> complete(reception, message);
            case "reconnect" -> {
                reception.sentAway = true;
                sights.add(new Sight.SentAway());
            }
            case "error" -> wrong("was told of an error", text);
            default -> frame(channel, message, data);
        }
    }

    private void subscribed(Reception reception, JsonNode data) {
        String channel = data.path("channel").asString("");
        long offset = data.path("offset").asLong(-1);
        boolean recovered = data.path("recovered").asBoolean(false);
        epoch = data.path("epoch").asString("");
        reception.live.add(channel);
        reception.subscribed = reception.live.containsAll(who.channels());
        if (Written.STATES.contains(channel)) {
            return;
        }
        Long asked = positions.get(channel);
        sights.add(new Sight.Subscribed(channel, asked, offset, recovered));
        if (asked == null || !recovered) {
            positions.put(channel, offset);
        }
    }

    /** A quiet channel need not go on from a position of long ago. */
    private void complete(Reception reception, JsonNode message) {
        if (message.has("offset")) {
            long offset = message.path("offset").asLong(-1);
            sights.add(new Sight.Complete(offset));
            reception.live.stream()
                    .filter(channel -> !Written.STATES.contains(channel))
                    .forEach(channel -> positions.merge(channel, offset, Math::max));
        }
    }

    private void frame(String channel, JsonNode message, JsonNode data) {
        frames++;
        long offset = message.path("offset").asLong(-1);
        String key = message.path("key").asString("");
        long version = data.path("version").asLong(0);
        newest = Math.max(newest, data.path("at").asLong(Long.MIN_VALUE));
        if (!Written.STATES.contains(channel)) {
            sights.add(new Sight.Frame(
                    channel, offset, message.has("prev") ? message.path("prev").asLong(-1) : null, key, version));
            positions.merge(channel, offset, Math::max);
        } else {
            states.computeIfAbsent(channel, name -> new HashMap<>())
                    .merge(key, new State(offset, version), (old, fresh) -> fresh.offset >= old.offset ? fresh : old);
        }
    }

    private void wrong(String what, String text) {
        wrongs.add("%s's dashboard %s %s: %s"
                .formatted(who.client(), who.name(), what, text.substring(0, Math.min(300, text.length()))));
    }

    private record State(long offset, long version) {}

    /** What comes on one connection. Its fields are guarded by the watcher, where they are not volatile. */
    private final class Reception implements WebSocket.Listener {

        private final String gateway;
        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private final Set<String> live = new HashSet<>();
        private boolean closed;
        private boolean welcomed;
        private long from;
        private volatile boolean own;
        private volatile boolean sentAway;
        private volatile boolean subscribed;
        private volatile int code;
        private volatile long heardAt = System.nanoTime();
        private int unread;

        Reception(String gateway) {
            this.gateway = gateway;
        }

        Stay stay() {
            return new Stay(gateway, from, System.nanoTime(), sentAway, code, own || leaving);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                heardAt = System.nanoTime();
                take(this, message);
            }
            if (isStalled()) {
                synchronized (this) {
                    unread++;
                }
            } else {
                webSocket.request(1);
            }
            return null;
        }

        /** Asks for what it did not want while it was stalled. */
        private synchronized void readOn(WebSocket socket) {
            if (unread > 0) {
                heardAt = System.nanoTime();
                socket.request(unread);
                unread = 0;
            }
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            code = statusCode;
            ended.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended.complete(null);
        }
    }
}
