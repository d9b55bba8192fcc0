package io.opsrelay.standalone.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opsrelay.standalone.demo.Gateway;
import io.opsrelay.standalone.process.StartFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatsCommandTest {

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final ByteArrayOutputStream complained = new ByteArrayOutputStream();
    private final List<String> requests = new ArrayList<>();
    private final Deque<String> answers = new ArrayDeque<>();
    private HttpServer server;

    @BeforeEach
    void aSystemRuns() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void itEnds() {
        server.stop(0);
    }

    @Test
    void itStaysUntilAllClientsAreCountedAndShowsHowFarItIs() {
        answers.addAll(List.of(
                "202 " + progress("1", "waiting", 0),
                "200 " + progress("1", "running", 10_000),
                "503 {}",
                "200 " + progress("1", "done", 12_345),
                "202 " + progress("2", "waiting", 0),
                "200 " + progress("2", "done", 3)));

        assertThat(run("rebuild", "--url", url())).isZero();

        assertThat(text(written))
                .containsSubsequence(
                        "acme: waiting, 0 steps counted",
                        "acme: running, 10000 steps counted",
                        "acme: done, 12345 steps counted",
                        "globex: done, 3 steps counted");
        assertThat(requests)
                .startsWith(
                        "POST /api/v1/auth/token admin@acme.example",
                        "POST /api/v1/dashboard/rebuild",
                        "GET /api/v1/dashboard/rebuild")
                .contains("POST /api/v1/auth/token admin@globex.example");
    }

    @Test
    void whatIsRefusedIsToldWithItsReason() {
        answers.add("403 {\"title\":\"Forbidden\",\"detail\":\"needs the role admin\"}");

        assertThatThrownBy(() -> run("rebuild", "--client", "acme", "--url", url()))
                .isInstanceOf(StartFailure.class)
                .hasMessage("The numbers of acme are not counted anew: 403 Forbidden: needs the role admin");
    }

    @Test
    void aCountThatIsGoneOnTheWayIsAFailure() {
        answers.add("202 " + progress("1", "waiting", 0));
        answers.add("404 {\"title\":\"Not Found\"}");

        assertThatThrownBy(() -> run("rebuild", "--client", "acme", "--url", url()))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("cannot be read: 404 Not Found");
    }

    @Test
    void aCountThatStandsStillIsAFailureThatNamesTheLog() {
        answers.add("202 " + progress("1", "waiting", 0));
        answers.add("200 " + progress("1", "waiting", 0));
        answers.add("200 " + progress("1", "waiting", 0));
        try (Gateway gateway = new Gateway(URI.create(url()))) {
            StatsCommand command = new StatsCommand(gateway, utf8(written), Duration.ofMillis(1), Duration.ZERO);

            assertThatThrownBy(() -> command.rebuild("acme"))
                    .isInstanceOf(StartFailure.class)
                    .hasMessageContaining("last seen: acme: waiting, 0 steps counted")
                    .hasMessageContaining("./opsrelay logs ingestion-service");
        }
    }

    @Test
    void whereNothingRunsItSaysHowToStart() {
        String gone = url();
        server.stop(0);

        assertThatThrownBy(() -> run("rebuild", "--url", gone))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining("./opsrelay up");
    }

    @Test
    void whoUsesItWronglyIsToldHow() {
        assertThat(run()).isEqualTo(2);
        assertThat(run("count")).isEqualTo(2);
        assertThat(run("rebuild", "--client")).isEqualTo(2);
        assertThat(run("rebuild", "--client", "a b")).isEqualTo(2);
        assertThat(run("rebuild", "--url", "nowhere")).isEqualTo(2);
        assertThat(run("rebuild", "--now", "yes")).isEqualTo(2);

        assertThat(text(complained)).contains("There is only rebuild", "usage: ./opsrelay stats rebuild");
        assertThat(requests).isEmpty();
    }

    private int run(String... arguments) {
        return StatsCommand.run(Arrays.asList(arguments), "http://127.0.0.1:1/", utf8(written), utf8(complained));
    }

    private static String progress(String id, String state, int steps) {
        return "{\"rebuild_id\":\"%s\",\"state\":\"%s\",\"steps\":%d}".formatted(id, state, steps);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            String path = exchange.getRequestURI().getPath();
            boolean signsIn = path.equals("/api/v1/auth/token");
            requests.add(exchange.getRequestMethod() + " " + path
                    + (signsIn ? " " + body.replaceAll(".*\"username\":\"([^\"]*)\".*", "$1") : ""));
            String next = signsIn ? "200 {\"access_token\":\"t\",\"expires_in\":300}" : answers.remove();
            byte[] text = next.substring(4).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(Integer.parseInt(next.substring(0, 3)), text.length);
            exchange.getResponseBody().write(text);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static PrintStream utf8(ByteArrayOutputStream stream) {
        return new PrintStream(stream, true, StandardCharsets.UTF_8);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
