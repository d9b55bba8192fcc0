package io.opsrelay.contracts.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.contracts.ContractJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {

    @Test
    void namesAreSortedAndNothingStandsBetween() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("b", List.of(1, true, Map.of()));
        value.put("a", "x");
        value.put("B", Arrays.asList("y", null));

        assertThat(CanonicalJson.of(value)).isEqualTo("{\"B\":[\"y\",null],\"a\":\"x\",\"b\":[1,true,{}]}");
    }

    @Test
    void namesAreSortedByTheirUtf16Units() {
        assertThat(CanonicalJson.of(Map.of("\uD83D\uDE00", 1, "\uFB33", 2)))
                .isEqualTo("{\"\uD83D\uDE00\":1,\"\uFB33\":2}");
    }

    @Test
    void charactersAreEscapedAsRfc8785SaysAndNoOthers() {
        assertThat(CanonicalJson.of("\u20ac$\u000F\nA'B\"\\/\u007f")).isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\/\u007f\"");
    }

    @Test
    void whatNoDatabaseKeepsIsReplaced() {
        assertThat(CanonicalJson.of("a\u0000b\uD83Dc")).isEqualTo("\"a\uFFFDb\uFFFDc\"");
    }

    @Test
    void numbersThatADoubleMightChangeAreTexts() {
        assertThat(CanonicalJson.of(
                        List.of(0, -7, 9_007_199_254_740_992L, 9_007_199_254_740_993L, new BigDecimal("25.00"), 0.5)))
                .isEqualTo("[0,-7,9007199254740992,\"9007199254740993\",\"25.00\",\"0.5\"]");
    }

    @Test
    void itsOwnTextStaysAsItIs() {
        String text = CanonicalJson.of(Map.of("at", Instant.EPOCH, "amount", new BigDecimal("1.10")));

        assertThat(text).isEqualTo("{\"amount\":\"1.10\",\"at\":\"1970-01-01T00:00:00Z\"}");
        assertThat(CanonicalJson.of(ContractJson.mapper().readTree(text))).isEqualTo(text);
    }
}
