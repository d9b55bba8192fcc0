package io.opsrelay.approval.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointBodyTest {

    private static final String URL = "https://hooks.example.com/opsrelay?x=1";

    @Test
    void aWholeOneIsTaken() {
        assertThat(new EndpointBody(URL, List.of("approval.*", "policy.changed"), "on call", true).refusals(false))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example.com",
                "http://hooks.example.com/",
                "ftp://hooks.example.com/",
                "file:///etc/passwd",
                "https:///path",
                "https://user:secret@hooks.example.com/",
                "https://hooks.example.com/#part",
                "https://hooks.example.com:0/",
                "https://hooks.example.com:70000/",
                "https://hooks example.com/",
                "https://hooks.example.com/\r\nX-Header: y",
                "javascript:alert(1)"
            })
    void anotherAddressThanOneOfHttpsIsRefused(String url) {
        assertThat(new EndpointBody(url, List.of("*"), null, null).refusals(false))
                .containsOnlyKeys("url");
    }

    @Test
    void plainHttpIsForPrivateNetworksOnly() {
        assertThat(new EndpointBody("http://10.0.0.1/", List.of("*"), null, null).refusals(true))
                .isEmpty();
        assertThat(new EndpointBody("ftp://10.0.0.1/", List.of("*"), null, null).refusals(true))
                .containsOnlyKeys("url");
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        assertThat(new EndpointBody(null, List.of(), "two\nlines", null).refusals(false))
                .containsOnlyKeys("url", "event_types", "description");
        assertThat(new EndpointBody(URL, null, "x".repeat(501), null).refusals(false))
                .containsOnlyKeys("event_types", "description");
        assertThat(new EndpointBody("https://x.example/" + "x".repeat(2_000), List.of("*"), null, null).refusals(false))
                .containsOnlyKeys("url");
    }

    @Test
    void onlyWhatCanHappenIsSubscribedTo() {
        for (String type : Arrays.asList("ticket.created", "approval", "approval.bogus", null)) {
            assertThat(new EndpointBody(URL, Arrays.asList("*", type), null, null).refusals(false))
                    .as(String.valueOf(type))
                    .containsOnlyKeys("event_types");
        }
    }
}
