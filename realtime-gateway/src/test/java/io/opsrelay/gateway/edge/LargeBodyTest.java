package io.opsrelay.gateway.edge;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.gateway.GatewayTest;
import io.opsrelay.security.Role;
import io.opsrelay.testing.TestTokens;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.Test;

/** Examples for a client's classifier come by the megabyte, and nothing else does. */
class LargeBodyTest extends GatewayTest {

    private static final String EXAMPLES = "/api/v1/agent/classifier/examples";
    private static final int MEBIBYTE = 1024 * 1024;

    @Test
    void examplesForAClassifierMayBeLargerThanOtherBodies() {
        SERVICES.get("agent-service").stubFor(any(anyUrl()).willReturn(okJson("{}")));

        assertThat(put(EXAMPLES, announced(3 * MEBIBYTE))).isEqualTo(200);
        assertThat(put(EXAMPLES, streamed(3 * MEBIBYTE))).isEqualTo(200);
        assertThat(put(EXAMPLES, announced(32 * MEBIBYTE + 1))).isEqualTo(413);
        assertThat(put(EXAMPLES + "/more", announced(MEBIBYTE + 1))).isEqualTo(413);
        assertThat(put(EXAMPLES + "/more", streamed(MEBIBYTE + 1))).isEqualTo(413);
    }

    private int put(String path, BodyPublisher body) {
        return send(request(path)
                        .headers("Authorization", TestTokens.bearer("acme", "admin@acme.example", Role.ADMIN))
                        .headers("Content-Type", "text/csv")
                        .PUT(body))
                .statusCode();
    }

    private static BodyPublisher announced(int bytes) {
        return BodyPublishers.ofByteArray(new byte[bytes]);
    }

    private static BodyPublisher streamed(int bytes) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(new byte[bytes]));
    }
}
