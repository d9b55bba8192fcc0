package io.opsrelay.agent.owntool;

import io.opsrelay.security.outbound.Exchange;
import io.opsrelay.security.outbound.Exchange.Head;
import io.opsrelay.security.outbound.GuardedHttp;
import io.opsrelay.security.outbound.OutboundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Asks one MCP server over streamable HTTP: JSON-RPC in a POST, answered by JSON or by an event stream. The session is
 * opened when it is first needed, and again when the server has forgotten it.
 */
final class McpClient {

    private static final String WANTED = "2025-06-18";
    private static final Set<String> SPOKEN = Set.of("2025-03-26", "2025-06-18", "2025-11-25");
    private static final String SESSION_HEADER = "Mcp-Session-Id";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_FOUND = -32601;
    private static final int MOST_QUESTIONS = 5;

    private final McpServerSettings settings;
    private final GuardedHttp http;
    private final AtomicReference<@Nullable Session> session = new AtomicReference<>();
    private final ReentrantLock opening = new ReentrantLock();
    private final AtomicLong ids = new AtomicLong();

    McpClient(McpServerSettings settings, GuardedHttp http) {
        this.settings = settings;
        this.http = http;
    }

    /**
     * Asks and waits for the result.
     *
     * @throws OutboundException if there is none
     * @throws DeclinedException if the server answers with an error of the protocol
     */
    JsonNode ask(String method, ObjectNode params, Deadline deadline) {
        Session open = session(deadline);
        try {
            return result(open, method, params, deadline);
        } catch (ForgottenException e) {
            session.compareAndSet(open, null);
            try {
                return result(session(deadline), method, params, deadline);
            } catch (ForgottenException again) {
                throw again.asTrouble();
            }
        }
    }

    /** The server's own time from now on, or less. */
    Deadline within(Duration most) {
        Duration own = settings.timeout();
        return new Deadline(System.nanoTime(), own.compareTo(most) < 0 ? own : most);
    }

