package io.opsrelay.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** A gateway that ends TLS itself, with a certificate that it signed itself. */
@DirtiesContext
class TlsTest extends GatewayTest {

    private static final String PASSWORD = "of-the-test";

    @TempDir
    static Path folder;

    @DynamicPropertySource
    static void bundle(DynamicPropertyRegistry registry) throws IOException, InterruptedException {
        Path store = folder.resolve("gateway.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "gateway",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-validity",
                        "2",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        registry.add("server.ssl.bundle", () -> "gateway");
        registry.add("spring.ssl.bundle.jks.gateway.keystore.location", store::toUri);
        registry.add("spring.ssl.bundle.jks.gateway.keystore.password", () -> PASSWORD);
        registry.add("spring.ssl.bundle.jks.gateway.keystore.type", () -> "PKCS12");
    }

    @Test
    void whatIsAskedByTlsIsAnsweredByTlsAndBrowsersAreToldToStayThere()
            throws IOException, InterruptedException, GeneralSecurityException {
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build()) {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + port + "/api/v1/tickets"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(response.statusCode()).isEqualTo(401);
            assertThat(response.sslSession()).isPresent();
            assertThat(response.headers()
                            .firstValue("Strict-Transport-Security")
                            .orElseThrow())
                    .contains("max-age=31536000");
        }
    }

    @Test
    void theLiveFeedIsServedByTlsTooAndByNothingElseAtThatPort() throws IOException, GeneralSecurityException {
        String client = "acme-" + UUID.randomUUID().toString().substring(0, 8);
        String token = TestTokens.token(client, "u", Role.VIEWER);
        try (HttpClient http = HttpClient.newBuilder().sslContext(trusting()).build();
                TestSocket socket =
                        TestSocket.connect(http, URI.create("wss://127.0.0.1:" + port + "/api/v1/stream"))) {
            socket.authenticate(token).subscribe("tickets");
            for (int n = 0; n < 20; n++) {
                feedWriter().send(client, "tickets", "ticket_updated", "t-1", "{\"n\":" + n + "}");
            }
            socket.await(frame -> frame.at("/data/n").asInt(-1) == 19);

            assertThat(socket.received().stream()
                            .filter(frame -> TestSocket.type(frame).equals("ticket_updated"))
                            .map(frame -> frame.at("/data/n").asInt()))
                    .containsExactlyElementsOf(IntStream.range(0, 20).boxed().toList());
            assertThatThrownBy(() -> TestSocket.connect(port, "/api/v1/stream")).isInstanceOf(Exception.class);
        }
    }

    private static SSLContext trusting() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("gateway.p12"))) {
            store.load(in, PASSWORD.toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("gateway", store.getCertificate("gateway"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }
}
