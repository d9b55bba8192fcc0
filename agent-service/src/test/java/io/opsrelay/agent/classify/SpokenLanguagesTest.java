package io.opsrelay.agent.classify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpokenLanguagesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "it | Abbiamo rimborsato tutto il suo ordine.",
                "pt | O seu dinheiro foi devolvido na semana passada.",
                "nl | Wij hebben uw bestelling geannuleerd en het geld teruggestort.",
                "pl | Zwróciliśmy pieniądze za Państwa zamówienie.",
                "ru | Мы вернули вам деньги за ваш заказ.",
                "de | Wir haben Ihre Bestellung bekommen und melden uns bald."
            })
    void anotherLanguageThanTheOneAskedForIsTold(String language, String text) {
        assertThat(SpokenLanguages.otherThan("en", text)).hasValue(language);
        assertThat(SpokenLanguages.otherThan(language, text)).isEmpty();
        assertThat(SpokenLanguages.otherThan(
                        "en", "Thank you for your message about your order. ".repeat(8) + text.repeat(3)))
                .hasValue(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "OK", "Ciao!", "[NAME_1] A-1001 25.00 EUR https://help.acme.example/refunds", "1234567890"})
    void whatIsTooShortToTellIsInNoOtherLanguage(String text) {
        assertThat(SpokenLanguages.otherThan("en", text)).isEmpty();
    }

    /** A reply that is refused without reason costs an answer of the model, and in the end the model's wording. */
    @Test
    void whatIsWrittenInTheLanguageAskedForIsTakenForItAllButAlways() throws IOException {
        List<String[]> texts;
        try (InputStream file = Objects.requireNonNull(getClass().getResourceAsStream("/triage/held-back.tsv"))) {
            texts = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .map(line -> line.split("\t"))
                    .toList();
        }

        List<String> mistaken = texts.stream()
                .filter(text -> SpokenLanguages.otherThan(text[1], text[4]).isPresent())
                .map(text -> text[1] + " " + SpokenLanguages.otherThan(text[1], text[4]) + " " + text[4])
                .toList();

        assertThat(texts).hasSizeGreaterThan(300);
        assertThat(mistaken).as("of %s", texts.size()).hasSizeLessThanOrEqualTo(texts.size() / 200);
    }
}
