package io.opsrelay.ingestion.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.validation.BeanPropertyBindingResult;

class PostedTicketRulesTest {

    private static final String MAIL = "mary.major@example.org";

    @Test
    void aTicketWithTheNecessaryIsFine() {
        assertThat(refusals(ticket("Broken lamp", "In pieces", MAIL, null))).isEmpty();
    }

    @Test
    void theLimitsCountCharactersAndAreAllowedThemselves() {
        String emoji = "💡";

        assertThat(refusals(ticket(emoji.repeat(500), emoji.repeat(100_000), MAIL, null)))
                .isEmpty();
        assertThat(refusals(ticket(emoji.repeat(501), emoji.repeat(100_001), MAIL, null)))
                .containsExactly(
                        "subject must have at most 500 characters", "body must have at most 100000 characters");
    }

    @Test
    void everyWrongFieldIsNamedWithItsReason() {
        PostedTicket wrong = new PostedTicket(" ", null, "nobody", "fax", "asap", "", Map.of());

        assertThat(refusals(wrong))
                .containsExactly(
                        "subject must not be blank",
                        "body is required",
                        "customerEmail must be an e-mail address, like name@example.org",
                        "channel must be one of api, email, chat, upstream, zendesk, alert",
                        "priority must be one of low, normal, high, urgent",
                        "externalId must not be blank");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\0b", "a\ud800b", "a\udc00", "\udc00\ud800"})
    void whatIsNoStorableTextIsRefused(String text) {
        assertThat(refusals(ticket("Lamp", text, MAIL, null)))
                .containsExactly("body must not contain NUL characters or halves of surrogate pairs");
    }

    @Test
    void aSubjectIsOneLine() {
        assertThat(refusals(ticket("Lamp\r\nBcc: all@example.org", "In pieces", MAIL, null)))
                .containsExactly("subject must not contain line breaks or other control characters");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a@b.co", "o'neil+shop@mail.example.org", "jörg@müller.example", "MARY@EXAMPLE.ORG"})
    void addressesInUseAreTaken(String address) {
        assertThat(refusals(ticket("Lamp", "In pieces", address, null))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a@",
                "@b.co",
                "a@b",
                "a@b..co",
                "a@.co",
                "a@b.",
                "a@b@c.co",
                "a b@c.co",
                "a@b.co\n",
                "a@-b.co",
                "Mary <mary@example.org>",
                "a@b.co, c@d.co"
            })
    void whatIsNoAddressIsRefused(String address) {
        assertThat(refusals(ticket("Lamp", "In pieces", address, null)))
                .containsExactly("customerEmail must be an e-mail address, like name@example.org");
    }

    @Test
    void aLongAddressOfManyPartsIsRefusedQuickly() {
        assertThat(refusals(ticket("Lamp", "In pieces", "a@" + "b.".repeat(400_000) + "co", null)))
                .containsExactly("customerEmail must have at most 254 characters");
    }

    @Test
    void metadataIsLimited() {
        Map<String, String> many =
                IntStream.range(0, 51).boxed().collect(Collectors.toMap(i -> "name" + i, i -> "value"));
        Map<String, String> withNull = new HashMap<>();
        withNull.put("shop", null);

        assertThat(refusals(ticket("Lamp", "In pieces", MAIL, many)))
                .containsExactly("metadata must have at most 50 entries");
        assertThat(refusals(ticket("Lamp", "In pieces", MAIL, Map.of("n".repeat(101), "v"))))
                .containsExactly("metadata must have names of 1 to 100 characters without NUL");
        assertThat(refusals(ticket("Lamp", "In pieces", MAIL, Map.of("shop", "v".repeat(1001)))))
                .containsExactly("metadata value of shop must have at most 1000 characters");
        assertThat(refusals(ticket("Lamp", "In pieces", MAIL, withNull)))
                .containsExactly("metadata value of shop must be a text");
        assertThat(refusals(ticket("Lamp", "In pieces", MAIL, Map.of("shop", ""))))
                .isEmpty();
    }

    @Test
    void theHashIsOfWhatIsAskedNotOfHowItWasWritten() {
        PostedTicket one = ticket("Lamp", "In pieces", MAIL, Map.of("a", "1", "b", "2"));
        PostedTicket same = ticket("Lamp", "In pieces", MAIL, new HashMap<>(Map.of("b", "2", "a", "1")));
        PostedTicket other = ticket("Lamp", "In pieces!", MAIL, Map.of("a", "1", "b", "2"));

        assertThat(one.hash()).isEqualTo(same.hash()).isNotEqualTo(other.hash());
    }

    private static PostedTicket ticket(String subject, String body, String email, Map<String, String> metadata) {
        return new PostedTicket(subject, body, email, null, null, null, metadata);
    }

    private static List<String> refusals(PostedTicket ticket) {
        BeanPropertyBindingResult errors = new BeanPropertyBindingResult(ticket, "postedTicket");
        new PostedTicketRules().validate(ticket, errors);
        return errors.getFieldErrors().stream()
                .map(error -> error.getField() + " " + error.getDefaultMessage())
                .toList();
    }
}
