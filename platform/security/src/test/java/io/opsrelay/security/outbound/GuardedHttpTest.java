package io.opsrelay.security.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The real client against servers on loopback, with names that a test makes up. */
@Timeout(60)
class GuardedHttpTest {

    private static final byte[] LOOPBACK = {127, 0, 0, 1};
    private static final byte[] PUBLIC = {93, (byte) 184, (byte) 216, 34};

    private final List<String> lookedUp = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private volatile byte[][] addresses = {LOOPBACK};
    private GuardedHttp http;
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        http = new GuardedHttp(name -> {
            lookedUp.add(name);
            InetAddress[] found = new InetAddress[addresses.length];
            for (int i = 0; i < found.length; i++) {
                found[i] = InetAddress.getByAddress(name, addresses[i]);
            }
            return found;
        });
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() throws IOException {
        closing.countDown();
        server.stop(0);
        http.close();
    }

    @Test
    void theConnectionGoesToWhatTheNameWasLookedUpTo() {
        assertThat(get("/plain", true, 30_000)).isEqualTo("200 hello");

        assertThat(lookedUp).containsExactly("tool.example");
        assertThat(asked)
                .containsExactly(
                        "GET /plain tool.example:" + server.getAddress().getPort());
    }

    @Test
    void aNameThatLeadsIntoOurNetworkIsRefusedBeforeAnythingIsSent() {
        assertThatThrownBy(() -> get("/plain", false, 30_000))
                .isInstanceOfSatisfying(OutboundException.class, refused -> {
                    assertThat(refused.status()).isEqualTo("refused address");
                    assertThat(refused.reason()).contains("loopback").doesNotContain("127");
                    assertThat(refused.unwell()).isFalse();
                });
        assertThat(asked).isEmpty();
    }

    @Test
    void oneAddressInOurNetworkAmongPublicOnesIsOneTooMany() {
        addresses = new byte[][] {PUBLIC, LOOPBACK};

        assertThatThrownBy(() -> get("/plain", false, 30_000))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.status()).isEqualTo("refused address"));
        assertThat(lookedUp).containsExactly("tool.example");
    }

    @Test
    void anAddressInFiguresIsJudgedLikeAName() throws IOException {
        try (GuardedHttp real = new GuardedHttp()) {
            for (String host : List.of("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "2130706433")) {
                assertThatThrownBy(() -> real.send(
                                exchange(
                                        URI.create("http://" + host + ":"
                                                + server.getAddress().getPort() + "/plain"),
                                        false,
                                        30_000),
                                GuardedHttpTest::text))
                        .as(host)
                        .isInstanceOfSatisfying(OutboundException.class, e -> assertThat(e.status())
                                .isEqualTo("refused address"));
            }
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void aConnectionThatMayGoAnywhereIsNeverUsedByOneThatMayNot() {
        get("/plain", true, 30_000);

        assertThatThrownBy(() -> get("/plain", false, 30_000)).isInstanceOf(OutboundException.class);
        assertThat(asked).hasSize(1);
    }

    @Test
    void noRedirectIsFollowedAndNoCookieKept() {
        assertThat(get("/away", true, 30_000)).isEqualTo("302 ");
        get("/plain", true, 30_000);

        assertThat(asked).hasSize(2).noneMatch(request -> request.contains("/stolen") || request.contains("cookie"));
    }

    @Test
    void anAnswerThatDoesNotEndInTimeEndsTheExchange() {
        for (String path : List.of("/silent", "/dripping")) {
            assertThatThrownBy(() -> get(path, true, 400)).isInstanceOfSatisfying(OutboundException.class, e -> {
                assertThat(e.status()).isEqualTo("timed out");
                assertThat(e.reason()).isEqualTo("did not answer within 400 ms");
            });
        }
    }

    @Test
    void noMoreIsReadThanMayBe() {
        assertThatThrownBy(() -> get("/endless", true, 10_000))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.status()).isEqualTo("too long"));
    }

    @Test
    void brokenAndMissingConnectionsAreToldApart() throws IOException {
        assertThatThrownBy(() -> get("/dropped", true, 30_000))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.status()).isEqualTo("broken off"));
        int free;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> http.send(
                        exchange(URI.create("http://tool.example:" + free + "/"), true, 30_000), GuardedHttpTest::text))
                .isInstanceOfSatisfying(
                        OutboundException.class, e -> assertThat(e.status()).isEqualTo("unreachable"));
    }

    @Test
    void aReaderThatHasWhatItWantsDoesNotWaitForTheEnd() {
        String first = http.send(
                exchange(
                        URI.create("http://tool.example:" + server.getAddress().getPort() + "/dripping"), true, 10_000),
                (head, body) -> String.valueOf((char) body.read()));

        assertThat(first).isEqualTo("a"); // of an answer without an end
    }

    private String get(String path, boolean allowPrivate, int millis) {
        return http.send(
                exchange(
                        URI.create("http://tool.example:" + server.getAddress().getPort() + path),
                        allowPrivate,
                        millis),
                GuardedHttpTest::text);
    }

    private static String text(Exchange.Head head, java.io.InputStream body) throws IOException {
        return head.status() + " " + new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }

    private static Exchange exchange(URI uri, boolean allowPrivate, int millis) {
        return new Exchange("GET", uri, Map.of(), new byte[0], Duration.ofMillis(millis), 100_000, allowPrivate);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            String cookie = exchange.getRequestHeaders().getFirst("Cookie");
            asked.add("GET " + path + " " + exchange.getRequestHeaders().getFirst("Host")
                    + (cookie == null ? "" : " cookie"));
            switch (path) {
                case "/away" -> {
                    exchange.getResponseHeaders().add("Location", "/stolen");
                    exchange.getResponseHeaders().add("Set-Cookie", "a=b; Path=/");
                    exchange.sendResponseHeaders(302, -1);
                }
                case "/silent" -> closing.await();
                case "/dripping" -> drip(exchange, "a", 50);
                case "/endless" -> drip(exchange, "a".repeat(10_000), 0);
                case "/dropped" -> {
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write(65);
                    exchange.getResponseBody().flush();
                }
                default -> {
                    exchange.sendResponseHeaders(200, 5);
                    exchange.getResponseBody().write("hello".getBytes(StandardCharsets.UTF_8));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void drip(HttpExchange exchange, String part, int pause) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, 0);
        OutputStream out = exchange.getResponseBody();
        while (!closing.await(pause, TimeUnit.MILLISECONDS)) {
            out.write(part.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }
}
