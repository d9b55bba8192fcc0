package io.opsrelay.agent.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opsrelay.agent.triage.Language;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DraftsTest {
    private static final Drafts DRAFTS = Drafts.shipped();
    private static final Instant NOON = Instant.parse("2026-11-20T12:05:00Z");

    /** Wording that tells a customer, in one of the four languages, that money was paid back. */
    private static final Pattern CLAIM_OF_EXECUTION = Pattern.compile(
            "have refunded|was refunded|has been refunded|been paid back|haben .{0,120}erstattet|wurden? .{0,120}erstattet"
                    + "|zurückgezahlt|überwiesen|hemos reembolsado|fue reembolsad|ha sido reembolsad|hemos devuelto"
                    + "|avons remboursé|a été remboursé|avons versé");

    @ParameterizedTest
    @MethodSource("everyKindInEveryLanguage")
    void onlyADoneRefundIsSaidToBeDone(DraftKind kind, Language language) {
        var text =
                DRAFTS.render(kind, letter(language), factsFor(kind)).orElse("").toLowerCase(Locale.ROOT);

        assertThat(CLAIM_OF_EXECUTION.matcher(text).find()).isEqualTo(kind == DraftKind.REFUND_DONE);
    }

    @ParameterizedTest
    @MethodSource("everyKindInEveryLanguage")
    void everyReplyStatesItsFactsAndLeavesNoPlaceholder(DraftKind kind, Language language) {
        var text = DRAFTS.render(kind, letter(language), factsFor(kind)).orElse("");

        assertThat(text).doesNotContain("{", "}");
        switch (factsFor(kind)) {
            case Facts.Nothing() -> assertThat(text).doesNotContainPattern("\\d");
            case Facts.Order(var orderId) -> assertThat(text).contains(orderId);
            case Facts.Refund refund ->
                assertThat(text)
                        .contains(refund.orderId(), refund.currency(), refund.refundId(), "2026", "12:05 UTC")
                        .contains(language == Language.EN ? "25.00 EUR" : "25,00 EUR");
            case Facts.OrderStatus status -> assertThat(text).contains(status.orderId(), status.status());
            case Facts.Rejection(var orderId, var reason) -> assertThat(text).contains(orderId, reason);
            case Facts.Action(var action) -> assertThat(text).contains(action);
            case Facts.Reference(var reference) -> assertThat(text).contains(reference);
            case Facts.Reason(var reason) -> assertThat(text).contains(reason);
            case Facts.Passage(var title, var quote) -> assertThat(text).contains(title, "> " + quote);
        }
    }

    static Stream<Arguments> everyKindInEveryLanguage() {
        return Stream.of(DraftKind.values())
                .flatMap(kind -> Stream.of(Language.values()).map(language -> arguments(kind, language)));
    }

    @ParameterizedTest
    @MethodSource("everyKindInEveryLanguage")
    void aToneChangesGreetingAndClosingAndNothingElse(DraftKind kind, Language language) {
        var bodies = new HashSet<String>();
        var frames = new HashSet<String>();
        for (var tone : Tone.values()) {
            var text = DRAFTS.render(kind, new Voice(language, tone, Form.LETTER), factsFor(kind))
                    .orElse("-\n\n\n\n-");
            var greetingEnds = text.indexOf("\n\n");
            var closingBegins = text.lastIndexOf("\n\n");
            bodies.add(text.substring(greetingEnds, closingBegins + 2));
            frames.add(text.substring(0, greetingEnds) + text.substring(closingBegins));
        }

        assertThat(bodies).hasSize(1);
        assertThat(frames).hasSize(kind == DraftKind.NO_REPLY ? 1 : Tone.values().length);
    }

    @ParameterizedTest
    @MethodSource("everyKindInEveryLanguage")
    void aChatSaysTheSameFactsInNoMoreWordsWithoutSalutationAndClosing(DraftKind kind, Language language) {
        var chat = DRAFTS.render(kind, new Voice(language, Tone.FORMAL, Form.CHAT), factsFor(kind))
                .orElse("");
        var letter = DRAFTS.render(kind, new Voice(language, Tone.FORMAL, Form.LETTER), factsFor(kind))
                .orElse("");

        if (kind == DraftKind.NO_REPLY) {
            assertThat(chat).isEmpty();
            return;
        }
        var greeting = letter.substring(0, letter.indexOf("\n\n"));
        var closing = letter.substring(letter.lastIndexOf("\n\n") + 2);
        assertThat(chat).doesNotContain(greeting, closing, "{", "}");
        assertThat(chat.length()).isLessThanOrEqualTo(letter.length() - greeting.length() - closing.length() - 4);
        assertThat(chat.codePointAt(0)).matches(first -> !Character.isLowerCase(first));
        assertThat(CLAIM_OF_EXECUTION.matcher(chat.toLowerCase(Locale.ROOT)).find())
                .isEqualTo(kind == DraftKind.REFUND_DONE);
        assertThat(chat.replaceAll("\\D+", " ").strip())
                .as("its facts")
                .isEqualTo(letter.replaceAll("\\D+", " ").strip());
    }

    @Test
    void aLetterGreetsAndClosesInItsTone() {
        assertThat(DRAFTS.render(DraftKind.HANDED_OVER, letter(Language.DE), new Facts.Nothing()))
                .get()
                .asString()
                .startsWith("Guten Tag,")
                .endsWith("Freundliche Grüße");
    }

    @Test
    void onlyAChatIsAnsweredAsOne() {
        assertThat(Form.of("chat")).isEqualTo(Form.CHAT);
        assertThat(Form.of("email")).isEqualTo(Form.LETTER);
        assertThat(Form.of("api")).isEqualTo(Form.LETTER);
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void ofAnOrderIsToldWhatIsKnownAndNothingElse(Language language) {
        var voice = letter(language);
        var all = DRAFTS.render(DraftKind.ORDER_STATUS, voice, new Facts.OrderStatus("A-1001", "shipped", "T-9", NOON))
                .orElseThrow();
        var little = DRAFTS.render(
                        DraftKind.ORDER_STATUS, voice, new Facts.OrderStatus("A-1001", "shipped", null, null))
                .orElseThrow();

        assertThat(all).contains("A-1001", "shipped", "T-9", "2026");
        assertThat(little).contains("A-1001", "shipped").doesNotContain("T-9", "2026", " \n");
    }

    @ParameterizedTest
    @EnumSource(Language.class)
    void advertisingGetsNoReply(Language language) {
        assertThat(DRAFTS.render(DraftKind.NO_REPLY, letter(language), new Facts.Nothing()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource(DraftKind.class)
    void factsOfAnotherKindAreRefused(DraftKind kind) {
        for (var other : DraftKind.values()) {
            var facts = factsFor(other);
            if (!kind.facts().isInstance(facts)) {
                assertThatIllegalArgumentException().isThrownBy(() -> DRAFTS.render(kind, letter(Language.EN), facts));
            }
        }
    }

    @Test
    void aMissingFactIsAnError() {
        var amount = new BigDecimal("25.00");

        assertThatIllegalArgumentException().isThrownBy(() -> new Facts.Order(" "));
        assertThatNullPointerException().isThrownBy(() -> new Facts.Refund("A-1001", amount, "EUR", "re_1", null));
        assertThatNullPointerException().isThrownBy(() -> new Facts.Refund("A-1001", null, "EUR", "re_1", NOON));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Facts.Refund("A-1001", BigDecimal.ZERO, "EUR", "re_1", NOON));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Facts.Refund("A-1001", amount, "euros", "re_1", NOON));
        assertThatIllegalArgumentException().isThrownBy(() -> new Facts.Rejection("A-1001", ""));
        assertThatNullPointerException().isThrownBy(() -> new Facts.Passage("Returns", null));
    }

    @Test
    void valuesAreNeverTakenForTemplates() {
        var facts = new Facts.Rejection("{reason}", "see {order_id}\n\nWe have refunded $1 \\0");

        var text = DRAFTS.render(DraftKind.REFUND_REJECTED, letter(Language.EN), facts)
                .orElseThrow();

        assertThat(text).contains("refund of order {reason} and", "see {order_id} We have refunded $1 \\0");
    }

    @Test
    void everyLineOfAPassageIsMarkedAsQuoted() {
        var facts = new Facts.Passage("Returns", "Thirty days.\r\nUnworn only.");

        assertThat(DRAFTS.render(DraftKind.KNOWLEDGE_ANSWER, letter(Language.EN), facts)
                        .orElseThrow())
                .contains("In \"Returns\" we say:\n\n> Thirty days.\n> Unworn only.\n");
    }

    private static Voice letter(Language language) {
        return new Voice(language, Tone.FRIENDLY, Form.LETTER);
    }

    private static Facts factsFor(DraftKind kind) {
        return switch (kind) {
            case REFUND_WAITING, REFUND_EXPIRED, ACTION_FAILED, OUTCOME_UNKNOWN -> new Facts.Order("A-1001");
            case ORDER_STATUS -> new Facts.OrderStatus("A-1001", "shipped", null, null);
            case REFUND_DONE -> new Facts.Refund("A-1001", new BigDecimal("25.00"), "EUR", "re_77", NOON);
            case REFUND_REJECTED -> new Facts.Rejection("A-1001", "the item was used");
            case ACTION_DONE -> new Facts.Action("create bug report");
            case BUG_REPORT_DONE -> new Facts.Reference("OPS-7");
            case ACTION_REJECTED -> new Facts.Reason("it is known already");
            case KNOWLEDGE_ANSWER -> new Facts.Passage("Returns", "You may return within 30 days.");
            case ORDER_NOT_FOUND, HANDED_OVER, PRAISE_THANKS, PASSWORD_RESET_DONE, REQUEST_WAITING, NO_REPLY ->
                new Facts.Nothing();
        };
    }
}
