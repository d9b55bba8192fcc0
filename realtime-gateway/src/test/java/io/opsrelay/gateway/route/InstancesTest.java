package io.opsrelay.gateway.route;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.http.Fault;
import io.micrometer.core.instrument.MeterRegistry;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Two of the played services serve as two instances of ingestion-service. */
@DirtiesContext
class InstancesTest extends GatewayTest {

    private static final String SERVICE = "ingestion-service";

    @TempDir
    static Path folder;

    private final WireMockServer one = SERVICES.get(SERVICE);
    private final WireMockServer two = SERVICES.get("agent-service");
    private final String bearer = TestTokens.bearer("acme", "admin@acme.example", Role.ADMIN);

    @Autowired
    private Instances instances;

    @Autowired
    private MeterRegistry meters;

    @DynamicPropertySource
    static void instancesFile(DynamicPropertyRegistry registry) {
        registry.add("OPSRELAY_INSTANCES", () -> file().toString());
    }

    @BeforeEach
    void servicesAnswer() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
        list("{}");
        Awaitility.await().until(() -> instances.of(SERVICE).equals(List.of(URI.create(one.baseUrl()))));
    }

    @Test
    void requestsAreSpreadOverTheInstancesThatAreListed() {
        listed(one.baseUrl(), two.baseUrl());

        for (int n = 0; n < 10; n++) {
            assertThat(get("/api/v1/tickets/a%20b?q=%C3%A4", "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(200);
        }
        one.verify(5, anyRequestedFor(urlEqualTo("/api/v1/tickets/a%20b?q=%C3%A4")));
        two.verify(5, anyRequestedFor(urlEqualTo("/api/v1/tickets/a%20b?q=%C3%A4")));
    }

    @Test
    void aServiceThatIsNotListedIsWhereItWasConfigured() {
        listed(two.baseUrl());

        assertThat(get("/api/v1/approvals", "Authorization", bearer).statusCode())
                .isEqualTo(200);
        SERVICES.get("approval-service").verify(1, anyRequestedFor(anyUrl()));
    }

    @Test
    void whereNobodyIsListedTheAnswerIs503AndHealthSaysSo() {
        listed();

        HttpResponse<String> response = get("/api/v1/tickets", "Authorization", bearer);

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(json(response).get("service").asString()).isEqualTo(SERVICE);
        one.verify(0, anyRequestedFor(anyUrl()));
        // The answer before may still be told for a moment.
        Awaitility.await().untilAsserted(() -> assertThat(stateOf(SERVICE)).isEqualTo("down"));
        listed(unreachable(), two.baseUrl());
        Awaitility.await().untilAsserted(() -> assertThat(stateOf(SERVICE)).isEqualTo("up"));
    }

    @Test
    void aFileThatIsBrokenOrGoneChangesNothingAndIsCounted() throws IOException {
        listed(two.baseUrl());
        for (String broken : List.of(
                "",
                "{\"ingestion-service\":[\"http://127.0.0",
                "null",
                "[]",
                "{\"ingestion-service\":null}",
                "{\"ingestion-service\":[null]}",
                "{\"ingestion-service\":[\"ftp://127.0.0.1\"]}",
                "{\"ingestion-service\":[\"/path\"]}")) {
            double before = unusable();
            list(broken);
            Awaitility.await().untilAsserted(() -> assertThat(unusable()).isEqualTo(before + 1));
            assertThat(instances.of(SERVICE)).containsExactly(URI.create(two.baseUrl()));
        }
        double before = unusable();
        Files.delete(file());
        Awaitility.await().untilAsserted(() -> assertThat(unusable()).isEqualTo(before + 1));
        assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode()).isEqualTo(200);
        two.verify(1, anyRequestedFor(urlEqualTo("/api/v1/tickets")));

        listed(one.baseUrl());
    }

    @Test
    void aRequestThatFoundNoConnectionGoesToAnotherInstanceWithItsBody() {
        listed(unreachable(), two.baseUrl());

        for (int n = 0; n < 4; n++) {
            assertThat(post("/api/v1/tickets", "{\"n\":" + n + "}", "Authorization", bearer)
                            .statusCode())
                    .isEqualTo(200);
        }
        for (int n = 0; n < 4; n++) {
            two.verify(1, postRequestedFor(anyUrl()).withRequestBody(equalTo("{\"n\":" + n + "}")));
        }
        assertThat(meters.counter(RouteMetric.PASSED_ON.id(), "service", SERVICE)
                        .count())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void aRequestThatAnInstanceMayHaveReceivedIsNotSentAgain() {
        one.stubFor(any(anyUrl()).willReturn(ok().withFault(Fault.CONNECTION_RESET_BY_PEER)));
        listed(one.baseUrl(), two.baseUrl());

        List<Integer> answers = Stream.generate(() ->
                        post("/api/v1/tickets", "{}", "Authorization", bearer).statusCode())
                .limit(4)
                .toList();

        assertThat(answers).containsExactlyInAnyOrder(200, 200, 503, 503);
        one.verify(2, postRequestedFor(anyUrl()));
        two.verify(2, postRequestedFor(anyUrl()));
    }

    @Test
    void anInstanceThatLeavesAnswersWhatItHasAndIsSentNothingMore() throws IOException {
        try (KeptOpen leaving = new KeptOpen()) {
            listed(leaving.url());
            CompletableFuture<HttpResponse<String>> running =
                    CompletableFuture.supplyAsync(() -> get("/api/v1/tickets", "Authorization", bearer));
            leaving.awaitRequest();

            listed(two.baseUrl());
            assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode())
                    .isEqualTo(200);
            two.verify(1, anyRequestedFor(anyUrl()));
            leaving.answer();

            assertThat(running.join().statusCode()).isEqualTo(200);
            leaving.awaitEnd();
        }
    }

    @Test
    void theIdleConnectionsOfAnInstanceThatLeavesAreClosed() throws IOException {
        try (KeptOpen leaving = new KeptOpen()) {
            listed(leaving.url());
            leaving.answer();
            assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode())
                    .isEqualTo(200);

            listed(two.baseUrl());
            leaving.awaitEnd();
        }
    }

    private static Path file() {
        return folder.resolve("instances.json");
    }

    private void listed(String... urls) {
        list(JSON.writeValueAsString(Map.of(SERVICE, urls)));
        Awaitility.await().untilAsserted(() -> assertThat(instances.of(SERVICE))
                .containsExactly(Stream.of(urls).map(URI::create).toArray(URI[]::new)));
    }

    private static void list(String content) {
        try {
            Path written = Files.writeString(folder.resolve("instances.json.new"), content);
            Files.move(written, file(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private double unusable() {
        return meters.counter(RouteMetric.INSTANCES_UNUSABLE.id()).count();
    }

    private static String unreachable() {
        return ServiceDownTest.NOBODY;
    }

    /** An instance that takes one connection, answers one request when told, and would answer more. */
    private static final class KeptOpen implements AutoCloseable {

        private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        private final CompletableFuture<Void> asked = new CompletableFuture<>();
        private final CompletableFuture<Void> answer = new CompletableFuture<>();
        private final CompletableFuture<Integer> afterwards = new CompletableFuture<>();

        KeptOpen() throws IOException {
            Thread.ofVirtual().start(this::serve);
        }

        private void serve() {
            try (Socket connection = listener.accept()) {
                byte[] request = new byte[16 * 1024];
                connection.getInputStream().read(request);
                asked.complete(null);
                answer.get();
                connection
                        .getOutputStream()
                        .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".getBytes(StandardCharsets.US_ASCII));
                afterwards.complete(connection.getInputStream().read());
            } catch (IOException | ExecutionException e) {
                afterwards.completeExceptionally(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        String url() {
            return "http://127.0.0.1:" + listener.getLocalPort();
        }

        void awaitRequest() {
            asked.join();
        }

        void answer() {
            answer.complete(null);
        }

        /** The connection was closed without another request. */
        void awaitEnd() {
            Awaitility.await().until(afterwards::isDone);
            assertThat(afterwards.join()).isEqualTo(-1);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private String stateOf(String service) {
        return json(get("/api/health"))
                .get("services")
                .valueStream()
                .filter(one -> one.get("name").asString().equals(service))
                .findFirst()
                .orElseThrow()
                .get("status")
                .asString();
    }
}
