package io.opsrelay.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class SecretTest {

    /** The example that the libraries of Standard Webhooks are tested with. */
    @Test
    void itSignsAsStandardWebhooksSays() {
        Secret secret = new Secret(Base64.getDecoder().decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"));

        assertThat(Secret.signatures(
                        List.of(secret), "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}"))
                .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    @Test
    void eachSecretInUseSignsTheNewestFirst() {
        Secret one = Secret.random(new SecureRandom());
        Secret other = Secret.random(new SecureRandom());

        assertThat(Secret.signatures(List.of(one, other), "m", 1, "{}"))
                .isEqualTo(Secret.signatures(List.of(one), "m", 1, "{}")
                        + " "
                        + Secret.signatures(List.of(other), "m", 1, "{}"));
    }

    @Test
    void itIsShownInTheFormThatLibrariesTake() {
        assertThat(Secret.random(new SecureRandom()).shown()).matches("whsec_[A-Za-z0-9+/]{43}=");
    }
}
