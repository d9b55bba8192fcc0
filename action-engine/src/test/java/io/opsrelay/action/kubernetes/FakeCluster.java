package io.opsrelay.action.kubernetes;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opsrelay.contracts.ContractJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An API server as far as deployments go: versions that must be named rightly, dry runs that change nothing, merge and
 * JSON patches, the scale subresource, rights, faults on demand, and {@link FakeControllers} behind it. It journals
 * every change that it makes.
 */
public final class FakeCluster implements AutoCloseable {

    private static final Pattern PATH = Pattern.compile(
            "/apis/(apps/v1|autoscaling/v2)/namespaces/([^/]+)/(deployments|replicasets|horizontalpodautoscalers)(?:/([^/]+))?(/scale)?");

    /** What goes wrong with the next requests that would change how something runs. */
    public enum Fault {
        /** It is done, and the connection breaks before the answer. */
        DROP_ANSWER,
        /** It is done, and the answer comes too late. */
        SLOW,
        /** Not done. */
        ERROR_500,
        /** Not done. */
        UNAVAILABLE_503,
        /** Not done. */
        TOO_MANY_429,
        /** Somebody else changes the object first. */
        RACE
    }

    /**
     * A change that was made.
     *
     * @param what template, replicas, bounds or annotations
     * @param key the newest mark's at that object, if it has one
     */
    public record Mutation(
            String what, String name, @Nullable String key) {}

    private final HttpServer server;
    private final FakeControllers controllers = new FakeControllers();
    private final List<Mutation> journal = new ArrayList<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final Set<String> forbidden = new HashSet<>();
    private final Path kubeconfig;
    private String token = "first-token";
    private boolean down;

    public FakeCluster(Path folder) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            kubeconfig = folder.resolve("kubeconfig.yaml");
            writeKubeconfig("first-token");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public Path kubeconfig() {
        return kubeconfig;
    }

    /** What must be played: the objects and their controllers. */
    public FakeControllers controllers() {
        return controllers;
    }

    /** Every change so far, the oldest first. */
    public synchronized List<Mutation> journal() {
        return List.copyOf(journal);
    }

    /** The next requests that would change how something runs meet these, one each. */
    public synchronized void meet(Fault... next) {
        faults.addAll(List.of(next));
    }

    /** From now on, e.g. {@code patch deployments} is forbidden. */
    public synchronized void forbid(String verbAndResource) {
        forbidden.add(verbAndResource);
    }

    /** From now on, only that token is taken. */
    public synchronized void take(String only) {
        token = only;
    }

    /** From now on, connections break without an answer. */
    public synchronized void goDown(boolean isDown) {
        down = isDown;
    }

