package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A connection that is kept open goes on answering, however its requests come in. */
class KeepAliveTest extends GatewayTest {

    @Test
    void aConnectionIsReadOnAfterARequestThatWaitedBehindAnotherWasAnsweredAtOnce() throws IOException {
        SERVICES.values().forEach(server -> server.stubFor(any(anyUrl()).willReturn(ok().withFixedDelay(50))));
        String slow = "GET /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nAuthorization: "
                + TestTokens.bearer("acme", "u", Role.VIEWER) + "\r\n\r\n";
        String atOnce = "GET /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (RawConnection connection = new RawConnection(port)) {
            connection.sendRaw(slow + atOnce);
            assertThat(connection.answer().status()).isEqualTo(200);
            assertThat(connection.answer().status()).isEqualTo(401);

            connection.sendRaw(atOnce);
            assertThat(connection.answer().status()).isEqualTo(401);
        }
    }
}
