package io.opsrelay.ingestion.email.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.ingestion.email.Spool;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class JsonSieveTest {

    private static final JsonMapper JSON = JsonMapper.shared();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":\"b\",\"c\":[1,\"x\",{\"RawEmail\":\"deep\"}],\"content\":\"YQ==\"}",
                "{ \"a\" : \"\\\"RawEmail\\\":\" , \"RawEmails\":\"no\", \"x\":\"RawEmail\" }",
                "[\"RawEmail\",\"x\"]",
                "\"RawEmail\"",
                "{\"ä\":\"\\u00e4\\ud83d\\ude00 😀\",\"n\":null,\"t\":true,\"z\":-1.5e3}"
            })
    void whatIsShortPassesAsItIs(String json) throws IOException {
        JsonSieve sieve = sieve(json);

        assertThat(new String(sieve.readAllBytes(), UTF_8)).isEqualTo(json);
        assertThat(sieve.whole()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "plain",
                "ä 😀 \\u00e4 \\ud83d\\ude00",
                "\\\" \\\\ \\/ \\b \\f \\n \\r \\t",
                "\\\\\\\"",
                "\\u0041\\uFFFD\\u0000"
            })
    void aWholeMailIsDecodedAsAParserWould(String text) throws IOException {
        JsonSieve sieve = sieve("{\"a\":1, \"RawEmail\" : \"" + text + "\", \"b\":\"c\"}");

        JsonNode rest = JSON.readTree(sieve.readAllBytes());

        assertThat(rest.get("RawEmail").asString()).isEmpty();
        assertThat(rest.get("b").asString()).isEqualTo("c");
        try (Spool whole = sieve.whole()) {
            assertThat(whole.text(UTF_8, 1_000))
                    .isEqualTo(JSON.readTree("\"" + text + "\"").asString());
        }
    }

    @Test
    void halvesOfCharactersBecomeQuestionMarks() throws IOException {
        JsonSieve sieve = sieve("{\"RawEmail\":\"a\\ud83d b\\ude00 c\\ud83d\\ud83d\\ude00\\ud83d\"}");
        sieve.readAllBytes();

        try (Spool whole = sieve.whole()) {
            assertThat(whole.text(UTF_8, 1_000)).isEqualTo("a? b? c?😀?");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\\q", "a\\u12x4", "a\u0001b", "never ends"})
    void whatIsNoTextIsLeftForTheParserToRefuse(String text) throws IOException {
        boolean open = text.equals("never ends");
        JsonSieve sieve = sieve("{\"RawEmail\":\"" + text + (open ? "" : "\"}"));
        byte[] rest = sieve.readAllBytes();
        sieve.whole().close();

        assertThatThrownBy(() -> JSON.readTree(rest)).isInstanceOf(JacksonException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "ä", "\\n", "\\u00e4", "\\\"", "😀", "\\\\"})
    void aLongTextIsCutBetweenCharacters(String character) throws IOException {
        for (int shift = 0; shift < 7; shift++) {
            int times = JsonSieve.LONGEST_TEXT / character.getBytes(UTF_8).length + 1_000;
            String json = "{\"text\":\"" + ".".repeat(shift) + character.repeat(times) + "\",\"after\":\"end\"}";

            JsonNode cut = JSON.readTree(new String(sieve(json).readAllBytes(), UTF_8));

            String one = JSON.readTree("\"" + character + "\"").asString();
            String kept = cut.get("text").asString().substring(shift);
            assertThat(kept.replace(one, "")).isEmpty();
            assertThat(kept.length()).isLessThan(times * one.length());
            assertThat(cut.get("after").asString()).isEqualTo("end");
        }
    }

    @Test
    void filesPassHoweverLongAndAllElseTogetherDoesNot() throws IOException {
        String file = "A".repeat(JsonSieve.MOST + 4);
        assertThat(sieve("{\"Attachments\":[{\"Content\":\"" + file + "\"}]}").readAllBytes())
                .hasSizeGreaterThan(file.length());

        String many = "{\"Headers\":[" + "{\"Value\":\"0123456789\"},".repeat(JsonSieve.MOST / 20) + "1]}";
        assertThat(sieve(many).readAllBytes()).hasSizeLessThanOrEqualTo(JsonSieve.MOST + 1);
    }

    private static JsonSieve sieve(String json) {
        return new JsonSieve(new ByteArrayInputStream(json.getBytes(UTF_8)), "content", "RawEmail");
    }
}
