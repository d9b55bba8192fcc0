package io.opsrelay.approval.webhook;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Somebody's HTTP server that takes webhooks in: byte by byte, so that it can misbehave in every way. */
final class Receiver implements AutoCloseable {

    /** What it does with a request. */
    @FunctionalInterface
    interface Manner {

        void answer(Received request, Socket socket) throws Exception;
    }

    /** A request as it came. */
    record Received(String line, Map<String, String> headers, String body, Instant at) {

        String header(String name) {
            return headers.get(name);
        }
    }

    private final ServerSocket server;
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final Queue<Manner> next = new ConcurrentLinkedQueue<>();
    private final AtomicInteger atOnce = new AtomicInteger();
    private final AtomicInteger mostAtOnce = new AtomicInteger();
    private volatile Manner manner = status(204);

    Receiver() throws IOException {
        this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Misbehaves in these ways first, once each. */
    Receiver first(Manner... manners) {
        next.addAll(List.of(manners));
        return this;
    }

    /** Does this from now on. */
    Receiver always(Manner always) {
        this.manner = always;
        return this;
    }

    String url() {
        return "http://127.0.0.1:" + server.getLocalPort() + "/hook";
    }

    int port() {
        return server.getLocalPort();
    }

    List<Received> received() {
        return List.copyOf(received);
    }

    int mostAtOnce() {
        return mostAtOnce.get();
    }

    static Manner status(int status, String... headers) {
        return answer(status, "", headers);
    }

    static Manner answer(int status, String body, String... headers) {
        return (request, socket) -> {
            StringBuilder head = new StringBuilder("HTTP/1.1 " + status + " Whatever\r\n");
            for (int i = 0; i < headers.length; i += 2) {
                head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
            }
            if (status != 204) {
                head.append("Content-Length: ").append(body.length()).append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write((head + "Connection: close\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
            out.flush();
        };
    }

    /** Ends the connection with a reset. */
    static Manner reset() {
        return (request, socket) -> socket.setSoLinger(true, 0);
    }

    /** Answers nothing until the caller has gone. */
    static Manner hang() {
        return (request, socket) -> {
            while (socket.getInputStream().read() >= 0) {
                // Nobody says anything more.
            }
        };
    }

    /** Answers 200 and sends a body without end. */
    static Manner endless() {
        return (request, socket) -> {
            OutputStream out = socket.getOutputStream();
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n".getBytes(StandardCharsets.UTF_8));
            byte[] block = "yes! ".repeat(2_000).getBytes(StandardCharsets.UTF_8);
            while (true) {
                out.write(block);
            }
        };
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Received request = read(new BufferedInputStream(socket.getInputStream()));
            if (request == null) {
                return;
            }
            received.add(request);
            mostAtOnce.accumulateAndGet(atOnce.incrementAndGet(), Math::max);
            try {
                Manner now = next.poll();
                (now == null ? manner : now).answer(request, socket);
            } finally {
                atOnce.decrementAndGet();
            }
        } catch (Exception e) {
            // The caller went away, as it may.
        }
    }

    private static Received read(InputStream in) throws IOException {
        String line = line(in);
        if (line == null) {
            return null;
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = line(in); header != null && !header.isEmpty(); header = line(in)) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        return new Received(line, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8), Instant.now());
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                return null;
            }
            if (b != '\r') {
                line.write(b);
            }
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
