package io.opsrelay.action.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignatureTest {

    /** The example of the Standard Webhooks libraries. */
    @Test
    void aRequestIsSignedAsStandardWebhooksAre() {
        assertThat(Signature.headers(
                        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                        "msg_p5jXN8AQM9LWM0D4loKWxJek",
                        Instant.ofEpochSecond(1_614_265_330),
                        "{\"test\": 2432232314}".getBytes(StandardCharsets.UTF_8)))
                .containsEntry("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek")
                .containsEntry("Webhook-Timestamp", "1614265330")
                .containsEntry("Webhook-Signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
