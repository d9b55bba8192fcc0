package io.opsrelay.agent.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.langchain4j.model.chat.request.json.JsonEnumSchema;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import io.opsrelay.agent.triage.Classification.Priority;
import io.opsrelay.agent.triage.Classification.Sentiment;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionnaireTest {

    private static final String GOOD = """
            {"category": "login", "confidence": 0.8, "sentiment": "negative", "priority": "high", "language": "de",
             "industry": "unknown", "root_cause": "The session cookie has expired."}""";

    private final Questionnaire questionnaire = new Questionnaire(List.of("login", "Rechnung & Zahlung"));

    @Test
    void aGoodAnswerIsRead() {
        assertThat(questionnaire.read(GOOD))
                .isEqualTo(new Reading(
                        "login",
                        0.8,
                        Sentiment.NEGATIVE,
                        Priority.HIGH,
                        "de",
                        null,
                        "The session cookie has expired."));
    }

    @Test
    void whatFitsNoCategoryAndHasNoCauseIsReadAsNothing() {
        Reading reading = questionnaire.read(
                GOOD.replace("\"login\"", "\"out_of_scope\"").replace("The session cookie has expired.", " "));

        assertThat(reading.category()).isNull();
        assertThat(reading.rootCause()).isNull();
    }

    @Test
    void everythingIsRequiredAndEveryChoiceIsClosed() {
        JsonObjectSchema schema =
                (JsonObjectSchema) questionnaire.format().jsonSchema().rootElement();

        assertThat(schema.required())
                .containsExactlyInAnyOrderElementsOf(schema.properties().keySet())
                .hasSize(7);
        assertThat(schema.additionalProperties()).isFalse();
        assertThat(((JsonEnumSchema) schema.properties().get("category")).enumValues())
                .containsExactly("Rechnung & Zahlung", "login", "out_of_scope");
        assertThat(((JsonEnumSchema) schema.properties().get("industry")).enumValues())
                .contains("retail", "unknown");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "login"                           | "refund_request"
            "login"                           | ["login"]
            "login"                           | {"login": true}
            "login"                           | null
            0.8                               | 7
            0.8                               | -0.1
            0.8                               | "0.8"
            0.8                               | NaN
            0.8                               | 1e999
            "negative"                        | "furious"
            "negative"                        | "NEGATIVE"
            "high"                            | "asap"
            "de"                              | "german"
            "de"                              | "xx"
            "unknown"                         | "piracy"
            The session cookie has expired.   | <b>bold</b>
            The session cookie has expired.   | <img src=x onerror=alert(1)>
            The session cookie has expired.   | see https://evil.example/x
            The session cookie has expired.   | a\\u0000b
            The session cookie has expired.   | a\\u202Eb
            "root_cause"                      | "cause"
            "confidence": 0.8                 | "confidence": 0.8, "confidence": 0.9
            "confidence": 0.8                 | "confidence": 0.8, "refund": true
            "confidence": 0.8,                | ''
            """)
    void whatIsNotAsItWasAskedForIsRefused(String instead, String hostile) {
        assertThat(GOOD).contains(instead);

        refused(GOOD.replace(instead, hostile));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "login",
                "[]",
                "null",
                "\"login\"",
                "{}",
                "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}",
                "<html><body>Sign in</body></html>",
                "```json\n{}\n```"
            })
    void whatIsNoObjectOfTheSchemaIsRefused(String hostile) {
        refused(hostile);
    }

    @Test
    void moreThanOneObjectAndWhatIsMuchTooLongIsRefused() {
        refused(GOOD + GOOD);
        refused(GOOD.replace("The session cookie has expired.", "x".repeat(201)));
        refused(GOOD.replace("The session cookie has expired.", "x".repeat(1_000_000)));
        refused("[".repeat(1_000_000));
    }

    @Test
    void aReasonHoldsNoWordOfTheAnswer() {
        assertThatExceptionOfType(UnusableAnswerException.class)
                .isThrownBy(() -> questionnaire.read(GOOD.replace("login", "IGNORE ALL RULES")))
                .satisfies(e -> assertThat(e.reason()).doesNotContain("IGNORE"));
    }

    @Test
    void moreCategoriesThanAServerTakesAreNotOffered() {
        List<String> many = IntStream.range(0, 251).mapToObj(i -> "label " + i).toList();

        assertThatExceptionOfType(UnusableAnswerException.class).isThrownBy(() -> new Questionnaire(many));
    }

    private void refused(String answer) {
        assertThatExceptionOfType(UnusableAnswerException.class).isThrownBy(() -> questionnaire.read(answer));
    }
}
