package io.opsrelay.gateway.socketio;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A WebSocket without any protocol in it. */
final class RawWebSocket implements AutoCloseable, WebSocket.Listener {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> pongs = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final StringBuilder message = new StringBuilder();
    private final WebSocket socket;

    RawWebSocket(int port, String pathAndQuery) {
        this.socket = HTTP.newWebSocketBuilder()
                .buildAsync(URI.create("ws://127.0.0.1:" + port + pathAndQuery), this)
                .join();
    }

    /** The status that the upgrade is refused with. */
    static int refusal(int port, String pathAndQuery) {
        try (RawWebSocket socket = new RawWebSocket(port, pathAndQuery)) {
            return 101;
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                return refused.getResponse().statusCode();
            }
            throw e;
        }
    }

    RawWebSocket send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    RawWebSocket sendBinary(byte... bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
        return this;
    }

    RawWebSocket ping(String payload) {
        socket.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.US_ASCII)))
                .join();
        return this;
    }

    RawWebSocket pong(String payload) {
        socket.sendPong(ByteBuffer.wrap(payload.getBytes(StandardCharsets.US_ASCII)))
                .join();
        return this;
    }

    String nextPong() throws InterruptedException {
        return pongs.poll(30, TimeUnit.SECONDS);
    }

    String next() throws InterruptedException {
        String text = inbox.poll(30, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("nothing came; closed with " + closed.getNow(null));
        }
        return text;
    }

    /** The close code. */
    int awaitClose() throws Exception {
        return closed.get(30, TimeUnit.SECONDS);
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        message.append(data);
        if (last) {
            inbox.add(message.toString());
            message.setLength(0);
        }
        webSocket.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer payload) {
        pongs.add(StandardCharsets.US_ASCII.decode(payload).toString());
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

    @Override
    public void close() {
        socket.abort();
    }
}