    public void writeKubeconfig(String withToken) {
        try {
            Files.writeString(kubeconfig, """
                    apiVersion: v1
                    kind: Config
                    current-context: test
                    clusters:
                    - name: test
                      cluster:
                        server: http://127.0.0.1:%d
                    users:
                    - name: test
                      user:
                        token: %s
                    contexts:
                    - name: test
                      context:
                        cluster: test
                        user: test
                    """.formatted(server.getAddress().getPort(), withToken));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        Reply reply;
        boolean slow;
        synchronized (this) {
            if (down) {
                exchange.close();
                return;
            }
            // A request that only leaves a mark carries no spec.
            boolean changes = !dryRun(exchange) && new String(body, StandardCharsets.UTF_8).contains("spec");
            Fault fault = changes ? faults.poll() : null;
            reply = fault == null ? reply(exchange, body) : faulty(fault, exchange, body);
            slow = fault == Fault.SLOW;
        }
        if (slow) {
            // Left open and never answered: the client must give up by itself.
            return;
        }
        if (reply.status() == 0) {
            exchange.close();
            return;
        }
        send(exchange, reply);
    }

    private Reply faulty(Fault fault, HttpExchange exchange, byte[] body) {
        return switch (fault) {
            case DROP_ANSWER, SLOW -> {
                reply(exchange, body);
                yield new Reply(0, failure("Dropped", "none"));
            }
            case ERROR_500 -> new Reply(500, failure("InternalError", "etcd is ill"));
            case UNAVAILABLE_503 -> new Reply(503, failure("ServiceUnavailable", "apiserver is shutting down"));
            case TOO_MANY_429 -> new Reply(429, failure("TooManyRequests", "slow down"));
            case RACE -> {
                controllers.touch(nameIn(exchange));
                yield reply(exchange, body);
            }
        };
    }

    private static String nameIn(HttpExchange exchange) {
        Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
        return path.matches() ? Objects.toString(path.group(4), "") : "";
    }

    private Reply reply(HttpExchange exchange, byte[] body) {
        if (!("Bearer " + token).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            return new Reply(401, failure("Unauthorized", "Unauthorized"));
        }
        if (exchange.getRequestURI().getPath().equals("/version")) {
            return new Reply(200, controllers.version());
        }
        Matcher path = PATH.matcher(exchange.getRequestURI().getPath());
        if (!path.matches()) {
            return new Reply(404, failure("NotFound", "the server could not find the requested resource"));
        }
        String namespace = path.group(2);
        String resource = path.group(3) + Objects.toString(path.group(5), "");
        String name = path.group(4);
        String verb = verb(exchange.getRequestMethod(), name);
        if (forbidden.contains(verb + " " + resource)) {
            return new Reply(
                    403,
                    failure(
                            "Forbidden",
                            "%s is forbidden: User \"opsrelay\" cannot %s resource \"%s\""
                                    .formatted(resource, verb, resource)));
        }
        if (verb.equals("list")) {
            return new Reply(200, controllers.list(path.group(3), namespace, selector(exchange)));
        }
        ObjectNode found = controllers.get(path.group(3), namespace, String.valueOf(name));
        if (found == null) {
            return new Reply(404, failure("NotFound", "%s \"%s\" not found".formatted(resource, name)));
        }
        return switch (verb) {
            case "get" -> new Reply(200, path.group(5) == null ? found.deepCopy() : FakeControllers.scaleOf(found));
            case "update" ->
                path.group(5) == null
                        ? new Reply(405, failure("MethodNotAllowed", "this fake takes patches"))
                        : scale(exchange, found, read(body));
            case "patch" -> patch(exchange, path.group(3), found, read(body));
            default -> new Reply(405, failure("MethodNotAllowed", verb));
        };
    }

    private static String verb(String method, @Nullable String name) {
        return switch (method) {
            case "GET" -> name == null ? "list" : "get";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> method;
        };
    }

    private Reply scale(HttpExchange exchange, ObjectNode found, JsonNode scale) {
        String version = scale.path("metadata").path("resourceVersion").asString("");
        if (!version.isEmpty() && !version.equals(FakeControllers.version(found))) {
            return conflict(found);
        }
        ObjectNode changed = found.deepCopy();
        ((ObjectNode) changed.get("spec"))
                .put("replicas", scale.path("spec").path("replicas").asInt());
        return stored(exchange, "deployments", found, changed, FakeControllers::scaleOf);
    }

    private Reply patch(HttpExchange exchange, String resource, ObjectNode found, JsonNode patch) {
        String type = exchange.getRequestHeaders().getFirst("Content-Type").split(";")[0];
        ObjectNode changed = found.deepCopy();
        switch (type) {
            case "application/merge-patch+json" -> merge(changed, patch);
            case "application/json-patch+json" -> patch.forEach(operation -> apply(changed, operation));
            default -> {
                return new Reply(415, failure("UnsupportedMediaType", "not " + type));
            }
        }
        if (!FakeControllers.version(changed).equals(FakeControllers.version(found))) {
            return conflict(found);
        }
        if (changed.path("spec").path("maxReplicas").asInt(1)
                < changed.path("spec").path("minReplicas").asInt(1)) {
            return new Reply(422, failure("Invalid", "maxReplicas must not be less than minReplicas"));
        }
        return stored(exchange, resource, found, changed, after -> after);
    }

    private Reply stored(
            HttpExchange exchange,
            String resource,
            ObjectNode before,
            ObjectNode after,
            UnaryOperator<ObjectNode> form) {
        controllers.admit(after);
        if (dryRun(exchange)) {
            return new Reply(200, form.apply(after));
        }
        String what = FakeControllers.difference(before, after);
        ObjectNode answered = controllers.store(resource, before, after);
        journal.add(
                new Mutation(what, after.path("metadata").path("name").asString(), FakeControllers.newestKey(after)));
        return new Reply(200, form.apply(answered));
    }

    private static void merge(ObjectNode into, JsonNode patch) {
        for (Map.Entry<String, JsonNode> field : patch.properties()) {
            if (field.getValue().isNull()) {
                into.remove(field.getKey());
            } else if (field.getValue().isObject()) {
                JsonNode child = into.get(field.getKey());
                merge(child instanceof ObjectNode object ? object : into.putObject(field.getKey()), field.getValue());
            } else {
                into.set(field.getKey(), field.getValue());
            }
        }
    }

    private static void apply(ObjectNode root, JsonNode operation) {
        String[] path = operation.path("path").asString().substring(1).split("/");
        ObjectNode parent = root;
        for (int i = 0; i < path.length - 1; i++) {
            parent = (ObjectNode) Objects.requireNonNull(parent.get(path[i]), "no parent of " + path[i]);
        }
        parent.set(path[path.length - 1], operation.get("value"));
    }

    private static Map<String, String> selector(HttpExchange exchange) {
        Map<String, String> labels = new HashMap<>();
        for (String parameter :
                Objects.toString(exchange.getRequestURI().getQuery(), "").split("&")) {
            if (parameter.startsWith("labelSelector=")) {
                for (String label :
                        parameter.substring("labelSelector=".length()).split(",")) {
                    labels.put(label.split("=")[0], label.split("=")[1]);
                }
            }
        }
        return labels;
    }

    private static boolean dryRun(HttpExchange exchange) {
        return Objects.toString(exchange.getRequestURI().getQuery(), "").contains("dryRun=All");
    }

    private static Reply conflict(ObjectNode found) {
        return new Reply(
                409,
                failure(
                        "Conflict",
                        "Operation cannot be fulfilled on \"%s\": the object has been modified; please apply your changes to the latest version and try again"
                                .formatted(found.path("metadata").path("name").asString())));
    }

    private static JsonNode read(byte[] body) {
        return ContractJson.mapper().readTree(body);
    }

    private static ObjectNode failure(String reason, String message) {
        ObjectNode status = ContractJson.mapper().createObjectNode();
        status.put("kind", "Status").put("apiVersion", "v1").put("status", "Failure");
        status.put("reason", reason).put("message", message);
        return status;
    }

    private static void send(HttpExchange exchange, Reply reply) throws IOException {
        ObjectNode body = reply.body();
        if (reply.status() >= 400) {
            body.put("code", reply.status());
        }
        byte[] bytes = ContractJson.mapper().writeValueAsBytes(body);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(reply.status(), bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private record Reply(int status, ObjectNode body) {}
}
