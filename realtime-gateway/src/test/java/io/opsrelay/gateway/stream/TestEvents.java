package io.opsrelay.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A client of server-sent events that remembers all it was sent. */
final class TestEvents implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final BlockingQueue<Event> inbox = new LinkedBlockingQueue<>();
    private final List<Event> seen = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final InputStream body;

    private TestEvents(InputStream body) {
        this.body = body;
        Thread.ofVirtual().start(this::read);
    }

    /** Asks for a stream, and leaves the answer to the caller. */
    static HttpResponse<InputStream> ask(int port, String query, String token, String lastEventId) {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + "/api/v1/stream?" + query))
                .header("Accept", "text/event-stream");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Opens a stream of these channels, parted by commas. */
    static TestEvents open(int port, String channels, String token, String lastEventId) {
        HttpResponse<InputStream> answer = ask(port, "channels=" + channels, token, lastEventId);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/event-stream");
        return new TestEvents(answer.body());
    }

    record Event(String id, JsonNode json) {

        String type() {
            return json.get("type").asString();
        }

        String channelShown() {
            return type().equals("shown") ? json.get("channel").asString() : "";
        }

        String owner() {
            return json.at("/data/of").asString("");
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            String id = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    inbox.add(new Event(id, JsonMapper.shared().readTree(line.substring(6))));
                    id = null;
                }
            }
            ended.countDown();
        } catch (IOException e) {
            // The test has closed it, or it broke off.
        }
    }

    /** All that was awaited so far, in order. */
    List<Event> seen() {
        return seen;
    }

    /** The gateway ends the stream, properly. */
    void awaitEnd() {
        try {
            assertThat(ended.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS))
                    .as("ended")
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        inbox.drainTo(seen);
    }

    Event await(String type) {
        return await(event -> event.type().equals(type));
    }

    /** Events of which each of these is said, in whatever order. */
    void awaitAll(Set<String> wanted, Function<Event, String> said) {
        Set<String> missing = new HashSet<>(wanted);
        await(event -> {
            missing.remove(said.apply(event));
            return missing.isEmpty();
        });
    }

    Event await(Predicate<Event> wanted) {
        try {
            for (Event event = inbox.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
                    event != null;
                    event = inbox.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                seen.add(event);
                if (wanted.test(event)) {
                    return event;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return fail("not received; before: " + seen);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
