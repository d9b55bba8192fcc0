package io.opsrelay.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of the realtime protocol that remembers all it was sent. */
public final class TestSocket implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<JsonNode> inbox = new LinkedBlockingQueue<>();
    private final List<JsonNode> received = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final WebSocket socket;

    private TestSocket(HttpClient http, URI uri, String... headers) throws ExecutionException, InterruptedException {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            builder.header(headers[i], headers[i + 1]);
        }
        this.socket = builder.buildAsync(uri, new Listener()).get();
    }

    /** Connects. @param headers names and values in turn */
    public static TestSocket connect(int port, String path, String... headers) {
        return connect(HTTP, URI.create("ws://127.0.0.1:" + port + path), headers);
    }

    /** Connects by a client of one's own, which may trust others. */
    public static TestSocket connect(HttpClient http, URI uri, String... headers) {
        try {
            return new TestSocket(http, uri, headers);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof WebSocketHandshakeException refused
                    ? new IllegalStateException(
                            "refused with " + refused.getResponse().statusCode(), refused)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Connects and authenticates by the first frame. */
    public static TestSocket authenticated(int port, String token) {
        return connect(port, "/api/v1/stream").authenticate(token);
    }

    /** Authenticates by the first frame. */
    public TestSocket authenticate(String token) {
        send("{\"type\":\"auth\",\"data\":{\"token\":\"" + token + "\"}}");
        await("auth_success");
        return this;
    }

    public TestSocket send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    public TestSocket sendBinary(byte[] bytes) {
        socket.sendBinary(java.nio.ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    /** A fragment of a text message. */
    public TestSocket sendPart(String text, boolean last) {
        socket.sendText(text, last).join();
        return this;
    }

    /** Subscribes and awaits the answer. */
    public JsonNode subscribe(String channel) {
        send("{\"type\":\"subscribe\",\"id\":\"s\",\"data\":{\"channel\":\"" + channel + "\"}}");
        return await(frame -> type(frame).equals("subscribed")
                        && frame.at("/data/channel").asString().equals(channel))
                .get("data");
    }

    /** Subscribes from a position and awaits the answer. */
    public JsonNode subscribe(String channel, String epoch, long offset) {
        send("{\"type\":\"subscribe\",\"id\":\"r\",\"data\":{\"channel\":\"" + channel + "\",\"resume\":{\"epoch\":\""
                + epoch + "\",\"offset\":" + offset + "}}}");
        return await("subscribed").get("data");
    }

    /** The next frame of that type; those before it stay in {@link #received()}. */
    public JsonNode await(String type) {
        return await(frame -> type(frame).equals(type));
    }

    public JsonNode await(Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                JsonNode frame = inbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (frame == null) {
                    return fail("not received; before: " + received + ", closed: " + closed.getNow(null));
                }
                received.add(frame);
                if (wanted.test(frame)) {
                    return frame;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The error's code that comes next. */
    public String awaitError() {
        return await("error").at("/data/code").asString();
    }

    /** All frames so far, in order. */
    public List<JsonNode> received() {
        inbox.drainTo(received);
        return received;
    }

    /** Close code that the gateway ended the connection with. */
    public int awaitClose() {
        try {
            return closed.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return fail("not closed; received: " + received());
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public boolean isOpen() {
        return !closed.isDone();
    }

    /** Makes sure that all which was sent before has arrived: the answer to a heartbeat comes after it. */
    public TestSocket settle() {
        send("{\"type\":\"heartbeat\"}");
        await("heartbeat");
        assertThat(isOpen()).isTrue();
        return this;
    }

    public static String type(JsonNode frame) {
        return frame.get("type").asString();
    }

    @Override
    public void close() {
        socket.abort();
    }

    private final class Listener implements WebSocket.Listener {

        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                inbox.add(JsonMapper.shared().readTree(message.toString()));
                message.setLength(0);
            }
            webSocket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
