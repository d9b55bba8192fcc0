package io.opsrelay.standalone.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/** The HTTP side of the control API: on the loopback address only, and only for who knows the token. */
public final class ControlServer implements AutoCloseable {

    private static final int LARGEST_BODY = 16 * 1024;
    private static final int THREADS = 4;

    private final HttpServer server;
    private final ExecutorService threads;
    private final Operations operations;
    private final ControlApi api;
    private final byte[] authorization;
    private final Consumer<String> events;

    private ControlServer(
            HttpServer server, String token, Operations operations, ControlApi api, Consumer<String> events) {
        this.server = server;
        this.operations = operations;
        this.api = api;
        this.authorization = ("Bearer " + token).getBytes(StandardCharsets.US_ASCII);
        this.events = events;
        this.threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().daemon().name("control-", 0).factory());
    }

    /**
     * Begins to answer. Operations are refused until {@link #open}.
     *
     * @param token what every request must carry
     * @param journal the folder of the operations; it exists
     * @param events told what happens, in words for people
     */
    public static ControlServer start(int port, String token, Path journal, Fleet fleet, Consumer<String> events) {
        // The JDK's server would wait for ever for a request that was begun; seconds.
        System.setProperty("sun.net.httpserver.maxReqTime", "10");
        InstantSource clock = InstantSource.system();
        Operations operations = new Operations(Journal.open(journal, clock.instant(), events), fleet, clock, events);
        try {
            ControlServer control = new ControlServer(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0),
                    token,
                    operations,
                    new ControlApi(fleet, operations),
                    events);
            control.server.setExecutor(control.threads);
            control.server.createContext("/", control::handle);
            control.server.start();
            return control;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen on port " + port + " for the control API", e);
        }
    }

    /** From now on operations are taken. */
    public void open() {
        operations.open();
    }

    /** Answers nobody any more. Operations at work see that their instances are ended. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Reply reply = reply(exchange);
            try {
                byte[] body = Json.MAPPER.writeValueAsBytes(reply.body());
                exchange.getResponseHeaders().set("Content-Type", reply.contentType());
                exchange.sendResponseHeaders(reply.status(), body.length);
                exchange.getResponseBody().write(body);
                exchange.getResponseBody().close();
            } finally {
                // What was accepted is done, even if who asked is gone already.
                reply.afterwards().run();
            }
        }
    }

    private Reply reply(HttpExchange exchange) throws IOException {
        if (!authorised(exchange)) {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            return Reply.problem(401, "unauthorized", "the launcher's token is missing or wrong");
        }
        byte[] body = exchange.getRequestBody().readNBytes(LARGEST_BODY + 1);
        if (body.length > LARGEST_BODY) {
            return Reply.problem(400, "bad_request", "the body is larger than " + LARGEST_BODY + " bytes");
        }
        try {
            return api.answer(
                    exchange.getRequestMethod(), exchange.getRequestURI().getRawPath(), body);
        } catch (RuntimeException e) {
            events.accept("control API: " + e);
            return Reply.problem(500, "internal", "the launcher's output says more");
        }
    }

    private boolean authorised(HttpExchange exchange) {
        String header = exchange.getRequestHeaders().getFirst("Authorization");
        return header != null && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), authorization);
    }
}
