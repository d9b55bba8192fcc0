package io.opsrelay.action.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

    @Test
    void aValueStaysWithinItsPlace() {
        assertThat(Addresses.filled("https://a.example/x/{id}?q={q}", Map.of("id", "a/b?c#d", "q", "1&admin=1")))
                .hasToString("https://a.example/x/a%2Fb%3Fc%23d?q=1%26admin%3D1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "../admin", "a/../b", "x\\..", ""})
    void aValueThatWouldLeadElsewhereIsRefused(String value) {
        assertThatThrownBy(() -> Addresses.filled("https://a.example/x/{id}/y", Map.of("id", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id must not lead elsewhere");
    }
}
