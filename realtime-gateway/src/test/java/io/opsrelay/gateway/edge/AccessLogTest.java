package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class AccessLogTest extends GatewayTest {

    private final String id = UUID.randomUUID().toString();
    private final String bearer = TestTokens.bearer("acme", "viewer@acme.example", Role.VIEWER);

    @BeforeEach
    void servicesAnswer() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok())));
    }

    @Test
    void aRequestIsOneLineWithWhoAndWhatButWithoutWhatIsSecret(CapturedOutput output) {
        get("/api/v1/tickets/7?text=my+password", "Authorization", bearer, "X-Request-Id", id);

        assertThat(line(output))
                .containsPattern("GET /api/v1/tickets/7 200 \\d+ ms client=acme user=viewer@acme.example request=" + id)
                .doesNotContain("password")
                .doesNotContain(bearer.substring(20));
    }

    @Test
    void aRefusedRequestIsALineWithTheStatusThatWasAnswered(CapturedOutput output) {
        get("/api/v1/nothing", "Authorization", bearer, "X-Request-Id", id);
        assertThat(line(output)).contains("GET /api/v1/nothing 404 ", "client=acme");
    }

    @Test
    void withoutAGoodTokenNobodyIsNamed(CapturedOutput output) {
        get("/api/v1/tickets", "Authorization", "Bearer forged", "X-Request-Id", id);
        assertThat(line(output)).contains("GET /api/v1/tickets 401 ", "client=- user=-");
    }

    @Test
    void aWebSocketIsALineWhenItCloses(CapturedOutput output) {
        TestSocket.connect(port, "/ws", "X-Request-Id", id).close();
        assertThat(line(output)).contains("GET /ws 101 ");
    }

    /** Written after the answer was sent. */
    private String line(CapturedOutput output) {
        Awaitility.await().until(() -> output.getAll().contains("request=" + id));
        return output.getAll()
                .lines()
                .filter(line -> line.contains("request=" + id))
                .findFirst()
                .orElseThrow();
    }
}
