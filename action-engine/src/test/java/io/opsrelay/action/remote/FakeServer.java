package io.opsrelay.action.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A system on loopback that keeps a journal of what it was asked, and goes wrong on demand. */
public abstract class FakeServer implements AutoCloseable {

    /** What goes wrong with a call. */
    public enum Fault {
        /** It is done, and the connection breaks before the answer. */
        DO_AND_BREAK,
        /** It is done, and the answer never comes. */
        DO_AND_HANG,
        /** It is done, and answered with an error all the same. */
        DO_AND_500,
        /** It is done, and answered with more than anybody reads. */
        DO_AND_HUGE,
        /** It is done, and answered with half of a document. */
        DO_AND_GARBLE,
        /** It is not done: an error. */
        FAIL,
        /** It is not done: too many requests. */
        TOO_MANY,
        /** It is not done: moved elsewhere. */
        REDIRECT,
        /** It is not done: refused, in words. */
        REFUSE
    }

    private final HttpServer server;
    private final LinkedBlockingQueue<Fault> faults = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<Fault> faultsOfQuestions = new LinkedBlockingQueue<>();
    private final List<Asked> asked = new ArrayList<>();

    protected FakeServer() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::serve);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    public final String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The next call that does something goes wrong. */
    public final void next(Fault fault) {
        faults.add(fault);
    }

    /** The next call that only asks goes wrong. */
    public final void nextQuestion(Fault fault) {
        faultsOfQuestions.add(fault);
    }

    /** All that came in, faults included. */
    public final List<Asked> asked() {
        synchronized (asked) {
            return List.copyOf(asked);
        }
    }

    /** What came in that does something. */
    public final List<Asked> acts() {
        return asked().stream().filter(this::acts).toList();
    }

    /** Whether a call does something. */
    protected abstract boolean acts(Asked asked);

    /** Does it. */
    protected abstract Told answer(Asked asked);

    private void serve(HttpExchange exchange) throws IOException {
        Map<String, String> headers = new TreeMap<>();
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        Asked call = new Asked(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                headers,
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        synchronized (asked) {
            asked.add(call);
        }
        Fault fault = acts(call) ? faults.poll() : faultsOfQuestions.poll();
        if (fault == null) {
            send(exchange, answer(call));
            return;
        }
        switch (fault) {
            case DO_AND_BREAK -> {
                answer(call);
                exchange.close();
            }
            case DO_AND_HANG -> answer(call); // and the exchange stays open
            case DO_AND_500 -> {
                answer(call);
                send(exchange, Told.json(500, "{\"message\":\"something broke\"}"));
            }
            case DO_AND_HUGE -> {
                answer(call);
                huge(exchange);
            }
            case DO_AND_GARBLE -> {
                answer(call);
                send(exchange, Told.json(200, "{\"id\": "));
            }
            case FAIL -> send(exchange, Told.json(500, "{\"message\":\"something broke\"}"));
            case TOO_MANY -> send(exchange, Told.json(429, "{}").with("Retry-After", "2"));
            case REDIRECT -> send(exchange, Told.json(301, "{}").with("Location", "http://127.0.0.1:1/elsewhere"));
            case REFUSE -> send(exchange, Told.json(422, "{\"message\":\"cannot be\"}"));
        }
    }

    private static void huge(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        byte[] much = " ".repeat(1 << 20).getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            for (int i = 0; i < 6; i++) {
                exchange.getResponseBody().write(much);
            }
        } catch (IOException e) {
            // The reader has had enough.
        }
    }

    private static void send(HttpExchange exchange, Told told) throws IOException {
        byte[] bytes = told.body().getBytes(StandardCharsets.UTF_8);
        told.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        exchange.sendResponseHeaders(told.status(), bytes.length == 0 ? -1 : bytes.length);
        try (exchange) {
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        }
    }

    protected static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            int at = pair.indexOf('=');
            query.put(
                    at < 0 ? pair : pair.substring(0, at),
                    at < 0 ? "" : URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
        }
        return query;
    }

    @Override
    public final void close() {
        server.stop(0);
    }

    /** A call that came in; names of headers in small letters. */
    public record Asked(
            String method, String path, Map<String, String> query, Map<String, String> headers, String body) {

        public JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        public String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    /** What it answers. */
    public record Told(int status, Map<String, String> headers, String body) {

        public static Told json(int status, Object body) {
            return new Told(
                    status,
                    Map.of("Content-Type", "application/json; charset=utf-8"),
                    body instanceof String text ? text : JsonMapper.shared().writeValueAsString(body));
        }

        public static Told nothing(int status) {
            return new Told(status, Map.of(), "");
        }

        public Told with(String name, String value) {
            Map<String, String> more = new HashMap<>(headers);
            more.put(name, value);
            return new Told(status, more, body);
        }
    }
}
