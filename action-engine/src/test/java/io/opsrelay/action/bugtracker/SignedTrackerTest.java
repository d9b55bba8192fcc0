package io.opsrelay.action.bugtracker;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.action.bugtracker.BugReportProperties.Http;
import io.opsrelay.action.remote.FakeServer;
import io.opsrelay.action.remote.FakeServer.Fault;
import io.opsrelay.action.remote.RemoteSystem;
import io.opsrelay.action.remote.Signature;
import io.opsrelay.security.outbound.GuardedHttp;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class SignedTrackerTest extends BugTrackerKit {

    private static final String SECRET = "a secret of more than a few letters";

    @TempDir
    private Path folder;

    private final Server server = new Server();
    private final GuardedHttp http = new GuardedHttp();
    private SignedTracker tracker;

    @BeforeEach
    void connect() throws Exception {
        Clock clock = Clock.systemUTC();
        tracker = new SignedTracker(
                new Http(
                        server.url() + "/bugs",
                        server.url() + "/bugs/{key}",
                        Files.writeString(folder.resolve("secret"), SECRET),
                        Map.of("title", "summary", "key", "external_id"),
                        Map.of("high", "P1"),
                        "/bug/no",
                        "/bug/link",
                        Duration.ofSeconds(6),
                        true,
                        true),
                new RemoteSystem(SignedTracker.NAME, http, Duration.ofSeconds(6), true, clock),
                clock);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        http.close();
    }

    @Override
    BugTracker tracker() {
        return tracker;
    }

    @Override
    List<String> titles() {
        return server.bugs.values().stream()
                .map(bug -> bug.path("summary").asString())
                .toList();
    }

    @Override
    void next(Fault fault) {
        server.next(fault);
    }

    @Test
    void fieldsAndPrioritiesAreNamedAsTheTrackerNamesThem() {
        tracker.file("opsrelay-1", new BugReport("Hi @all", "<b>y</b>", "high"));

        JsonNode bug = server.bugs.get("opsrelay-1");
        assertThat(bug.path("summary").asString()).isEqualTo("Hi @ all");
        assertThat(bug.path("description").asString()).isEqualTo("‹b›y‹/b›");
        assertThat(bug.path("priority").asString()).isEqualTo("P1");
        assertThat(bug).hasSize(4);
    }

    @Test
    void theSameKeyFilesOneReportHoweverOftenItIsSent() {
        String key = key();

        assertThat(tracker.file(key, REPORT)).isEqualTo(tracker.file(key, REPORT));

        assertThat(server.bugs).hasSize(1);
    }

    /** Believes nobody whose signature does not fit. */
    private static final class Server extends FakeServer {

        private final Map<String, JsonNode> bugs = new LinkedHashMap<>();

        @Override
        protected boolean acts(Asked asked) {
            return asked.method().equals("POST");
        }

        @Override
        protected synchronized Told answer(Asked asked) {
            Map<String, String> expected = Signature.headers(
                    SECRET,
                    asked.header("webhook-id"),
                    Instant.ofEpochSecond(Long.parseLong(asked.header("webhook-timestamp"))),
                    asked.body().getBytes(StandardCharsets.UTF_8));
            if (!asked.header("webhook-signature").equals(expected.get("Webhook-Signature"))) {
                return Told.json(401, Map.of("message", "bad signature"));
            }
            String key = asked.method().equals("POST")
                    ? asked.json().path("external_id").asString()
                    : asked.path().substring("/bugs/".length());
            if (asked.method().equals("POST")) {
                bugs.putIfAbsent(key, asked.json());
            } else if (!bugs.containsKey(key)) {
                return Told.json(404, "{}");
            }
            int number = List.copyOf(bugs.keySet()).indexOf(key) + 1;
            return Told.json(200, Map.of("bug", Map.of("no", number, "link", "https://bugs.acme.example/" + number)));
        }
    }
}
