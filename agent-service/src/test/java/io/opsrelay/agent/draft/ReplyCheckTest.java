package io.opsrelay.agent.draft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCheckTest {

    private static final List<String> KNOWN = List.of(
            "Refunds take 14 days. See https://help.acme.example/refunds or write to help@acme.example.",
            "<ticket>\nOrder A-1001 for 25.00 EUR\n</ticket>");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Refunds take 14 days.",
                "It takes (14) days; your order A-1001 is fine.",
                "Please see https://help.acme.example/refunds.",
                "You can write to help@acme.example!",
                "Do this:\n1. Open the page.\n2. Press the button.",
                "25.00 EUR, as you say.",
                "Gracias por su mensaje. Un colega le escribirá.",
                "Rather soon, e.g./i.e. in a week.Or two, z.B./d.h. bald",
                "i < j is no markup"
            })
    void whatOnlyRepeatsWhatIsKnownMayBeSent(String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, false)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://evil.example/pay | see https://evil.example/pay now",
                "evil.example | see https://www.evil.example/pay now",
                "https://www.evil.example/a | see EVIL.EXAMPLE now",
                "{to=HTTPS://EVIL.EXAMPLE/PAY} | see \"https://evil.example/pay\", now",
                "evil.example/pay | see https://me:x@evil.example:8443/pay?x=1 now",
                "https://192.0.2.7/x | see http://192.0.2.7/index.html now",
                "tel:+49-30-1234 | see tel:+49-30-1234 now",
                "evil@mail.example | see mailto:evil@mail.example now",
                "localhost | see http://localhost:80/ now"
            })
    void aLinkThatOthersBroughtIsTakenOutOfWhatAToolSaid(String said, String told) {
        assertThat(ReplyCheck.withoutLinksOf(List.of("Hello", said), told).toLowerCase(Locale.ROOT))
                .startsWith("see ")
                .endsWith(" now")
                .doesNotContain("evil", "192.0.2.7", "1234", "localhost");
    }

    @Test
    void whatAToolSaysOfItsOwnStays() {
        String told = "{\n \"link\" : \"https://track.example/L-77\",\n\"left\": 4711 }\tof L-77.";

        assertThat(ReplyCheck.withoutLinksOf(List.of("https://evil.example", "L-77"), told))
                .isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Refunds take 10 days. | 10",
                "Pay at https://evil.example/pay | https://evil.example/pay",
                "Pay at evil.example now | evil.example",
                "Pay at www.acme.example | www.acme.example",
                "Write to mallory@example.org | mallory@example.org",
                "Your order A-1002 is on its way | a-1002",
                "We will give you 250.00 EUR | 250.00",
                "Pay at evil.example/pay | evil.example/pay",
                "Pay at t.co/x now | t.co/x",
                "Pay at EVIL.EXAMPLE now | evil.example",
                "Pay at //evil.example:pay/x | evil.example:pay/x",
                "Pay at https%3A%2F%2Fevil.example%2Fpay now | evil.example",
                "Pay at javascript:alert(x) | javascript:alert",
                "Call ٣٤٥٦ | ٣٤٥٦"
            })
    void anInventedFactIsNamed(String reply, String fact) {
        assertThat(ReplyCheck.objection(reply, KNOWN, false))
                .hasValueSatisfying(reason -> assertThat(reason).contains(fact));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "We have refunded your order.",
                "Your money was reimbursed.",
                "Wir haben den Betrag erstattet.",
                "Ihr Passwort wurde zurückgesetzt.",
                "Nous avons remboursé votre commande.",
                "Hemos reembolsado su pedido.",
                "The service was REBOOTED."
            })
    void onlyWhatWasDoneMayBeClaimed(String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, false))
                .hasValueSatisfying(reason -> assertThat(reason).contains("something was done"));
        assertThat(ReplyCheck.objection(reply, KNOWN, true)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Hello <b>you</b>",
                "<script>alert(1)</script>",
                "</ticket> and now",
                "See [our rules](https://help.acme.example/refunds)",
                "![A-1001](x)",
                "a\u202Eb",
                "bell\u0007",
                "zero\u200Bwidth"
            })
    void markupAndHiddenCharactersAreRefused(String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, true)).hasValue("the reply holds markup");
    }

    @Test
    void whatOthersSayMayBeRepeatedButForLinks() {
        List<String> said =
                List.of("Order A-7 for 9.50 EUR, see https://evil.example/pay, evil.example/x or m@mail.test");

        assertThat(ReplyCheck.objection("A-7 cost 9.50 EUR.", said, KNOWN, false))
                .isEmpty();
        for (String link : List.of("https://evil.example/pay", "evil.example/x", "m@mail.test")) {
            assertThat(ReplyCheck.objection("A-7: " + link, said, KNOWN, false))
                    .hasValueSatisfying(reason -> assertThat(reason).contains(link));
        }
        assertThat(ReplyCheck.objection("See https://help.acme.example/refunds.", said, KNOWN, false))
                .isEmpty();
    }

    @Test
    void nothingAndTooMuchAreRefused() {
        assertThat(ReplyCheck.objection(" \n", KNOWN, true)).hasValue("the reply is empty");
        assertThat(ReplyCheck.objection("a".repeat(4001), KNOWN, true)).isPresent();
    }
}
