package io.opsrelay.benchmarks.runs;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model server that takes its time: OpenAI's chat completions on loopback. It searches the knowledge base first, and then
 * replies with the number that the ticket names, so that a reply on another ticket would be seen.
 */
final class SlowModel implements AutoCloseable {

    /** How a ticket names its number. */
    static final String NUMBER = "My question has number %d.";

    private static final Pattern NUMBERED = Pattern.compile("My question has number (\\d+)\\.");
    private static final int CONNECTIONS = 4000;
    private static final JsonMapper JSON = JsonMapper.shared();

    private final Duration answerTime;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicLong answers = new AtomicLong();

    /** @param answerTime at the mean; each answer takes between half and one and a half of it */
    SlowModel(Duration answerTime) throws IOException {
        this.answerTime = answerTime;
        // As real servers, it leaves idle connections open; read once, by the first server of the process.
        System.setProperty("sun.net.httpserver.maxIdleConnections", Integer.toString(CONNECTIONS));
        System.setProperty("sun.net.httpserver.nodelay", "true");
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), CONNECTIONS);
        server.setExecutor(threads);
        server.createContext("/v1/chat/completions", this::answer);
        server.start();
    }

    /** What an OpenAI client is given as its base URL. */
    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
    }

    /** Requests that wait for their answers now. */
    int underWay() {
        return underWay.get();
    }

    /** The most that waited at one moment. */
    int mostUnderWay() {
        return mostUnderWay.get();
    }

    /** Answers given so far. */
    long answers() {
        return answers.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
            JsonNode request = JSON.readTree(exchange.getRequestBody());
            long millis = answerTime.toMillis();
            long wait = millis / 2 + ThreadLocalRandom.current().nextLong(millis + 1);
            if (closing.await(wait, TimeUnit.MILLISECONDS)) {
                return;
            }
            byte[] body = JSON.writeValueAsBytes(completion(request));
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            answers.incrementAndGet();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.decrementAndGet();
        }
    }

    private static Map<String, Object> completion(JsonNode request) {
        JsonNode messages = request.path("messages");
        boolean hasSearched = messages.valueStream()
                .anyMatch(message -> message.path("role").asString("").equals("tool"));
        Map<String, Object> function = hasSearched
                ? call(
                        "reply_to_customer",
                        Map.of("text", "It is all in our rules. " + numberIn(messages), "passages", "p1"))
                : call("search_knowledge_base", Map.of("query", "How long do refunds take?"));
        return Map.of(
                "id",
                "chatcmpl-bench",
                "object",
                "chat.completion",
                "created",
                1,
                "model",
                request.path("model").asString("slow"),
                "choices",
                List.of(Map.of(
                        "index",
                        0,
                        "finish_reason",
                        "tool_calls",
                        "message",
                        Map.of(
                                "role",
                                "assistant",
                                "tool_calls",
                                List.of(Map.of("id", "call_1", "type", "function", "function", function))))),
                "usage",
                Map.of("prompt_tokens", 900, "completion_tokens", 40, "total_tokens", 940));
    }

    private static Map<String, Object> call(String tool, Map<String, String> arguments) {
        return Map.of("name", tool, "arguments", JSON.writeValueAsString(arguments));
    }

    private static String numberIn(JsonNode messages) {
        return messages.valueStream()
                .filter(message -> message.path("role").asString("").equals("user"))
                .map(message -> NUMBERED.matcher(message.path("content").toString()))
                .filter(Matcher::find)
                .map(found -> NUMBER.replace("My", "Your").formatted(Long.parseLong(found.group(1))))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() {
        closing.countDown();
        server.stop(0);
        threads.close();
    }
}
