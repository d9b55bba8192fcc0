package io.opsrelay.standalone.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A gateway with as much behind it as the demo sees: accepted tickets are resolved at once, but every third one of acme
 * waits for an approval. Beside these waits one approval that the demo did not ask for.
 */
final class FakeGateway implements AutoCloseable {

    static final String FOREIGN = "foreign";

    private static final JsonMapper JSON = JsonMapper.shared();

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<String> tokens = new HashSet<>();
    private final Deque<Integer> refusals = new ArrayDeque<>();
    private final Map<String, String> ticketOfKey = new LinkedHashMap<>();
    private final List<JsonNode> posted = new ArrayList<>();
    private final Map<String, JsonNode> decided = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> pending = new LinkedHashMap<>();
    private final List<JsonNode> restarts = new ArrayList<>();
    private final Map<String, List<JsonNode>> cannedReplies = new LinkedHashMap<>();
    private boolean deploymentActions;
    private boolean hasAdmins = true;
    private int signIns;

    FakeGateway() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
        pending.put(FOREIGN, approval(FOREIGN, "a ticket of somebody else"));
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** The next tickets are refused with these. */
    synchronized void refuse(Integer... statuses) {
        refusals.addAll(List.of(statuses));
    }

    /** No token that was given out is good any more. */
    synchronized void expireTokens() {
        tokens.clear();
    }

    synchronized void allowDeploymentActions() {
        deploymentActions = true;
    }

    /** Nobody can sign in as an admin. */
    synchronized void forgetAdmins() {
        hasAdmins = false;
    }

    synchronized int signIns() {
        return signIns;
    }

    synchronized List<JsonNode> posted() {
        return List.copyOf(posted);
    }

    synchronized Map<String, JsonNode> decided() {
        return Map.copyOf(decided);
    }

    synchronized List<JsonNode> restarts() {
        return List.copyOf(restarts);
    }

    /** Of a client, whose admin wrote them. */
    synchronized List<JsonNode> cannedReplies(String client) {
        return List.copyOf(cannedReplies.getOrDefault(client, List.of()));
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            JsonNode request = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
            byte[] answer;
            int status;
            synchronized (this) {
                Reply reply = answer(exchange, request);
                status = reply.status();
                answer = JSON.writeValueAsBytes(reply.body());
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
        }
    }

    private record Reply(int status, Object body) {}

    private Reply answer(HttpExchange exchange, JsonNode request) {
        String path = exchange.getRequestURI().getPath();
        boolean post = exchange.getRequestMethod().equals("POST");
        if (path.equals("/api/v1/auth/token")) {
            return signIn(request);
        }
        String authorization = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
        if (!tokens.contains(authorization.replaceFirst("Bearer ", ""))) {
            return new Reply(401, Map.of("title", "Unauthorized"));
        }
        String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        return switch (path) {
            case "/api/v1/tickets" ->
                post
                        ? ticket(key, authorization, request)
                        : tickets(exchange.getRequestURI().getQuery());
            case "/api/v1/approvals" -> new Reply(200, Map.of("items", List.copyOf(pending.values())));
            case "/api/v1/restart_deployment" -> restart(request);
            case "/api/v1/canned-replies" -> cannedReplies(post, authorization, request);
            default -> path.endsWith("/decide") ? decide(path.split("/")[4], request) : new Reply(404, Map.of());
        };
    }

    private Reply signIn(JsonNode request) {
        boolean isKnown = hasAdmins || !request.path("username").asString().startsWith("admin@");
        if (!isKnown || !request.path("password").asString().equals("demo")) {
            return new Reply(401, Map.of("title", "Unauthorized", "detail", "the password is wrong"));
        }
        String token = request.path("username").asString() + "-" + ++signIns;
        tokens.add(token);
        return new Reply(200, Map.of("access_token", token, "expires_in", 300));
    }

    private Reply ticket(String key, String authorization, JsonNode request) {
        Integer refusal = refusals.poll();
        if (refusal != null) {
            return new Reply(refusal, Map.of("title", "not now"));
        }
        String known = ticketOfKey.get(key);
        if (known != null) {
            return new Reply(200, Map.of("ticket_id", known, "status", "received"));
        }
        posted.add(request);
        String id = "t" + posted.size();
        ticketOfKey.put(key, id);
        if (authorization.contains("@acme") && posted.size() % 3 == 0) {
            pending.put("a-" + id, approval("a-" + id, id));
        }
        return new Reply(202, Map.of("ticket_id", id, "status", "received"));
    }

    private static Map<String, Object> approval(String id, String ticketId) {
        return Map.of(
                "approval_id",
                id,
                "ticket_id",
                ticketId,
                "action_type",
                "refund",
                "version",
                1,
                "arguments",
                Map.of("order_id", "A-1001", "amount", "25.00", "currency", "EUR"));
    }

    private Reply tickets(String query) {
        List<Map<String, String>> items = new ArrayList<>();
        if (query.contains("status=resolved")) {
            ticketOfKey.values().stream()
                    .filter(id -> !pending.containsKey("a-" + id))
                    .forEach(id -> items.add(Map.of("ticket_id", id)));
        }
        return new Reply(200, Map.of("items", items));
    }

    private Reply decide(String approvalId, JsonNode request) {
        if (pending.remove(approvalId) == null) {
            return new Reply(409, Map.of("title", "Conflict"));
        }
        decided.put(approvalId, request);
        return new Reply(200, Map.of());
    }

    private Reply cannedReplies(boolean post, String authorization, JsonNode request) {
        if (!authorization.startsWith("Bearer admin@")) {
            return new Reply(403, Map.of("title", "Forbidden"));
        }
        String client = authorization.replaceFirst("^Bearer admin@", "").replaceFirst("\\..*$", "");
        List<JsonNode> known = cannedReplies.computeIfAbsent(client, _ -> new ArrayList<>());
        if (!post) {
            return new Reply(200, Map.of("items", List.copyOf(known)));
        }
        known.add(request);
        return new Reply(201, request);
    }

    private Reply restart(JsonNode request) {
        if (!deploymentActions) {
            return new Reply(404, Map.of("title", "Not Found"));
        }
        restarts.add(request);
        return new Reply(202, Map.of("action_id", "r" + restarts.size()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
