package io.opsrelay.benchmarks.faults;

import io.opsrelay.benchmarks.history.History.Dashboard;
import io.opsrelay.benchmarks.history.History.Sight;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A dashboard: connects, subscribes, and when the connection is gone connects anew and resumes where it was. From time
 * to time it drops the connection itself.
 */
final class Screen implements Runnable {

    private static final List<String> CHANNELS = List.of("tickets", "approvals", "actions");
    private static final long PAUSE_MILLIS = 250;
    private static final long PATIENCE_SECONDS = 5;
    private static final int LONGEST_STAY_SECONDS = 40;

    private final HttpClient http;
    private final URI address;
    private final Caller viewer;
    private final Eyes eyes;
    private final Journal journal;
    private final Random random;
    private final List<Sight> sights = new ArrayList<>();
    private final Map<String, Long> positions = new HashMap<>();
    /** Subscribed to on the connection that stands. */
    private final Set<String> live = new HashSet<>();

    private String epoch = "";
    private long reconnections;
    private long resyncs;
    private volatile boolean leaving;

    Screen(HttpClient http, URI base, Caller viewer, Eyes eyes, Journal journal, Random random) {
        this.http = http;
        this.address = URI.create(base.toString().replaceFirst("^http", "ws") + "/api/v1/stream");
        this.viewer = viewer;
        this.eyes = eyes;
        this.journal = journal;
        this.random = random;
    }

    @Override
    public void run() {
        try {
            while (!leaving) {
                stay();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void leave() {
        leaving = true;
    }

    synchronized Dashboard dashboard() {
        return new Dashboard(viewer.client(), viewer.user(), sights);
    }

    synchronized long reconnections() {
        return Math.max(0, reconnections - 1);
    }

    synchronized long resyncs() {
        return resyncs;
    }

    /** Subscribed to everything. */
    synchronized boolean isOn() {
        return positions.keySet().containsAll(CHANNELS);
    }

    /** One connection, from its beginning to its end. */
    private void stay() throws InterruptedException {
        String token = viewer.token();
        if (token == null) {
            return;
        }
        Receiver receiver = new Receiver();
        WebSocket socket = null;
        try {
            socket = http.newWebSocketBuilder()
                    .buildAsync(address, receiver)
                    .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                    .join();
            connected();
            send(socket, Map.of("type", "auth", "data", Map.of("token", token)));
            for (String channel : CHANNELS) {
                send(socket, subscription(channel));
            }
            watch(socket, receiver);
        } catch (CompletionException e) {
            // The gateway is away: another try.
        } finally {
            receiver.closed = true;
            if (socket != null) {
                socket.abort();
            }
        }
    }

    /** Until the connection breaks, or this dashboard has had enough of it. */
    private void watch(WebSocket socket, Receiver receiver) throws InterruptedException {
        long leaveAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(10L + random.nextInt(LONGEST_STAY_SECONDS));
        long beatAt = System.nanoTime();
        while (!leaving && System.nanoTime() - leaveAt < 0 && !receiver.ended.isDone()) {
            if (System.nanoTime() - beatAt > 0) {
                send(socket, Map.of("type", "heartbeat"));
                beatAt = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            }
            try {
                receiver.ended.get(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It stands.
            } catch (java.util.concurrent.ExecutionException e) {
                return;
            }
        }
    }

    private static void send(WebSocket socket, Map<String, ?> message) {
        socket.sendText(Caller.JSON.writeValueAsString(message), true)
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private synchronized Map<String, ?> subscription(String channel) {
        Long position = positions.get(channel);
        Map<String, Object> data = new HashMap<>(Map.of("channel", channel));
        if (position != null) {
            data.put("resume", Map.of("epoch", epoch, "offset", position));
        }
        return Map.of("type", "subscribe", "id", channel, "data", data);
    }

    private synchronized void connected() {
        reconnections++;
        live.clear();
        sights.add(new Sight.Connected());
    }

    private synchronized void take(JsonNode message) {
        JsonNode data = message.path("data");
        String channel = message.path("channel").asString("");
        switch (message.path("type").asString("")) {
            case "subscribed" -> subscribed(data);
            case "resync" -> {
                resyncs++;
                sights.add(new Sight.Resync(channel));
            }
            case String type when CHANNELS.contains(channel) -> frame(type, channel, message, data);
            case "heartbeat" -> complete(message);
            default -> {} // answers to sign-in
        }
    }

    private void subscribed(JsonNode data) {
        String channel = data.path("channel").asString("");
        long offset = data.path("offset").asLong(-1);
        boolean recovered = data.path("recovered").asBoolean(false);
        Long asked = positions.get(channel);
        sights.add(new Sight.Subscribed(channel, asked, offset, recovered));
        epoch = data.path("epoch").asString("");
        live.add(channel);
        if (asked == null || !recovered) {
            positions.put(channel, offset);
        }
    }

    /** Vouches for all that is subscribed to: a quiet channel need not go on from a position of long ago. */
    private void complete(JsonNode message) {
        if (message.has("offset")) {
            long offset = message.path("offset").asLong(-1);
            sights.add(new Sight.Complete(offset));
            live.forEach(channel -> positions.merge(channel, offset, Math::max));
        }
    }

    private void frame(String type, String channel, JsonNode message, JsonNode data) {
        long offset = message.path("offset").asLong(-1);
        String key = message.path("key").asString("");
        sights.add(new Sight.Frame(
                channel,
                offset,
                message.has("prev") ? message.path("prev").asLong(-1) : null,
                key,
                data.path("version").asLong(0)));
        positions.merge(channel, offset, Math::max);
        if (channel.equals("tickets")) {
            journal.happened(type, key);
        }
    }

    private final class Receiver implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        private volatile boolean closed;

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                String message = text.toString();
                text.setLength(0);
                eyes.see(viewer.client(), message);
                synchronized (Screen.this) {
                    // What a connection still brings when the next one stands was lost on the way, for us.
                    if (!closed) {
                        take(Caller.JSON.readTree(message));
                    }
                }
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            ended.complete(null);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended.complete(null);
        }
    }
}
