package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.WireMockServer;
import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.context.TestPropertySource;

/**
 * Bodies that take longer than a head, an answer or a span of time may. Where a service must not read for a while, a bare
 * socket plays agent-service.
 */
@TestPropertySource(
        properties = {
            "opsrelay.edge.body-window=4s",
            "opsrelay.edge.body-rate=200B",
            "opsrelay.routes.services.ingestion-service.response-timeout=6s"
        })
class UploadTest extends GatewayTest {

    private static final String PIECE = "x".repeat(100);
    private static final int LARGE = 30 * 1024 * 1024;
    private static final ServerSocket HESITANT = listening();

    private final WireMockServer ingestion = SERVICES.get("ingestion-service");
    private final String bearer = TestTokens.bearer("acme", "agent@acme.example", Role.ADMIN);

    @DynamicPropertySource
    static void hesitant(DynamicPropertyRegistry registry) {
        registry.add("opsrelay.routes.services.agent-service.url", () -> "http://127.0.0.1:" + HESITANT.getLocalPort());
    }

    @AfterAll
    static void closeHesitant() throws IOException {
        HESITANT.close();
    }

    @BeforeEach
    void servicesAnswer() {
        ingestion.stubFor(any(anyUrl()).willReturn(ok()));
    }

    @Test
    void aBodyThatComesSlowlyButSteadilyPassesHoweverLongItTakes() throws IOException {
        int pieces = 100;
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(head("/api/v1/tickets", pieces * PIECE.length()));
            AtomicInteger sent = new AtomicInteger();
            // 10 s altogether: longer than a service has for its answer, and than two spans of time.
            Awaitility.await().pollInterval(Duration.ofMillis(100)).until(() -> {
                connection.sendRaw(PIECE);
                return sent.incrementAndGet() == pieces;
            });

            assertThat(connection.answer().status()).isEqualTo(200);
        }
        ingestion.verify(
                1, postRequestedFor(urlEqualTo("/api/v1/tickets")).withRequestBody(equalTo(PIECE.repeat(pieces))));
    }

    @Test
    void oneThatOnlyDripsIsEndedAndTheServiceIsNotToBlame() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(head("/api/v1/tickets", 1_000_000));
            Awaitility.await().pollInterval(Duration.ofMillis(200)).until(() -> {
                try {
                    connection.sendRaw("x");
                    return false;
                } catch (IOException e) {
                    return true; // it was ended
                }
            });

            assertThat(connection.endsNow()).isTrue();
        }
        ingestion.verify(0, postRequestedFor(anyUrl()));
        assertThat(get("/api/v1/tickets", "Authorization", bearer).statusCode()).isEqualTo(200);
    }

    @Test
    void theTimeInWhichAServiceDoesNotReadIsNotTheCallers() {
        CountDownLatch reads = new CountDownLatch(1);
        Thread.ofVirtual().start(() -> answerAll(reads));
        CompletableFuture<Integer> status =
                CompletableFuture.supplyAsync(() -> send(request("/api/v1/agent/classifier/examples")
                                .headers("Authorization", bearer, "Content-Type", "text/csv")
                                .PUT(BodyPublishers.ofByteArray(new byte[LARGE])))
                        .statusCode());
        try {
            Awaitility.await().during(Duration.ofSeconds(10)).until(() -> !status.isDone());
        } finally {
            reads.countDown();
        }

        assertThat(status).succeedsWithin(Duration.ofSeconds(60)).isEqualTo(200);
    }

    @Test
    void whatIsLargeMayBeAnsweredLater() {
        ingestion.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(9_000)));
        String attachments = "/api/v1/tickets/0190c2a4-0000-7000-8000-000000000000/attachments";

        assertThat(post(attachments, "{}", "Authorization", bearer).statusCode())
                .isEqualTo(200);
        assertThat(post("/api/v1/tickets", "{}", "Authorization", bearer).statusCode())
                .isEqualTo(503);
    }

    private String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: "
                + bearer + "\r\nContent-Length: " + length + "\r\n\r\n";
    }

    private static ServerSocket listening() {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReceiveBufferSize(16 * 1024);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes connections, reads what comes over them once it may, and answers. */
    private static void answerAll(CountDownLatch reads) {
        try {
            while (true) {
                Socket socket = HESITANT.accept();
                Thread.ofVirtual().start(() -> answer(socket, reads));
            }
        } catch (IOException e) {
            // It was closed.
        }
    }

    private static void answer(Socket socket, CountDownLatch reads) {
        try (socket) {
            reads.await();
            InputStream in = socket.getInputStream();
            long length = 0;
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                    length = Long.parseLong(line.substring(15).strip());
                }
            }
            in.skipNBytes(length);
            socket.getOutputStream()
                    .write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            // The gateway asks no more, such as for the service's health.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("closed after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }
}
