package io.opsrelay.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model server on loopback that speaks the three protocols as their servers do: OpenAI's chat completions, Ollama's chat,
 * Anthropic's messages. What it says is the test's choice.
 */
public final class FakeModelServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private volatile Function<JsonNode, Reply> mind = request -> Reply.text("I have nothing to say.");

    public FakeModelServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 2000);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/chat/completions", exchange -> answer(exchange, FakeModelServer::openAi));
        server.createContext("/api/chat", exchange -> answer(exchange, FakeModelServer::ollama));
        server.createContext("/v1/messages", exchange -> answer(exchange, FakeModelServer::anthropic));
        server.start();
    }

    /** Of the server itself, without a path. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What it answers from now on, by the request's JSON. */
    public void thinks(Function<JsonNode, Reply> answering) {
        mind = answering;
    }

    /** All requests so far. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** The most requests that waited for their answer at the same moment. */
    public int mostUnderWay() {
        return mostUnderWay.get();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange, Function<Reply, ObjectNode> protocol) throws IOException {
        try (exchange) {
            mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            requests.add(request);
            Reply reply = mind.apply(request);
            if (!reply.delay().isZero() && closing.await(reply.delay().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            reply.headers().forEach(exchange.getResponseHeaders()::set);
            if (reply.endless()) {
                endlessly(exchange);
                return;
            }
            byte[] body = reply.status() == 200
                    ? JSON.writeValueAsBytes(protocol.apply(reply))
                    : ("{\"error\":{\"message\":\"" + reply.text() + "\",\"type\":\"trouble\"}}")
                            .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
    }

    private void endlessly(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] part = "{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"aaaaaaaaaaaaaaaaaaaaaaa\"}}],"
                .repeat(100)
                .getBytes(StandardCharsets.UTF_8);
        OutputStream out = exchange.getResponseBody();
        while (closing.getCount() > 0) {
            out.write(part);
        }
    }

    private static ObjectNode openAi(Reply reply) {
        ObjectNode message = JSON.createObjectNode().put("role", "assistant").put("content", reply.text());
        if (!reply.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            int number = 0;
            for (ToolCall call : reply.calls()) {
                calls.addObject()
                        .put("id", "call_" + number++)
                        .put("type", "function")
                        .putObject("function")
                        .put("name", call.name())
                        .put("arguments", call.arguments());
            }
        }
        ObjectNode answer = JSON.createObjectNode().put("id", "chatcmpl-1").put("object", "chat.completion");
        answer.put("model", "fake").put("created", 1);
        answer.putArray("choices")
                .addObject()
                .put("index", 0)
                .put("finish_reason", reply.calls().isEmpty() ? reply.finish() : "tool_calls")
                .set("message", message);
        answer.putObject("usage")
                .put("prompt_tokens", reply.inputTokens())
                .put("completion_tokens", reply.outputTokens())
                .put("total_tokens", reply.inputTokens() + reply.outputTokens());
        return answer;
    }

    /** Ollama gives calls no ids and arguments as an object. */
    private static ObjectNode ollama(Reply reply) {
        ObjectNode message =
                JSON.createObjectNode().put("role", "assistant").put("content", String.valueOf(reply.text()));
        if (!reply.calls().isEmpty()) {
            ArrayNode calls = message.putArray("tool_calls");
            for (ToolCall call : reply.calls()) {
                calls.addObject()
                        .putObject("function")
                        .put("name", call.name())
                        .set("arguments", JSON.readTree(call.arguments()));
            }
        }
        ObjectNode answer = JSON.createObjectNode().put("model", "fake").put("created_at", "2026-11-26T10:00:00Z");
        answer.set("message", message);
        return answer.put("done", true)
                .put("done_reason", reply.finish())
                .put("prompt_eval_count", reply.inputTokens())
                .put("eval_count", reply.outputTokens());
    }

    private static ObjectNode anthropic(Reply reply) {
        ObjectNode answer = JSON.createObjectNode()
                .put("id", "msg_1")
                .put("type", "message")
                .put("role", "assistant");
        answer.put("model", "fake");
        ArrayNode content = answer.putArray("content");
        if (reply.text() != null && !reply.text().isEmpty()) {
            content.addObject().put("type", "text").put("text", reply.text());
        }
        int number = 0;
        for (ToolCall call : reply.calls()) {
            content.addObject()
                    .put("type", "tool_use")
                    .put("id", "toolu_" + number++)
                    .put("name", call.name())
                    .set("input", JSON.readTree(call.arguments()));
        }
        answer.put("stop_reason", reply.calls().isEmpty() ? "end_turn" : "tool_use");
        answer.putObject("usage").put("input_tokens", reply.inputTokens()).put("output_tokens", reply.outputTokens());
        return answer;
    }

    /** A call of a tool; {@code arguments} as text, sensible or not. */
    public record ToolCall(String name, String arguments) {}

    /** What the model says. */
    public record Reply(
            int status,
            String text,
            List<ToolCall> calls,
            int inputTokens,
            int outputTokens,
            String finish,
            Duration delay,
            boolean endless,
            Map<String, String> headers) {

        /** A text. */
        public static Reply text(String text) {
            return new Reply(200, text, List.of(), 100, 20, "stop", Duration.ZERO, false, Map.of());
        }

        /** One call of a tool. */
        public static Reply call(String name, String arguments) {
            return new Reply(
                    200, "", List.of(new ToolCall(name, arguments)), 100, 20, "stop", Duration.ZERO, false, Map.of());
        }

        /** One call of a tool with these arguments, in pairs. */
        public static Reply call(String name, Map<String, ?> arguments) {
            return call(name, JSON.writeValueAsString(arguments));
        }

        /** An error of the server. */
        public static Reply error(int status, String message) {
            return new Reply(status, message, List.of(), 0, 0, "stop", Duration.ZERO, false, Map.of());
        }

        /** An answer without an end. */
        public static Reply forever() {
            return new Reply(200, "", List.of(), 0, 0, "stop", Duration.ZERO, true, Map.of());
        }

        /** The same with a further call. */
        public Reply and(String name, Map<String, ?> arguments) {
            List<ToolCall> more = new ArrayList<>(calls);
            more.add(new ToolCall(name, JSON.writeValueAsString(arguments)));
            return new Reply(status, text, more, inputTokens, outputTokens, finish, delay, endless, headers);
        }

        /** The same after a while. */
        public Reply after(Duration wait) {
            return new Reply(status, text, calls, inputTokens, outputTokens, finish, wait, endless, headers);
        }

        /** The same with a header of the answer. */
        public Reply with(String header, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(header, value);
            return new Reply(status, text, calls, inputTokens, outputTokens, finish, delay, endless, more);
        }

        /** The same, ended for another reason, e.g. length. */
        public Reply endingFor(String reason) {
            return new Reply(status, text, calls, inputTokens, outputTokens, reason, delay, endless, headers);
        }
    }
}
