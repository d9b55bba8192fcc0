package io.opsrelay.gateway.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The socket.io-client that dashboards use, in a Node process of its own. */
final class OldDashboard implements AutoCloseable {

    private static final Path FOLDER = Path.of("src/test/socketio");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BlockingQueue<JsonNode> inbox = new LinkedBlockingQueue<>();
    private final List<JsonNode> received = new ArrayList<>();
    private final Process node;

    private OldDashboard(int port, String transports, String token) throws IOException {
        ProcessBuilder builder = new ProcessBuilder("node", "dashboard.mjs", "http://127.0.0.1:" + port, transports)
                .directory(FOLDER.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TOKEN", token);
        this.node = builder.start();
        Thread.ofVirtual().start(this::read);
    }

    /** @param transports in the order in which they are tried, e.g. {@code polling,websocket} */
    static OldDashboard connect(int port, String transports, String token) {
        try {
            install();
            return new OldDashboard(port, transports, token);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What came with the event that is next of its name. */
    JsonNode await(String event) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                JsonNode next = inbox.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (next == null) {
                    return fail(event + " did not come; before: " + received);
                }
                received.add(next);
                if (next.get("event").asString().equals(event)) {
                    return next.path("data");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits for an event that may have come before others that were awaited. */
    void awaitInAnyOrder(String event) {
        if (received.stream().noneMatch(told -> told.get("event").asString().equals(event))) {
            await(event);
        }
    }

    /** All that came so far, as JSON objects of event and data. */
    List<JsonNode> received() {
        inbox.drainTo(received);
        return received;
    }

    void emit(String event) {
        try {
            node.getOutputStream().write((event + "\n").getBytes(StandardCharsets.UTF_8));
            node.getOutputStream().flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets it disconnect as a page does that is left. */
    @Override
    public void close() {
        try {
            node.getOutputStream().close();
            if (!node.waitFor(10, TimeUnit.SECONDS)) {
                node.destroyForcibly();
            }
        } catch (IOException e) {
            node.destroyForcibly();
        } catch (InterruptedException e) {
            node.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void read() {
        try (BufferedReader lines = node.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> inbox.add(JsonMapper.shared().readTree(line)));
        } catch (IOException | UncheckedIOException e) {
            inbox.add(JsonMapper.shared().readTree("{\"event\":\"ended\"}"));
        }
    }

    private static synchronized void install() throws IOException {
        Path installed = FOLDER.resolve("node_modules/.package-lock.json"); // npm writes it last
        Path wanted = FOLDER.resolve("package-lock.json");
        if (Files.exists(installed)
                && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
            return;
        }
        Process npm = new ProcessBuilder("npm", "ci", "--no-audit", "--no-fund")
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        try (BufferedReader lines = npm.inputReader(StandardCharsets.UTF_8)) {
            String said = lines.lines().collect(Collectors.joining("\n"));
            assertThat(npm.waitFor()).as(said).isZero();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
