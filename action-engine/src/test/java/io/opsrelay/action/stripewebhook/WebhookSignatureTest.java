package io.opsrelay.action.stripewebhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.stripe.net.Webhook;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signatures as Stripe's own library makes them. */
class WebhookSignatureTest {

    private static final String SECRET = "whsec_one";
    private static final String BODY = "{\"type\":\"refund.updated\",\"name\":\"Zoë\"}";
    private static final Instant NOW = Instant.parse("2026-11-26T12:00:00Z");

    @Test
    void whatTheSecretsHolderSignedJustNowIsGood() throws Exception {
        assertThat(objection(signed(BODY, SECRET, NOW), BODY)).isNull();
    }

    @Test
    void anyOfSeveralSecretsAndSignaturesIsEnough() throws Exception {
        String old = signed(BODY, "whsec_old", NOW);
        String both = signed(BODY, "whsec_new", NOW) + "," + old.substring(old.indexOf("v1="));

        assertThat(WebhookSignature.objection(both, bytes(BODY), List.of("whsec_x", "whsec_old"), NOW))
                .isNull();
    }

    @Test
    void anotherSecretOrBodyIsRefused() throws Exception {
        assertThat(objection(signed(BODY, "whsec_two", NOW), BODY)).contains("no signature");
        assertThat(objection(signed(BODY, SECRET, NOW), BODY + " ")).contains("no signature");
        assertThat(WebhookSignature.objection(signed(BODY, SECRET, NOW), bytes(BODY), List.of(), NOW))
                .contains("no signature");
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, 86_400})
    void anOldOrFutureSignatureIsRefused(long seconds) throws Exception {
        assertThat(objection(signed(BODY, SECRET, NOW.plusSeconds(seconds)), BODY))
                .contains("5 minutes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 0, 300})
    void fiveMinutesAreAllowedEitherWay(long seconds) throws Exception {
        assertThat(objection(signed(BODY, SECRET, NOW.plusSeconds(seconds)), BODY))
                .isNull();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "t=1",
                "v1=aa",
                "t=x,v1=aa",
                "t=99999999999999999,v1=aa",
                "t=1,t=2,v1=aa",
                "t=1,v1=zz",
                "t=1,v0=aa",
                ",,,",
                "t=-1,v1=aa"
            })
    void aHeaderOfAnotherFormIsRefused(@Nullable String header) {
        assertThat(objection(header, BODY)).contains("Stripe-Signature");
    }

    @Test
    void anotherSchemeProvesNothing() throws Exception {
        assertThat(objection(signed(BODY, SECRET, NOW).replace("v1=", "v0="), BODY))
                .isNotNull();
    }

    private static @Nullable String objection(@Nullable String header, String body) {
        return WebhookSignature.objection(header, bytes(body), List.of(SECRET), NOW);
    }

    private static String signed(String body, String secret, Instant at) throws Exception {
        return Webhook.Signature.generateSignatureHeader(body, secret, at.getEpochSecond());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
