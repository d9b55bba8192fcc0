package io.opsrelay.e2e.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One WebSocket of a dashboard. Keeps everything it was sent, and holds every frame against the protocol: positions
 * grow, and none is missing.
 */
public final class Stream implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final List<JsonNode> messages = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();
    private final Map<String, Long> lastOffsets = new HashMap<>();
    /** As in browsers, no WebSocket is asked for over a connection that requests have used. */
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();

    private final WebSocket socket;
    private @Nullable String epoch;
    private @Nullable String end;

    private Stream(URI base) {
        this.socket = client.newWebSocketBuilder()
                .buildAsync(URI.create(base.toString().replaceFirst("^http", "ws") + "/api/v1/stream"), new Receiver())
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    static Stream open(URI base, String token, String... channels) {
        Stream stream = authenticated(base, token);
        for (String channel : channels) {
            stream.subscribe(channel, Map.of("channel", channel));
        }
        return stream;
    }

    /** Goes on where that one ended: what comes is held against what it had seen last. */
    static Stream resume(URI base, String token, Stream ended) {
        Stream stream = authenticated(base, token);
        String itsEpoch;
        Map<String, Long> itsOffsets;
        synchronized (ended.messages) {
            itsEpoch = String.valueOf(ended.epoch);
            itsOffsets = Map.copyOf(ended.lastOffsets);
        }
        synchronized (stream.messages) {
            stream.epoch = itsEpoch;
            stream.lastOffsets.putAll(itsOffsets);
        }
        itsOffsets.forEach((channel, offset) -> stream.subscribe(
                channel, Map.of("channel", channel, "resume", Map.of("epoch", itsEpoch, "offset", offset))));
        return stream;
    }

    private static Stream authenticated(URI base, String token) {
        Stream stream = new Stream(base);
        stream.send(Map.of("type", "auth", "data", Map.of("token", token)));
        stream.awaitMessage("auth_success");
        return stream;
    }

    private void subscribe(String channel, Map<String, ?> data) {
        send(Map.of("type", "subscribe", "id", channel, "data", data));
        await("subscription to " + channel).atMost(PATIENCE).until(() -> snapshot().stream()
                .anyMatch(message -> isType(message, "subscribed")
                        && message.path("id").asString("").equals(channel)));
    }

    public void send(Map<String, ?> message) {
        socket.sendText(Json.write(message), true)
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
    }

    /** Everything that was sent so far. */
    public List<JsonNode> snapshot() {
        synchronized (messages) {
            return List.copyOf(messages);
        }
    }

    /** The first message of that type. */
    public JsonNode awaitMessage(String type) {
        await(type).atMost(PATIENCE).untilAsserted(() -> assertThat(snapshot())
                .anyMatch(message -> isType(message, type)));
        return snapshot().stream()
                .filter(message -> isType(message, type))
                .findFirst()
                .orElseThrow();
    }

    /** The types of a channel's frames about one entity, as they came. */
    public List<String> types(String channel, String key) {
        return frames(channel, key).stream()
                .map(frame -> frame.path("type").asString())
                .toList();
    }

    /** A channel's frames about one entity, as they came. */
    public List<JsonNode> frames(String channel, String key) {
        return snapshot().stream()
                .filter(message -> message.path("channel").asString("").equals(channel)
                        && message.path("key").asString("").equals(key))
                .toList();
    }

    /** Waits until these frames about one entity have come, in this order; others may lie between. */
    public void awaitInOrder(String channel, String key, String... types) {
        await(channel + " " + key).atMost(PATIENCE).untilAsserted(() -> assertThat(types(channel, key))
                .containsSubsequence(types));
    }

    /** The frame of that type about that entity. */
    public JsonNode awaitFrame(String channel, String key, String type) {
        awaitInOrder(channel, key, type);
        return frames(channel, key).stream()
                .filter(frame -> isType(frame, type))
                .findFirst()
                .orElseThrow();
    }

    /** Why the connection is gone, null while it stands. */
    public @Nullable String end() {
        synchronized (messages) {
            return end;
        }
    }

    /** Ends the connection; fails if anything that came on it broke the protocol. */
    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        synchronized (messages) {
            assertThat(violations).as("breaches of the realtime protocol").isEmpty();
        }
    }

    private static boolean isType(JsonNode message, String type) {
        return message.path("type").asString("").equals(type);
    }

    private void accept(JsonNode message) {
        synchronized (messages) {
            messages.add(message);
            String channel = isType(message, "subscribed")
                    ? message.path("data").path("channel").asString("")
                    : message.path("channel").asString("");
            JsonNode position = isType(message, "subscribed") ? message.path("data") : message;
            if (!channel.isEmpty() && position.has("offset")) {
                check(message, channel, position);
            }
        }
    }

    private void check(JsonNode message, String channel, JsonNode position) {
        String itsEpoch = position.path("epoch").asString("");
        if (epoch == null) {
            epoch = itsEpoch;
        } else if (!epoch.equals(itsEpoch)) {
            violations.add("another epoch than " + epoch + ": " + message);
        }
        long offset = position.path("offset").asLong();
        if (isType(message, "subscribed") && lastOffsets.containsKey(channel)) {
            return; // resumed: what lies between is still to come
        }
        Long last = lastOffsets.put(channel, offset);
        if (last == null) {
            return;
        }
        if (offset <= last) {
            violations.add("an offset that is not behind " + last + ": " + message);
        }
        if (position.has("prev") && position.path("prev").asLong() > last) {
            violations.add("a frame is missing between " + last + " and " + message);
        }
    }

    private final class Receiver implements WebSocket.Listener {

        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                accept(Json.read(text.toString()));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            ended(statusCode + " " + reason);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            ended(error.toString());
        }

        private void ended(String reason) {
            synchronized (messages) {
                end = reason;
            }
        }
    }
}
