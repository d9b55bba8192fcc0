package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.gateway.TestSocket;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.TestPropertySource;

/** Requests that do not come to their end. */
@TestPropertySource(properties = {"opsrelay.edge.head-timeout=1s", "opsrelay.edge.body-window=2s"})
@ExtendWith(OutputCaptureExtension.class)
class SlowRequestTest extends GatewayTest {

    private static final String HALF = "GET /api/v1/tickets HTTP/1.1\r\nHost: local";

    @BeforeEach
    void servicesAnswer() {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(1_500))));
    }

    @Test
    void aHeadThatIsNotFinishedIsAnsweredThatItIsTooLate() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(HALF);

            assertTooLate(connection);
        }
    }

    @Test
    void oneOctetNowAndThenDoesNotHelp() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(HALF);
            sendOctetsUntilAnswered(connection);

            assertTooLate(connection);
        }
    }

    @Test
    void theNextRequestOfAConnectionHasItsTimeTooAndSilenceBetweenIsNoFault() throws IOException {
        try (RawConnection connection = new RawConnection(port);
                RawConnection clock = new RawConnection(port)) {
            connection.sendRaw(whole());
            assertThat(connection.answer().status()).isEqualTo(200);
            clock.sendRaw(HALF);
            assertTooLate(clock); // more than the limit has passed

            connection.sendRaw(whole());
            assertThat(connection.answer().status()).isEqualTo(200);
            connection.sendRaw(HALF);
            assertTooLate(connection);
        }
    }

    @Test
    void theAnswerToTheRequestBeforeComesFirst() throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(whole() + HALF);
            sendOctetsUntilAnswered(connection);

            assertThat(connection.answer().status()).isEqualTo(200);
            assertTooLate(connection);
        }
    }

    @Test
    void whoDoesNotFinishABodyIsDisconnectedAndThatIsNoErrorOfOurs(CapturedOutput output) throws IOException {
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(
                    "POST /api/v1/auth/token HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                            + "Content-Length: 1000\r\n\r\n{");

            assertThat(connection.endsNow()).isTrue();
        }
        Awaitility.await().until(() -> output.getOut().contains("POST /api/v1/auth/token 400"));
        assertThat(output.getOut()).doesNotContain("reason that is ours");
    }

    @Test
    void aWebSocketIsNoRequestThatIsLate() throws IOException {
        try (TestSocket socket = TestSocket.authenticated(port, TestTokens.token("acme", "u", Role.VIEWER));
                RawConnection clock = new RawConnection(port)) {
            socket.settle();
            clock.sendRaw(HALF);
            assertTooLate(clock);

            socket.settle();
        }
    }

    private static void sendOctetsUntilAnswered(RawConnection connection) {
        Awaitility.await().pollInterval(Duration.ofMillis(200)).until(() -> {
            if (connection.hasAnswer()) {
                return true;
            }
            try {
                connection.sendRaw("h");
            } catch (IOException e) {
                return true; // it has just been answered and ended
            }
            return false;
        });
    }

    private static String whole() {
        return "GET /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + TestTokens.bearer("acme", "u", Role.VIEWER) + "\r\n\r\n";
    }

    private static void assertTooLate(RawConnection connection) throws IOException {
        RawConnection.Answer answer = connection.answer();
        assertThat(answer.status()).isEqualTo(408);
        assertThat(answer.last()).isTrue();
        assertThat(connection.endsNow()).isTrue();
    }
}
