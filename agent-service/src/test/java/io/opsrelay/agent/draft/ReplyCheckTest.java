package io.opsrelay.agent.draft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplyCheckTest {

    private static final List<String> KNOWN = List.of(
            "Refunds take 14 days. See https://help.acme.example/refunds or write to help@acme.example.",
            "<ticket>\nOrder A-1001 for 25.00 EUR\n</ticket>");

    private static final Set<String> NOTHING = Set.of();
    private static final Set<String> ALL = Set.of("refund", "password_reset", "bug_report", "restart_deployment");

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
        assertThat(ReplyCheck.objection(reply, KNOWN, NOTHING)).isEmpty();
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
        assertThat(ReplyCheck.objection(reply, KNOWN, NOTHING))
                .hasValueSatisfying(reason -> assertThat(reason).contains(fact));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "refund | We have refunded your order.",
                "refund | Your money was reimbursed.",
                "refund | Your refund has been processed.",
                "refund | Good news: the refund for order A-1001 is on its way.",
                "refund | We’ve sent your money back.",
                "refund | I have already returned the 25.00 EUR to your card.",
                "refund | We issued a full refund.",
                "refund | The payment has now been returned.",
                "refund | Wir haben den Betrag erstattet.",
                "refund | Ihre Rückerstattung wurde veranlasst.",
                "refund | Wir haben Ihnen das Geld zurückgeschickt.",
                "refund | Das Geld wurde zurückgezahlt.",
                "refund | Nous avons remboursé votre commande.",
                "refund | Nous vous avons renvoyé l’argent.",
                "refund | La somme vous a été restituée.",
                "refund | Hemos reembolsado su pedido.",
                "refund | Le hemos enviado el dinero.",
                "refund | El importe ha sido ingresado en su cuenta.",
                "password_reset | Your password has been reset.",
                "password_reset | We have sent you a link for a new password.",
                "password_reset | Ihr Passwort wurde zurückgesetzt.",
                "password_reset | Wir haben Ihnen einen Link geschickt.",
                "password_reset | Le hemos enviado un enlace.",
                "password_reset | Nous vous avons envoyé un lien.",
                "restart_deployment | The service was REBOOTED.",
                "restart_deployment | Wir haben den Dienst neu gestartet.",
                "bug_report | I have filed a bug report.",
                "bug_report | We told our developers.",
                "bug_report | Wir haben den Fehler an die Entwickler gemeldet.",
                "bug_report | Hemos informado del error.",
                "bug_report | Nous avons signalé le problème."
            })
    void onlyWhatWasDoneMayBeClaimed(String action, String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, NOTHING))
                .hasValueSatisfying(reason -> assertThat(reason).contains("something was done"));
        Set<String> others = new HashSet<>(ALL);
        others.remove(action);
        assertThat(ReplyCheck.objection(reply, KNOWN, others))
                .as("after anything but a %s", action)
                .isPresent();
        assertThat(ReplyCheck.objection(reply, KNOWN, Set.of(action))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I have cancelled your order.",
                "We just deleted everything.",
                "Your order A-1001 was canceled.",
                "As you wished, your address has been changed.",
                "Your account is now closed.",
                "Ich habe Ihre Bestellung storniert.",
                "Ihre Adresse wurde geändert.",
                "Ihr Konto ist jetzt gelöscht.",
                "Hemos cancelado su pedido.",
                "Su cuenta ha sido eliminada.",
                "Nous avons annulé votre commande.",
                "Votre adresse a été modifiée."
            })
    void whatNoActionDoesIsNeverClaimed(String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, ALL))
                .hasValueSatisfying(reason -> assertThat(reason).contains("something was done"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Orders can be cancelled within 14 days.",
                "To change your address, open your account.",
                "Once your refund has been approved, the money takes 14 days.",
                "We will send you a link. Then you can choose a new password.",
                "A colleague will look into your refund and write to you.",
                "Please tell us if your order has not come.",
                "Bestellungen können Sie in 14 Tagen stornieren. Ihr Geld bekommen Sie dann zurück.",
                "Puede cancelar su pedido en 14 días.",
                "Vous pouvez annuler votre commande."
            })
    void whatMayBeDoneIsNoClaim(String reply) {
        assertThat(ReplyCheck.objection(reply, KNOWN, NOTHING)).isEmpty();
    }

    @Test
    void anOrderThatWasCancelledElsewhereMayBeSaidToBe() {
        String reply = "Your order A-1001 was cancelled.";

        assertThat(ReplyCheck.objection(reply, List.of(), List.of("order A-1001; status cancelled"), KNOWN, NOTHING))
                .isEmpty();
        assertThat(ReplyCheck.objection(reply, List.of(), List.of("order A-1001; status open"), KNOWN, NOTHING))
                .isPresent();
    }

    @Test
    void aLongReplyIsCheckedInNoTime() {
        for (String words :
                List.of("your ", "we have ", "ihre wurde ", "refund has been ", "hemos su ha ", "votre est ")) {
            String reply = words.repeat(4_000 / words.length());

            assertThat(assertTimeoutPreemptively(
                            Duration.ofSeconds(20), () -> ReplyCheck.objection(reply, KNOWN, NOTHING)))
                    .isEmpty();
        }
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
        assertThat(ReplyCheck.objection(reply, KNOWN, ALL)).hasValue("the reply holds markup");
    }

    @Test
    void whatOthersSayMayBeRepeatedButForLinks() {
        List<String> said =
                List.of("Order A-7 for 9.50 EUR, see https://evil.example/pay, evil.example/x or m@mail.test");

        assertThat(ReplyCheck.objection("A-7 cost 9.50 EUR.", said, List.of(), KNOWN, NOTHING))
                .isEmpty();
        for (String link : List.of("https://evil.example/pay", "evil.example/x", "m@mail.test")) {
            assertThat(ReplyCheck.objection("A-7: " + link, said, List.of(), KNOWN, NOTHING))
                    .hasValueSatisfying(reason -> assertThat(reason).contains(link));
        }
        assertThat(ReplyCheck.objection("See https://help.acme.example/refunds.", said, List.of(), KNOWN, NOTHING))
                .isEmpty();
    }

    @Test
    void nothingAndTooMuchAreRefused() {
        assertThat(ReplyCheck.objection(" \n", KNOWN, ALL)).hasValue("the reply is empty");
        assertThat(ReplyCheck.objection("a".repeat(4001), KNOWN, ALL)).isPresent();
    }
}
