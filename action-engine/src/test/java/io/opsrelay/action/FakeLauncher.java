package io.opsrelay.action;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The launcher's control API as action-engine sees it, with a journal and faults on demand. */
public final class FakeLauncher implements AutoCloseable {

    private static final List<String> SERVICES = List.of("agent-service", "ingestion-service", "realtime-gateway");
    private static final String TOKEN = "launcher-token-of-this-test";

    private HttpServer server;
    private @Nullable Socket place;
    private final Path tokenFile;
    private final Map<String, Map<String, Object>> operations = new ConcurrentHashMap<>();
    private final List<String> begun = new ArrayList<>();
    private volatile boolean losesAnswers;
    private volatile boolean holdsOperations;
    private volatile boolean tellsNothing;
    private volatile @Nullable String failure;
    private volatile @Nullable String busyWith;

    public FakeLauncher(Path folder) {
        try {
            tokenFile = Files.writeString(folder.resolve("launcher.token"), TOKEN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = listening(0);
    }

    private HttpServer listening(int port) {
        try {
            HttpServer made = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            made.createContext("/v1/services/", this::service);
            made.createContext("/v1/operations/", this::operation);
            made.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            made.start();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its process is gone: connections end, and new ones are refused. */
    public void goAway() {
        InetSocketAddress address = server.getAddress();
        server.stop(0);
        try {
            // Bound and not listening: nobody else gets the port meanwhile.
            Socket kept = new Socket();
            kept.setReuseAddress(true);
            kept.bind(address);
            place = kept;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** It was started again, if it was gone, and counts what was under way as failed, as the real one does. */
    public void comeBack() {
        Socket kept = place;
        if (kept == null) {
            return;
        }
        place = null;
        operations.values().stream()
                .filter(operation -> "running".equals(operation.get("status")))
                .forEach(operation ->
                        end(operation, "failed", "the launcher ended meanwhile; everything was started anew"));
        try {
            kept.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server = listening(kept.getLocalPort());
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public Path tokenFile() {
        return tokenFile;
    }

    /** Operations that were begun, by key: each key stands here once, however often it was ordered. */
    public List<String> begun() {
        synchronized (begun) {
            return List.copyOf(begun);
        }
    }

    /** From now on, orders are taken and their answers are lost. */
    public void loseAnswers(boolean loses) {
        losesAnswers = loses;
    }

    /** From now on, nothing is told of operations that were ordered. */
    public void tellNothing(boolean nothing) {
        tellsNothing = nothing;
    }

    /** From now on, operations stay under way until {@link #letGo}. */
    public void hold() {
        holdsOperations = true;
    }

    public void letGo() {
        holdsOperations = false;
        operations.values().forEach(this::finish);
    }

    /** From now on, operations fail with this reason; null: they succeed. */
    public void failWith(@Nullable String reason) {
        failure = reason;
    }

    /** From now on, orders are refused since that operation is under way; null: they are taken. */
    public void busyWith(@Nullable String key) {
        busyWith = key;
    }

    private void service(HttpExchange exchange) throws IOException {
        if (refusedForItsToken(exchange)) {
            return;
        }
        String name = last(exchange);
        if (!SERVICES.contains(name)) {
            problem(exchange, 404, "unknown_service", "there is no service " + name);
            return;
        }
        answer(
                exchange,
                200,
                Map.of(
                        "service",
                        name,
                        "replicas",
                        2,
                        "max_replicas",
                        4,
                        "instances",
                        List.of(
                                Map.of("instance", name, "state", "ready", "started_at", "2026-11-25T12:00:00Z"),
                                Map.of("instance", name + "-2", "state", "starting")),
                        "since",
                        "today"));
    }

    private void operation(HttpExchange exchange) throws IOException {
        if (refusedForItsToken(exchange)) {
            return;
        }
        String key = last(exchange);
        if (exchange.getRequestMethod().equals("GET")) {
            Map<String, Object> known = operations.get(key);
            if (tellsNothing) {
                exchange.close();
            } else if (known == null) {
                problem(exchange, 404, "unknown_operation", "there is no operation " + key);
            } else {
                answer(exchange, 200, known);
            }
            return;
        }
        JsonNode order =
                ContractJson.mapper().readTree(exchange.getRequestBody().readAllBytes());
        if (!SERVICES.contains(order.path("service").asString())) {
            problem(exchange, 404, "unknown_service", "there is no such service");
            return;
        }
        String other = busyWith;
        if (other != null && !operations.containsKey(key)) {
            problem(exchange, 409, "busy", "operation " + other + " is under way on this service");
            return;
        }
        Map<String, Object> taken = operations.computeIfAbsent(key, fresh -> begin(fresh, order));
        if (losesAnswers) {
            exchange.close();
            return;
        }
        answer(exchange, 202, taken);
    }

    private Map<String, Object> begin(String key, JsonNode order) {
        synchronized (begun) {
            begun.add(key);
        }
        Map<String, Object> operation = new ConcurrentHashMap<>(new LinkedHashMap<>());
        operation.put("key", key);
        operation.put("kind", order.path("kind").asString());
        operation.put("service", order.path("service").asString());
        if (order.has("replicas")) {
            operation.put("replicas", order.path("replicas").asInt());
        }
        operation.put("status", "running");
        operation.put("steps", List.of(step("agent-service is ended")));
        if (!holdsOperations) {
            finish(operation);
        }
        return operation;
    }

    private void finish(Map<String, Object> operation) {
        if (!"running".equals(operation.get("status"))) {
            return;
        }
        String reason = failure;
        if (reason == null) {
            operation.put("steps", List.of(step("agent-service is ended"), step("agent-service is ready, pid 4711")));
        }
        end(operation, reason == null ? "succeeded" : "failed", reason);
    }

    private static void end(Map<String, Object> operation, String status, @Nullable String reason) {
        operation.put("finished_at", Instant.now().toString());
        if (reason != null) {
            operation.put("failure", reason);
        }
        operation.put("status", status);
    }

    private static Map<String, Object> step(String text) {
        return Map.of("at", "2026-11-25T12:00:00Z", "text", text);
    }

    private static boolean refusedForItsToken(HttpExchange exchange) throws IOException {
        if (("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return false;
        }
        problem(exchange, 401, "unauthorized", "no token");
        return true;
    }

    private static String last(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static void problem(HttpExchange exchange, int status, String code, String detail) throws IOException {
        answer(exchange, status, Map.of("title", "refused", "status", status, "code", code, "detail", detail));
    }

    private static void answer(HttpExchange exchange, int status, Object body) throws IOException {
        byte[] bytes = ContractJson.mapper().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        Socket kept = place;
        if (kept != null) {
            try {
                kept.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
