package io.opsrelay.action.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalArgumentsTest {

    @Test
    void theOrderOfFieldsDoesNotMatterToTheHash() {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("order_id", "A-1");
        one.put("amount", "25.00");
        Map<String, Object> other = new LinkedHashMap<>();
        other.put("amount", "25.00");
        other.put("order_id", "A-1");

        assertThat(CanonicalArguments.of(one)).isEqualTo(CanonicalArguments.of(other));
        assertThat(CanonicalArguments.of(one).json()).isEqualTo("{\"amount\":\"25.00\",\"order_id\":\"A-1\"}");
        // sha256sum of those bytes
        assertThat(CanonicalArguments.of(one).hash())
                .hasSize(64)
                .isEqualTo(CanonicalArguments.of(other).hash());
    }

    @Test
    void anyOtherAmountHasAnotherHash() {
        assertThat(CanonicalArguments.of(Map.of("amount", "25.00")).hash())
                .isNotEqualTo(CanonicalArguments.of(Map.of("amount", "25.01")).hash())
                .isNotEqualTo(CanonicalArguments.of(Map.of("amount", "25.0")).hash());
    }

    @Test
    void whatIsHashedIsWhatIsExecuted() {
        Map<String, Object> arguments = Map.of("order_id", "Ä-1 \"quoted\"", "amount", "1.00");

        assertThat(CanonicalArguments.of(arguments).arguments()).isEqualTo(arguments);
    }
}
