package io.opsrelay.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One authenticated WebSocket, subscribed to the channel {@code tickets}. */
final class Stream implements WebSocket.Listener, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final JsonMapper json;
    private final Journeys journeys;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<Void> authenticated = new CompletableFuture<>();
    private final CompletableFuture<Void> subscribed = new CompletableFuture<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private @Nullable WebSocket socket;

    private Stream(JsonMapper json, Journeys journeys) {
        this.json = json;
        this.journeys = journeys;
    }

    /**
     * Connects, signs in and subscribes; frames go to {@code journeys} from then on.
     *
     * @throws IllegalStateException if the gateway does not let us
     */
    static Stream open(HttpClient client, URI base, String token, JsonMapper json, Journeys journeys)
            throws InterruptedException {
        Stream stream = new Stream(json, journeys);
        URI address = URI.create(base.toString().replaceFirst("^http", "ws") + "/api/v1/stream");
        WebSocket socket = await(client.newWebSocketBuilder().buildAsync(address, stream), "connect to " + address);
        stream.socket = socket;
        stream.send(Map.of("type", "auth", "data", Map.of("token", token)));
        await(stream.authenticated, "authenticate on " + address);
        stream.send(Map.of("type", "subscribe", "id", "1", "data", Map.of("channel", "tickets")));
        await(stream.subscribed, "subscribe to the channel tickets");
        return stream;
    }

    /** Keeps the connection from being taken for dead. */
    void heartbeat() throws InterruptedException {
        send(Map.of("type", "heartbeat"));
    }

    /** Hands in a token before the old one expires. */
    void refresh(String token) throws InterruptedException {
        send(Map.of("type", "refresh", "data", Map.of("token", token)));
    }

    /** Why the connection is gone, if it is. */
    @Nullable
    String lossReason() {
        return ended.getNow(null);
    }

    private void send(Map<String, ?> message) throws InterruptedException {
        WebSocket open = socket;
        if (open != null && !open.isOutputClosed()) {
            await(open.sendText(json.writeValueAsString(message), true), "send on the stream");
        }
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        long at = System.nanoTime();
        text.append(data);
        if (last) {
            String message = text.toString();
            text.setLength(0);
            receive(json.readTree(message), at);
        }
        webSocket.request(1);
        return null;
    }

    private void receive(JsonNode message, long at) {
        JsonNode data = message.path("data");
        switch (message.path("type").asString("")) {
            case "auth_success" -> authenticated.complete(null);
            case "subscribed" -> {
                journeys.subscribedAt(data.path("offset").asLong(-1));
                subscribed.complete(null);
            }
            case "error" ->
                fail(data.path("code").asString("error") + ": "
                        + data.path("message").asString(""));
            case "resync" -> fail("the gateway asks for a resync: " + data);
            case String type
            when message.path("channel").asString("").equals("tickets") ->
                journeys.frame(
                        new Journeys.Frame(
                                type,
                                message.path("key").asString(""),
                                message.path("offset").asLong(-1),
                                message.path("prev").asLong(-1),
                                data.path("version").asLong(0)),
                        at);
            default -> {} // heartbeats and what other versions may add
        }
    }

    private void fail(String reason) {
        IllegalStateException failure = new IllegalStateException(reason);
        authenticated.completeExceptionally(failure);
        subscribed.completeExceptionally(failure);
        ended.complete(reason);
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        fail("the gateway closed the stream: " + statusCode + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        fail("the stream broke: " + error);
    }

    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }

    private static <T> T await(CompletableFuture<T> step, String what) throws InterruptedException {
        try {
            return step.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IllegalStateException("cannot " + what + ": " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException("cannot " + what + " within " + PATIENCE.toSeconds() + " s", e);
        }
    }
}
