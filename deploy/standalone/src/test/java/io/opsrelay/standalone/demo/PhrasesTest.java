package io.opsrelay.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PhrasesTest {

    @ParameterizedTest
    @EnumSource
    void everyLanguageHasSeveralWordingsOfEveryKind(Language language) {
        Phrases phrases = Phrases.in(language);
        Random always = new Random(1) {
            @Override
            public double nextDouble() {
                return 0;
            }
        };
        for (Kind kind : Kind.values()) {
            assertThat(phrases.of(kind.code() + ".subject"))
                    .hasSizeGreaterThan(3)
                    .doesNotHaveDuplicates();
            assertThat(phrases.of(kind.code() + ".core")).hasSizeGreaterThan(5).doesNotHaveDuplicates();
            assertThat(phrases.of(kind.code() + ".detail"))
                    .hasSizeGreaterThan(3)
                    .doesNotHaveDuplicates();
            if (kind.drawAgain(always)) {
                assertThat(phrases.of(kind.againSection())).hasSizeGreaterThan(2);
            }
        }
        for (String reasons : new String[] {"approve", "reject", "edit", "respond"}) {
            assertThat(phrases.of(reasons)).hasSizeGreaterThan(2);
        }
    }

    @Test
    void aThingThatBeginsASentenceIsWrittenLargeAndAServiceIsNot() {
        Phrases phrases = Phrases.in(Language.DE);
        Map<String, String> values = Map.of("product", "die Lampe", "service", "user-auth");

        assertThat(phrases.fill("{product} kam, {product} ging", values)).isEqualTo("Die Lampe kam, die Lampe ging");
        assertThat(phrases.fill("{service} ist weg", values)).isEqualTo("user-auth ist weg");
    }
}
