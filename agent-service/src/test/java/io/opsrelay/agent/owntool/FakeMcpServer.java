package io.opsrelay.agent.owntool;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An MCP server on loopback that speaks streamable HTTP as the protocol has it: it insists on the handshake, on its session
 * and on the version in each request, pages its tools, and answers by JSON or by an event stream in which it asks back.
 */
public final class FakeMcpServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String VERSION = "2025-06-18";

    private final HttpServer server;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Map<String, Boolean> sessions = new ConcurrentHashMap<>();
    private final List<ObjectNode> tools = new CopyOnWriteArrayList<>();
    private final List<JsonNode> messages = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private final Set<String> pinged = ConcurrentHashMap.newKeySet();
    private final Map<String, CountDownLatch> pings = new ConcurrentHashMap<>();
    private volatile Function<JsonNode, Reply> calls = params -> Reply.text("nothing");
    private volatile boolean streams;
    private volatile int pageSize = 2;
    private volatile String version = VERSION;
    private volatile boolean down;
    private volatile int forgotten = 404;
    private volatile int disowned;
    private volatile String raw = "";
    private volatile Duration perPage = Duration.ZERO;
    private volatile CyclicBarrier meeting = new CyclicBarrier(1);

    public FakeMcpServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/mcp", this::handle);
        server.start();
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/mcp";
    }

    /** Adds a tool; schema and annotations as JSON. */
    public FakeMcpServer tool(String name, String description, String schema, String annotations) {
        ObjectNode tool = JSON.createObjectNode().put("name", name).put("description", description);
        tool.set("inputSchema", JSON.readTree(schema));
        if (!annotations.isEmpty()) {
            tool.set("annotations", JSON.readTree(annotations));
        }
        tools.add(tool);
        return this;
    }

    /** Has it none of them any more. */
    public void forgetTools() {
        tools.clear();
    }

    /** What calls of tools come to, by the call's parameters. */
    public void answers(Function<JsonNode, Reply> answering) {
        calls = answering;
    }

    /** Whether it answers by event streams. */
    public void streams(boolean wanted) {
        streams = wanted;
    }

    /** As if it had been started anew: nobody's session is known. */
    public void forgetSessions() {
        sessions.clear();
    }

    /** What it answers where it does not know the session. */
    public void forgotten(int status) {
        forgotten = status;
    }

    /** It opens sessions and does not know them when it is told that the client is ready. */
    public void disowns(int status) {
        disowned = status;
    }

    /** The body of its answer to a request for its tools, whatever that is. */
    public void lists(String body) {
        raw = body;
    }

    /** How long it takes for each page of its tools. */
    public void takesPerPage(Duration time) {
        perPage = time;
    }

    /** Waits with its tools until others are asked, too. */
    public void meets(CyclicBarrier others) {
        meeting = others;
    }

    /** The version that it agrees to. */
    public void speaks(String other) {
        version = other;
    }

    /** Whether it answers everything with 503. */
    public void down(boolean is) {
        down = is;
    }

    /** The messages so far that name that method. */
    public List<JsonNode> received(String method) {
        return messages.stream()
                .filter(message -> message.path("method").asString("").equals(method))
                .toList();
    }

    /** The Authorization headers so far. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** How many of its pings were answered. */
    public int pingsAnswered() {
        return pinged.size();
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            JsonNode message = JSON.readTree(exchange.getRequestBody());
            messages.add(message);
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            String method = message.path("method").asString("");
            int refusal = refusal(exchange, method);
            if (refusal != 0) {
                exchange.sendResponseHeaders(refusal, -1);
                return;
            }
            switch (method) {
                case "" -> {
                    answered(message);
                    exchange.sendResponseHeaders(202, -1);
                }
                case "notifications/initialized" -> {
                    sessions.put(exchange.getRequestHeaders().getFirst("Mcp-Session-Id"), true);
                    exchange.sendResponseHeaders(202, -1);
                }
                case "initialize" -> {
                    String session = UUID.randomUUID().toString();
                    sessions.put(session, false);
                    exchange.getResponseHeaders().add("Mcp-Session-Id", session);
                    ObjectNode result = JSON.createObjectNode().put("protocolVersion", version);
                    result.putObject("capabilities").putObject("tools");
                    result.putObject("serverInfo").put("name", "fake").put("version", "1");
                    send(exchange, message, Reply.result(result));
                }
                case "tools/list" -> list(exchange, message);
                case "tools/call" -> send(exchange, message, calls.apply(message.path("params")));
                default -> send(exchange, message, Reply.error(-32601, "no such method"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void list(HttpExchange exchange, JsonNode message) throws IOException, InterruptedException {
        try {
            meeting.await(10, TimeUnit.SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            exchange.sendResponseHeaders(500, -1);
            return;
        }
        if (!perPage.isZero()) {
            closing.await(perPage.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (raw.isEmpty()) {
            send(exchange, message, Reply.result(page(message)));
            return;
        }
        byte[] body = raw.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private int refusal(HttpExchange exchange, String method) {
        if (down) {
            return 503;
        }
        String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
        String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
        if (!accept.contains("application/json")
                || !accept.contains("text/event-stream")
                || !type.startsWith("application/json")) {
            return 406;
        }
        if (method.equals("initialize")) {
            return 0;
        }
        String session = exchange.getRequestHeaders().getFirst("Mcp-Session-Id");
        if (session == null || !version.equals(exchange.getRequestHeaders().getFirst("MCP-Protocol-Version"))) {
            return 400;
        }
        Boolean ready = sessions.get(session);
        if (disowned != 0 && method.equals("notifications/initialized")) {
            return disowned;
        }
        if (ready == null) {
            return forgotten;
        }
        return ready || method.equals("notifications/initialized") ? 0 : 400;
    }

    private void answered(JsonNode message) {
        String id = message.path("id").asString("");
        if (message.path("result").isObject()) {
            pinged.add(id);
        }
        pings.getOrDefault(id, new CountDownLatch(0)).countDown();
    }

    private ObjectNode page(JsonNode message) {
        String cursor = message.path("params").path("cursor").asString("");
        int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor.substring("after-".length()));
        ObjectNode result = JSON.createObjectNode();
        ArrayNode page = result.putArray("tools");
        List<ObjectNode> all = new ArrayList<>(tools);
        all.stream().skip(from).limit(pageSize).forEach(page::add);
        if (from + pageSize < all.size()) {
            result.put("nextCursor", "after-" + (from + pageSize));
        }
        return result;
    }

    private void send(HttpExchange exchange, JsonNode request, Reply reply) throws IOException, InterruptedException {
        ObjectNode message = JSON.createObjectNode().put("jsonrpc", "2.0");
        message.set("id", request.get("id"));
        switch (reply) {
            case Reply.Silence() -> closing.await();
            case Reply.Broken() -> {
                exchange.getResponseHeaders().add("Content-Type", streams ? "text/event-stream" : "application/json");
                exchange.sendResponseHeaders(200, streams ? 0 : 1_000);
                exchange.getResponseBody().write("data: {\"jsonrpc\"".getBytes(StandardCharsets.UTF_8));
                exchange.getResponseBody().flush();
            }
            case Reply.Result(ObjectNode result) -> {
                message.set("result", result);
                write(exchange, message);
            }
            case Reply.Failure(int code, String text) -> {
                message.putObject("error").put("code", code).put("message", text);
                write(exchange, message);
            }
        }
    }

    private void write(HttpExchange exchange, ObjectNode message) throws IOException, InterruptedException {
        if (!streams) {
            byte[] body = JSON.writeValueAsBytes(message);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            return;
        }
        exchange.getResponseHeaders().add("Content-Type", "text/event-stream; charset=utf-8");
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        event(
                out,
                ": hello\n\nid: 1\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"method\":\"notifications/message\",\"params\":{}}\n\n");
        if (message.path("result").has("content")) {
            String ping = "ping-" + UUID.randomUUID();
            CountDownLatch answered = new CountDownLatch(1);
            pings.put(ping, answered);
            event(out, "data: {\"jsonrpc\":\"2.0\",\"id\":\"" + ping + "\",\"method\":\"ping\"}\r\n\r\n");
            answered.await();
        }
        event(out, "event: message\ndata: " + JSON.writeValueAsString(message) + "\n\n");
        // The stream stays open: who has the answer has to leave by itself.
        closing.await();
    }

    private static void event(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** What the server says to a request. */
    public sealed interface Reply {

        /** A result of the protocol. */
        record Result(ObjectNode result) implements Reply {}

        /** An error of the protocol. */
        record Failure(int code, String text) implements Reply {}

        /** Nothing, for as long as one waits. */
        record Silence() implements Reply {}

        /** A connection that ends in the middle. */
        record Broken() implements Reply {}

        static Reply result(ObjectNode result) {
            return new Result(result);
        }

        /** A tool's answer as text. */
        static Reply text(String text) {
            return content(text, false);
        }

        /** A tool that says that it failed. */
        static Reply isError(String text) {
            return content(text, true);
        }

        static Reply error(int code, String text) {
            return new Failure(code, text);
        }

        private static Reply content(String text, boolean error) {
            ObjectNode result = JSON.createObjectNode().put("isError", error);
            result.putArray("content").addObject().put("type", "text").put("text", text);
            return new Result(result);
        }
    }
}
