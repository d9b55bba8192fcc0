package io.opsrelay.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DashboardPropertiesTest {

    private static final Duration USUAL = Duration.ofSeconds(30);

    @Test
    void whatIsNotSetIsThePagesOwn() {
        assertThat(new DashboardProperties("", "", USUAL, true).otherOrigins()).isEmpty();
    }

    @Test
    void otherOriginsAreThoseOfTheApiAndOfTheStreamWithoutItsPath() {
        assertThat(new DashboardProperties("https://api.example", "wss://stream.example:8443/ws", USUAL, true)
                        .otherOrigins())
                .containsExactly("https://api.example", "wss://stream.example:8443");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api.example",
                "https://api.example/",
                "https://api.example/v1",
                "ftp://api.example",
                "https://user@api.example",
                "https://api.example; script-src *"
            })
    void anApiThatIsNoOriginIsRefusedAtTheStart(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DashboardProperties(address, "", USUAL, true));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stream.example", "https://stream.example/ws", "wss:///ws"})
    void aStreamThatIsNoWebSocketIsRefusedAtTheStart(String address) {
        assertThatIllegalArgumentException().isThrownBy(() -> new DashboardProperties("", address, USUAL, true));
    }

    @Test
    void anIntervalThatWouldOverloadOrNeverRefreshIsRefusedAtTheStart() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardProperties("", "", Duration.ofMillis(999), true));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DashboardProperties("", "", Duration.ofHours(2), true));
    }
}
