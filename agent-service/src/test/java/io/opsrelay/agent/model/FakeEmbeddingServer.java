package io.opsrelay.agent.model;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An embedding server on loopback that speaks OpenAI's and Ollama's protocol. It knows some concepts in several languages: texts
 * with the same concepts are near each other, whatever their words.
 */
public final class FakeEmbeddingServer implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int CONCEPTS = 8;
    private static final int OTHER_WORDS = 56;

    private static final Map<String, Integer> CONCEPT_OF = Map.ofEntries(
            Map.entry("opening", 0),
            Map.entry("hours", 0),
            Map.entry("open", 0),
            Map.entry("erreichbar", 0),
            Map.entry("werktags", 0),
            Map.entry("password", 1),
            Map.entry("kennwort", 1),
            Map.entry("passwort", 1),
            Map.entry("parcel", 2),
            Map.entry("shipping", 2),
            Map.entry("sendung", 2),
            Map.entry("zustellung", 2),
            Map.entry("invoice", 3),
            Map.entry("rechnung", 3),
            Map.entry("battery", 4),
            Map.entry("akku", 4));

    private final HttpServer server;
    private final List<JsonNode> requests = new CopyOnWriteArrayList<>();
    private final List<String> keys = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile Function<JsonNode, Reply> mind = request -> Reply.usual();

    public FakeEmbeddingServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/embeddings", exchange -> answer(exchange, FakeEmbeddingServer::openAi));
        server.createContext("/api/embed", exchange -> answer(exchange, FakeEmbeddingServer::ollama));
        server.start();
    }

    /** Of the server itself, without a path. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** How it answers from now on. */
    public void does(Function<JsonNode, Reply> answering) {
        mind = answering;
    }

    /** All requests so far. */
    public List<JsonNode> requests() {
        return List.copyOf(requests);
    }

    /** All texts it was sent so far. */
    public List<String> texts() {
        return requests.stream().flatMap(request -> textsOf(request).stream()).toList();
    }

    /** What callers showed as their key. */
    public List<String> keys() {
        return List.copyOf(keys);
    }

    /** The texts of one request. */
    public static List<String> textsOf(JsonNode request) {
        JsonNode input = request.get("input");
        return input.isArray() ? input.values().stream().map(JsonNode::asString).toList() : List.of(input.asString());
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
    }

    private void answer(HttpExchange exchange, Protocol protocol) throws IOException {
        try (exchange) {
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            requests.add(request);
            keys.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Reply reply = mind.apply(request);
            if (!reply.delay().isZero() && closing.await(reply.delay().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            if (reply.endless()) {
                endlessly(exchange);
                return;
            }
            List<float[]> vectors = reply.vectors() == null
                    ? textsOf(request).stream()
                            .map(FakeEmbeddingServer::vectorOf)
                            .toList()
                    : reply.vectors();
            byte[] body = reply.status() == 200
                    ? JSON.writeValueAsBytes(protocol.write(request, vectors))
                    : "{\"error\":{\"message\":\"trouble\",\"type\":\"trouble\"}}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(reply.status(), body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void endlessly(HttpExchange exchange) throws IOException {
        exchange.sendResponseHeaders(200, 0);
        byte[] part = "{\"data\":[{\"embedding\":[0.1,0.2,".repeat(100).getBytes(StandardCharsets.UTF_8);
        OutputStream out = exchange.getResponseBody();
        while (closing.getCount() > 0) {
            out.write(part);
        }
    }

    /** Concepts count ten times as much as words that belong to none. */
    private static float[] vectorOf(String text) {
        float[] vector = new float[CONCEPTS + OTHER_WORDS];
        vector[CONCEPTS] = 0.01f;
        for (String word : text.toLowerCase(Locale.ROOT).split("[^\\p{L}]+")) {
            Integer concept = CONCEPT_OF.get(word);
            if (concept != null) {
                vector[concept] += 10;
            } else if (!word.isEmpty()) {
                vector[CONCEPTS + Math.floorMod(word.hashCode(), OTHER_WORDS)] += 1;
            }
        }
        return vector;
    }

    private static ObjectNode openAi(JsonNode request, List<float[]> vectors) {
        ObjectNode answer = JSON.createObjectNode().put("object", "list");
        answer.put("model", request.get("model").asString());
        ArrayNode data = answer.putArray("data");
        for (int i = 0; i < vectors.size(); i++) {
            ObjectNode item = data.addObject().put("object", "embedding").put("index", i);
            ArrayNode values = item.putArray("embedding");
            for (float value : vectors.get(i)) {
                values.add(value);
            }
        }
        int tokens = 10 * textsOf(request).size();
        answer.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
        return answer;
    }

    private static ObjectNode ollama(JsonNode request, List<float[]> vectors) {
        ObjectNode answer =
                JSON.createObjectNode().put("model", request.get("model").asString());
        ArrayNode all = answer.putArray("embeddings");
        for (float[] vector : vectors) {
            ArrayNode values = all.addArray();
            for (float value : vector) {
                values.add(value);
            }
        }
        return answer.put("total_duration", 14143917L)
                .put("load_duration", 1019500L)
                .put("prompt_eval_count", 10 * textsOf(request).size());
    }

    /** How vectors are written. */
    @FunctionalInterface
    private interface Protocol {
        ObjectNode write(JsonNode request, List<float[]> vectors);
    }

    /**
     * What the server says.
     *
     * @param vectors null for those that follow from the texts
     */
    public record Reply(int status, @Nullable List<float[]> vectors, Duration delay, boolean endless) {

        /** The vectors of the texts. */
        public static Reply usual() {
            return new Reply(200, null, Duration.ZERO, false);
        }

        /** An error. */
        public static Reply error(int status) {
            return new Reply(status, null, Duration.ZERO, false);
        }

        /** These vectors, whatever was asked. */
        public static Reply of(float[]... vectors) {
            return new Reply(200, new ArrayList<>(List.of(vectors)), Duration.ZERO, false);
        }

        /** An answer without an end. */
        public static Reply forever() {
            return new Reply(200, null, Duration.ZERO, true);
        }

        /** The same after a while. */
        public Reply after(Duration wait) {
            return new Reply(status, vectors, wait, endless);
        }
    }
}
