package io.opsrelay.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficTest {

    private static final List<String> CLIENTS = List.of("acme", "globex");
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Journal journal = new Journal();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Traffic> all = new ArrayList<>();
    private final CountDownLatch over = new CountDownLatch(1);
    private HttpServer gateway;

    @BeforeEach
    void aGateway() throws IOException {
        gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        gateway.setExecutor(threads);
        answer("/api/v1/auth/token", 200, "{\"access_token\":\"t\",\"expires_in\":300}");
        gateway.start();
    }

    @AfterEach
    void ends() {
        all.forEach(Traffic::leave);
        over.countDown();
        gateway.stop(0);
        http.shutdownNow();
        threads.shutdownNow();
    }

    @Test
    void whatIsDueWhileTooManyWaitIsSkippedAndCounted() {
        gateway.createContext("/api/v1/tickets", exchange -> {
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });

        Traffic traffic = traffic(Traffic.Patience.LONG);
        var unused = threads.submit(() -> traffic.run(2000));
        await().atMost(LIMIT).until(() -> journal.load().skipped() > 100);
        traffic.leave();

        // A wish is sent twice at once now and then, so that many wishes are at least half as many senders.
        assertThat(journal.load().sent()).isBetween(Traffic.MOST_OPEN / 2L, (long) Traffic.MOST_OPEN);
        assertThat(traffic.isAnswered()).isFalse();
    }

    @Test
    void aSenderThatIsNeverServedGivesUpAndThatIsNoted() {
        answer("/api/v1/tickets", 503, "");

        Traffic traffic = traffic(new Traffic.Patience(3, Duration.ofMillis(10)));
        var unused = threads.submit(() -> traffic.run(20));
        await().atMost(LIMIT).until(() -> journal.load().givenUp().size() > 3);
        traffic.leave();

        assertThat(journal.load().givenUp()).allMatch(key -> key.startsWith("run-"));
        assertThat(journal.load().skipped()).isZero();
    }

    @Test
    void whoIsAnsweredGivesNothingUp() {
        answer("/api/v1/tickets", 202, "{\"ticket_id\":\"t1\"}");

        Traffic traffic = traffic(new Traffic.Patience(3, Duration.ofMillis(10)));
        var unused = threads.submit(() -> traffic.run(20));
        await().atMost(LIMIT).until(() -> journal.acknowledged() > 3);
        traffic.leave();
        await().atMost(LIMIT).until(traffic::isAnswered);

        assertThat(journal.load().givenUp()).isEmpty();
    }

    private Traffic traffic(Traffic.Patience patience) {
        Eyes eyes = new Eyes(CLIENTS);
        URI base = URI.create("http://127.0.0.1:" + gateway.getAddress().getPort());
        Traffic traffic = new Traffic(
                Map.of(
                        "acme", new Caller(http, base, "agent@acme.example", eyes),
                        "globex", new Caller(http, base, "agent@globex.example", eyes)),
                journal,
                new Wishes("run", new Random(1)),
                threads,
                patience);
        all.add(traffic);
        return traffic;
    }

    private void answer(String path, int status, String text) {
        gateway.createContext(path, exchange -> {
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
    }
}
