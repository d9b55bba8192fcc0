package io.opsrelay.agent.triage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrderReferencesTest {
    @ParameterizedTest
    @CsvSource({
        "Refund for A-1001 please, A-1001",
        "Refund for #A-1001 please, A-1001",
        "order no. A1001, A-1001",
        "my order (a-1001) is broken, A-1001",
        "A\u20131001 typed with a dash, A-1001",
        "\uFF21-1001 in full width, A-1001",
        "Bestellung A-1001., A-1001",
        "'A-1001, please', A-1001",
        "ORD-20931 never came, ORD-20931",
        "order #20931, 20931",
        "Bestellnummer 48213377, 48213377",
        "¿Dónde está el pedido A-1001?, A-1001"
    })
    void aReferenceIsFoundAsWrittenAndNormalised(String text, String reference) {
        assertThat(OrderReferences.in(text)).containsExactly(reference);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no reference at all",
                "I paid 25.00 EUR on 2026-11-20",
                "mail me at a1001@example.org or call +49 30 123456-78",
                "it weighs 1250 grams",
                "see https://example.org/A-1001",
                "version 2.10045",
                "A-1"
            })
    void whatIsNoReferenceIsLeftAlone(String text) {
        assertThat(OrderReferences.in(text)).isEmpty();
    }

    @Test
    void severalReferencesKeepTheirOrderAndAreGivenOnce() {
        assertThat(OrderReferences.in("A-1003 and A-1001, not A-1002. Again: a1003!"))
                .isEqualTo(List.of("A-1003", "A-1001", "A-1002"));
    }

    @Test
    void aFloodOfReferencesIsCutOff() {
        var flood = IntStream.range(1_000, 3_000).mapToObj(i -> "A-" + i).collect(Collectors.joining(" "));

        assertThat(OrderReferences.in(flood)).hasSize(OrderReferences.MAX_CANDIDATES);
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void hostileTextsTakeBoundedTime(String text) {
        var found = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> OrderReferences.in(text));

        assertThat(found).hasSizeLessThanOrEqualTo(OrderReferences.MAX_CANDIDATES);
    }

    static Stream<String> hostileTexts() {
        return Stream.of(
                        "1",
                        "A",
                        "A-",
                        "#",
                        "A-1",
                        "#A-1001x",
                        "12345678901234567890",
                        "-",
                        " ",
                        "\uFDFA",
                        "a\u0301",
                        "\uD800")
                .map(piece -> piece.repeat(100_000 / piece.length()));
    }
}
