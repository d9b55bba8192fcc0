package io.opsrelay.agent.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

    /** Far above what any of these takes on a slow machine; what grows with the square of the text takes minutes. */
    private static final Duration BOUND = Duration.ofSeconds(20);

    private static final List<String> PIECES = List.of(
            "jane.doe@example.org",
            "JANE.DOE@example.org",
            "4111 1111 1111 1111",
            "4111111111111111",
            "DE89 3704 0044 0532 0130 00",
            "+49 30 23125432",
            "(415) 555-2671",
            "123-45-6789",
            "203.0.113.42",
            "2001:db8::8a2e:370:7334",
            "Hauptstraße 12, 10115 Berlin",
            "221B Baker Street",
            "my name is Jane Doe",
            "Mr Smith",
            "\nKind regards,\nJane Doe\n",
            "[EMAIL_1]",
            "[CARD_2]",
            "[NATIONAL_ID_1]",
            "[",
            "]",
            "A-1001",
            "2026-11-20",
            "25.00 EUR",
            "lamp",
            "défaut",
            "ß",
            "\u200B",
            "\u202E",
            "\uFEFF",
            "\uD83D\uDE00",
            "\uD800",
            "\u0000",
            "e\u0301",
            "１２３４",
            "٤٥٦",
            "我的邮箱是",
            "بريدي",
            "@",
            ".",
            ",",
            "-",
            "\r\n",
            "\t",
            "(at)",
            "$1",
            "\\");

    private final Redactor redactor = Redactor.shipped();

    @ParameterizedTest
    @MethodSource("seeds")
    void whatWasTakenOutCanBePutBackAndIsNowhereElse(int seed) {
        String text = generated(new Random(seed));

        Redacted redacted = redactor.redact(text);

        assertThat(redacted.mapping().restore(redacted.text())).isEqualTo(text);
        int from = 0;
        for (Redacted.Redaction redaction : redacted.redactions()) {
            assertThat(redaction.start()).isGreaterThanOrEqualTo(from);
            from = redaction.end();
            String value = text.substring(redaction.start(), redaction.end());
            assertThat(redacted.mapping().values()).containsValue(value);
            if (redaction.kind().personal() && value.length() > 3) {
                assertThat(standsAlone(value, redacted.text()))
                        .as("%s in %s", value, redacted.text())
                        .isFalse();
            }
        }
        assertThat(redacted.unexamined()).isZero();
    }

    static IntStream seeds() {
        return IntStream.range(0, 400);
    }

    private static String generated(Random random) {
        StringBuilder text = new StringBuilder();
        int pieces = 1 + random.nextInt(24);
        for (int i = 0; i < pieces; i++) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
            text.append(random.nextInt(4) == 0 ? "" : " ");
        }
        return text.toString();
    }

    private static boolean standsAlone(String value, String text) {
        for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
            int end = at + value.length();
            boolean before = at > 0 && isPartOfWord(text.charAt(at - 1));
            boolean after = end < text.length() && isPartOfWord(text.charAt(end));
            if (!before && !after) {
                return true;
            }
        }
        return false;
    }

    /** Marks, invisible characters and joined words make it another word. */
    private static boolean isPartOfWord(char c) {
        return !Character.isWhitespace(c) && c != '.' && c != ',' && c != '[' && c != ']';
    }

    @Test
    void theSameValueHasTheSameTokenWithinATicket() {
        Redacted first = redactor.redact("a@example.org, b@example.org, a@example.org");

        assertThat(first.text()).isEqualTo("[EMAIL_1], [EMAIL_2], [EMAIL_1]");
        assertThat(first.counts()).isEqualTo(Map.of("email", 3));

        Redacted second = redactor.redact("c@example.org and b@example.org", first.mapping(), List.of());

        assertThat(second.text()).isEqualTo("[EMAIL_3] and [EMAIL_2]");
        assertThat(second.mapping().restore("[EMAIL_1] [EMAIL_3]")).isEqualTo("a@example.org c@example.org");
    }

    @Test
    void whatTheTextItselfCallsATokenIsNobodysValue() {
        Redacted redacted = redactor.redact("[EMAIL_1] is what I write, and jane@example.org is mine");

        assertThat(redacted.text()).isEqualTo("[LITERAL_1] is what I write, and [EMAIL_1] is mine");
        assertThat(redacted.counts()).isEqualTo(Map.of("email", 1));
        assertThat(redacted.mapping().restore(redacted.text()))
                .isEqualTo("[EMAIL_1] is what I write, and jane@example.org is mine");
    }

    @Test
    void aTokenOfAnotherTicketStaysAsItIs() {
        Mapping mapping = redactor.redact("jane@example.org").mapping();

        assertThat(mapping.restore("to [EMAIL_1], not to [EMAIL_2] or [CARD_1]"))
                .isEqualTo("to jane@example.org, not to [EMAIL_2] or [CARD_1]");
    }

    @Test
    void aKnownNameIsFoundInAnyWriting() {
        Redacted redacted = redactor.redact(
                "MARY MAJOR wrote, mary major again. Mark it.", Mapping.none(), List.of("Mary Major", "Mark"));

        assertThat(redacted.text()).isEqualTo("[NAME_1] wrote, [NAME_2] again. [NAME_3] it.");
    }

    @Test
    void aNameThatWasFoundOnceIsTakenOutWhereverItStands() {
        assertThat(redactor.redact("Jane Doe here.\nKind regards,\nJane Doe").text())
                .isEqualTo("[NAME_1] here.\nKind regards,\n[NAME_1]");
    }

    @Test
    void ofFindingsThatOverlapTheLongestNamesTheKindAndNothingIsLeft() {
        Redacted redacted = redactor.redact("IBAN DE89 3704 0044 0532 0130 00");

        assertThat(redacted.text()).isEqualTo("IBAN [IBAN_1]");
    }

    @Test
    void whatNobodyLookedIntoDoesNotGoOn() {
        String text = "word ".repeat(Redactor.LONGEST_TEXT / 5) + "jane@example.org";

        Redacted redacted = redactor.redact(text);

        assertThat(redacted.text()).doesNotContain("jane@example.org").contains("characters were left out]");
        assertThat(redacted.unexamined()).isEqualTo(" jane@example.org".length());
    }

    @Test
    void aValueIsNotCutInTwo() {
        String text = "x".repeat(Redactor.LONGEST_TEXT - 12) + " 4111 1111 1111 1111 is my card";

        Redacted redacted = redactor.redact(text);

        assertThat(redacted.text()).doesNotContain("4111");
        assertThat(redacted.unexamined()).isEqualTo("4111 1111 1111 1111 is my card".length());
    }

    @Test
    void aTextMadeOfNumbersIsTakenOutRatherThanLetThrough() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 200; i++) {
            text.append("phone 030 231254").append(10 + i % 90).append("; ");
        }

        assertThat(redactor.redact(text.toString()).text()).doesNotContain("231254");
    }

    @Test
    void valuesStayOutOfLogs() {
        assertThat(redactor.redact("jane@example.org").toString()).doesNotContain("jane");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "\u0000", "\u200B", "\uD800", "\uDC00\uD800", "\u202Eabc\u202C"})
    void aTextOfNothingStaysAsItIs(String text) {
        Redacted redacted = redactor.redact(text);

        assertThat(redacted.text()).isEqualTo(text);
        assertThat(redacted.redactions()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("hostileTexts")
    void hostileTextsTakeBoundedTimeAndNeverFail(String text) {
        Redacted redacted = assertTimeoutPreemptively(BOUND, () -> redactor.redact(text));

        int examined = text.length() - redacted.unexamined();
        assertThat(examined).isLessThanOrEqualTo(Redactor.LONGEST_TEXT);
        assertThat(redacted.mapping().restore(redacted.text())).startsWith(text.substring(0, examined));
    }

    static Stream<String> hostileTexts() {
        Random random = new Random(3);
        StringBuilder binary = new StringBuilder();
        StringBuilder addresses = new StringBuilder();
        while (binary.length() < 1_000_000) {
            binary.append((char) random.nextInt(0x10000));
        }
        while (addresses.length() < 1_000_000) {
            addresses.append("user").append(random.nextInt()).append("@example.org ");
        }
        return Stream.concat(
                Stream.of(binary.toString(), addresses.toString()),
                Stream.of(
                                "a",
                                "A ",
                                "1",
                                "1-",
                                "1.",
                                "@",
                                "a@",
                                "a@b.",
                                ":",
                                "[EMAIL_1]",
                                "4111 1111 1111 1111 ",
                                "+49 30 23125432 ",
                                "(030) 123-4567 ",
                                "DE89",
                                "my name is ",
                                "Kind regards,\n",
                                "12 rue de la ",
                                "Hauptstraße 1 ",
                                "Mr A ",
                                "(at)",
                                "\u200B",
                                "\uFDFA",
                                "\uD800",
                                "a\u0301",
                                "٤",
                                "\u202E",
                                "аa")
                        .map(piece -> piece.repeat(1_000_000 / piece.length())));
    }
}
