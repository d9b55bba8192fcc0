package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The TypeScript client in a Node process of its own, which says in JSON lines what it hears. */
final class NodeClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Path PACKAGE = Path.of("dashboard", "realtime-client");

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final List<JsonNode> heard = new ArrayList<>();
    private final Process process;
    private final Writer commands;

    private NodeClient(Process process) {
        this.process = process;
        this.commands = process.outputWriter(StandardCharsets.UTF_8);
        Thread.ofVirtual().start(this::read);
    }

    static NodeClient start(int port, String token) {
        assertThat(PACKAGE.resolve("dist/index.js"))
                .as("the built client; `npm ci && npm run build` in dashboard/ makes it")
                .exists();
        ProcessBuilder builder = new ProcessBuilder(
                        "node", PACKAGE.resolve("testing/realGateway.mjs").toString(), streamOf(port))
                .redirectErrorStream(true);
        builder.environment().put("OPSRELAY_TOKEN", token);
        try {
            return new NodeClient(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives a command of {@code realGateway.mjs}. */
    void tell(String command) {
        try {
            commands.write(command + "\n");
            commands.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next line about something of that kind. */
    JsonNode await(String kind) {
        return await(line -> isAbout(line, kind));
    }

    void awaitEvent(String type) {
        await(line -> isAbout(line, "event") && line.get("type").asString().equals(type));
    }

    void awaitLink(String link) {
        await(line -> isAbout(line, "connection") && line.get("link").asString().equals(link));
    }

    JsonNode await(Predicate<JsonNode> wanted) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (true) {
                String line = lines.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
                if (line == null) {
                    return fail("not heard; before: " + heard);
                }
                if (!line.startsWith("{")) {
                    return fail("Node says: " + line + " " + lines);
                }
                JsonNode next = JsonMapper.shared().readTree(line);
                heard.add(next);
                if (wanted.test(next)) {
                    return next;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Types of all events so far, in order. */
    List<String> events() {
        return about("event").map(line -> line.get("type").asString()).toList();
    }

    /** Offsets of all events so far, in order. */
    List<Long> offsets() {
        return about("event").map(line -> line.get("offset").asLong()).toList();
    }

    long count(String kind) {
        return about(kind).count();
    }

    /** Where the connection stood, in order. */
    List<String> links() {
        return about("connection").map(line -> line.get("link").asString()).toList();
    }

    private Stream<JsonNode> about(String kind) {
        return heard.stream().filter(line -> isAbout(line, kind));
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            lines.add(e.toString());
        }
    }

    private static boolean isAbout(JsonNode line, String kind) {
        return line.get("heard").asString().equals(kind);
    }

    private static String streamOf(int port) {
        return "ws://127.0.0.1:" + port + "/api/v1/stream";
    }

    @Override
    public void close() {
        process.destroy();
    }
}