    private Session session(Deadline deadline) {
        Session known = session.get();
        if (known != null) {
            return known;
        }
        try {
            if (!opening.tryLock(deadline.left().toNanos(), TimeUnit.NANOSECONDS)) {
                throw deadline.passed();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted");
        }
        try {
            known = session.get();
            if (known == null) {
                known = opened(deadline);
                session.set(known);
            }
            return known;
        } finally {
            opening.unlock();
        }
    }

    private Session opened(Deadline deadline) {
        ObjectNode params = HttpTool.JSON.createObjectNode().put("protocolVersion", WANTED);
        params.putObject("capabilities");
        params.putObject("clientInfo").put("name", "opsrelay").put("version", "1");
        Session none = new Session(null, null);
        Answer answer = post(none, request("initialize", params), deadline);
        String version = answer.result().path("protocolVersion").asString("");
        if (!SPOKEN.contains(version)) {
            throw new OutboundException("other protocol", "speaks another version of MCP", true);
        }
        Session open = new Session(answer.sessionId(), version);
        ObjectNode ready =
                HttpTool.JSON.createObjectNode().put("jsonrpc", "2.0").put("method", "notifications/initialized");
        try {
            tell(open, ready, deadline);
        } catch (ForgottenException e) {
            throw e.asTrouble();
        }
        return open;
    }

    private ObjectNode request(String method, ObjectNode params) {
        ObjectNode request = HttpTool.JSON
                .createObjectNode()
                .put("jsonrpc", "2.0")
                .put("id", ids.incrementAndGet())
                .put("method", method);
        request.set("params", params);
        return request;
    }

    private JsonNode result(Session open, String method, ObjectNode params, Deadline deadline) {
        return post(open, request(method, params), deadline).result();
    }

    private Answer post(Session open, ObjectNode request, Deadline deadline) {
        long id = request.path("id").asLong();
        return http.send(exchange(open, request, deadline), (head, body) -> {
            check(open, head);
            JsonNode message = head.mime().equals("text/event-stream")
                    ? streamed(open, id, body, deadline)
                    : head.isJson() ? answerTo(id, parsed(new String(body.readAllBytes(), head.charset()))) : null;
            if (message == null) {
                throw new OutboundException("no answer", "ended without an answer", true);
            }
            JsonNode error = message.path("error");
            if (error.isObject()) {
                throw new DeclinedException(
                        error.path("code").asInt(0), error.path("message").asString(""));
            }
            return new Answer(message.path("result"), head.header(SESSION_HEADER));
        });
    }

    /** A message that wants no answer. */
    private void tell(Session open, ObjectNode message, Deadline deadline) {
        http.send(exchange(open, message, deadline), (head, body) -> {
            check(open, head);
            return body.readAllBytes();
        });
    }

    private Exchange exchange(Session open, ObjectNode message, Deadline deadline) {
        Map<String, String> headers = new LinkedHashMap<>(settings.headers());
        headers.put("Accept", "application/json, text/event-stream");
        if (settings.authorization() != null && !settings.authorization().isBlank()) {
            headers.put("Authorization", settings.authorization());
        }
        if (open.id() != null) {
            headers.put(SESSION_HEADER, open.id());
        }
        if (open.version() != null) {
            headers.put("MCP-Protocol-Version", open.version());
        }
        return new Exchange(
                "POST",
                URI.create(settings.url()),
                headers,
                HttpTool.JSON.writeValueAsBytes(message),
                deadline.left(),
                HttpTool.MOST_BYTES,
                settings.allowPrivate());
    }

    private static void check(Session open, Head head) {
        int status = head.status();
        // Some servers answer 400 where the protocol has 404.
        if ((status == NOT_FOUND || status == BAD_REQUEST) && open.id() != null) {
            throw new ForgottenException(status);
        }
        if (status < 200 || status > 299) {
            throw new OutboundException(
                    Integer.toString(status),
                    status >= 300 && status < 400 ? "leads elsewhere, which is not followed" : "answered " + status,
                    status == 429 || status >= 500);
        }
    }

    /** Reads events up to the answer; what the server itself asks for in between is answered. */
    private @Nullable JsonNode streamed(Session open, long id, InputStream body, Deadline deadline) throws IOException {
        EventStream events = new EventStream(body);
        int questions = 0;
        for (String data = events.next(); data != null; data = events.next()) {
            JsonNode message = parsed(data);
            JsonNode answer = answerTo(id, message);
            if (answer != null) {
                return answer;
            }
            if (message.has("method") && message.has("id") && questions++ < MOST_QUESTIONS) {
                reply(open, message, deadline);
            }
        }
        return null;
    }

    private void reply(Session open, JsonNode question, Deadline deadline) {
        ObjectNode reply = HttpTool.JSON.createObjectNode().put("jsonrpc", "2.0");
        reply.set("id", question.get("id"));
        if (question.path("method").asString("").equals("ping")) {
            reply.putObject("result");
        } else {
            reply.putObject("error").put("code", METHOD_NOT_FOUND).put("message", "not offered");
        }
        tell(open, reply, deadline);
    }

    /** The message that answers the request; older servers may send several in an array. */
    private static @Nullable JsonNode answerTo(long id, JsonNode message) {
        if (message.isArray()) {
            return message.valueStream()
                    .filter(one -> answerTo(id, one) != null)
                    .findFirst()
                    .orElse(null);
        }
        JsonNode answered = message.path("id");
        boolean ours = answered.isIntegralNumber() && answered.asLong() == id;
        return ours && (message.has("result") || message.has("error")) ? message : null;
    }

    private static JsonNode parsed(String text) {
        try {
            return HttpTool.JSON.readTree(text);
        } catch (JacksonException e) {
            throw new OutboundException("broken JSON", "answered with broken JSON", true, e);
        }
    }

    /** @param id absent where the server keeps none */
    private record Session(@Nullable String id, @Nullable String version) {}

    private record Answer(JsonNode result, @Nullable String sessionId) {}

    /** Until when everything has to be over. */
    record Deadline(long began, Duration limit) {

        Duration left() {
            Duration left = limit.minusNanos(System.nanoTime() - began);
            if (left.toMillis() < 1) {
                throw passed();
            }
            return left;
        }

        OutboundException passed() {
            return new OutboundException("timed out", "did not answer within " + limit.toMillis() + " ms", true);
        }
    }

    /** The server does not know the session any more, or may not. */
    private static final class ForgottenException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int status;

        ForgottenException(int status) {
            this.status = status;
        }

        /** When it says so of a session that is new. */
        OutboundException asTrouble() {
            return status == NOT_FOUND
                    ? new OutboundException("404", "does not keep its own sessions", true, this)
                    : new OutboundException(Integer.toString(status), "answered " + status, false, this);
        }
    }

    /** The server answers that it will not. */
    static final class DeclinedException extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1L;

        private final int code;

        DeclinedException(int code, String message) {
            super(message);
            this.code = code;
        }

        int code() {
            return code;
        }
    }
}
