package io.opsrelay.agent.classify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.opsrelay.agent.privacy.Mapping;
import io.opsrelay.agent.triage.Classification;
import io.opsrelay.agent.triage.Classifier;
import io.opsrelay.agent.triage.Language;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnderstanderTest {

    private static final Understander UNDERSTANDER = new Understander(new LocalClassifier());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            it | La lampada è arrivata rotta, vorrei indietro i soldi
            it | Dov'è il mio ordine? Lo aspetto da due settimane
            pt | Onde está a minha encomenda? Já paguei há uma semana
            nl | De lamp kwam kapot aan, ik wil mijn geld terug
            nl | Waar blijft mijn bestelling? Ik wacht al twee weken
            pl | Lampa przyszła potłuczona, chcę zwrotu pieniędzy
            sv | Var är min beställning? Jag har väntat i två veckor
            da | Hvor er min ordre? Jeg har ventet i to uger på den
            fi | Missä tilaukseni on? Olen odottanut kaksi viikkoa
            cs | Kde je moje objednávka? Čekám už dva týdny
            tr | Lamba kırık geldi, paramı geri istiyorum
            ro | Unde este comanda mea? Aștept de două săptămâni și nu am primit nimic
            hu | A lámpa törötten érkezett, kérem vissza a pénzem
            ru | Лампа пришла разбитой, хочу вернуть деньги
            uk | Лампа прийшла розбитою, хочу повернути гроші
            el | Η λάμπα έφτασε σπασμένη, θέλω τα χρήματά μου πίσω
            ar | وصل المصباح مكسورا وأريد استرداد نقودي
            hi | लैंप टूटा हुआ आया, मुझे अपना पैसा वापस चाहिए
            zh | 灯到的时候已经碎了，我想退款
            ja | ランプが壊れて届きました。返金してください
            ko | 램프가 깨져서 도착했어요. 환불해 주세요""")
    void aLanguageWithoutTemplatesIsToldAndAnsweredInEnglish(String language, String text) {
        Understanding known = understand(text);

        assertThat(known.language()).isEqualTo(language);
        assertThat(known.languageConfidence()).isBetween(0.6, 1.0);
        assertThat(known.replyLanguage()).isEqualTo(Language.EN);
        assertThat(known.answeredInItsLanguage()).isFalse();
    }

    /** All that were held back from training, with whatever they hold of English product names in other languages. */
    @Test
    void ticketsInTheFourLanguagesStayInThem() throws IOException {
        int all = 0;
        int right = 0;
        for (String line : heldBack()) {
            String[] columns = line.split("\t");
            all++;
            right += understand(columns[4]).language().equals(columns[1]) ? 1 : 0;
        }

        assertThat(all).isGreaterThan(300);
        assertThat((double) right / all).isGreaterThan(0.99);
    }

    /** Words that are at home in several languages. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            en | How do I reset my password?
            en | Will the printer be back in stock?
            en | I request access to my personal data
            fr | Où en est mon colis ?
            fr | Copie de facture
            es | Me opongo al uso de mis datos para publicidad
            es | ¿Dónde está la clave de API?
            de | Login geht nicht""")
    void aTicketIsNotTakenForAnotherLanguageByItsLoanwords(String language, String text) {
        assertThat(understand(text).language()).isEqualTo(language);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Order A-1001", "ok", "12345", "?", "[EMAIL_1]", "jane@example.org", "Refund", "500 /api"})
    void aTextTooShortToTellIsTakenForOneOfTheFour(String text) {
        assertThat(understand(text).answeredInItsLanguage()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            retail             | Where is my order? The parcel was never delivered.
            retail             | Wo bleibt meine Bestellung?
            retail             | Où est mon colis ?
            retail             | ¿Dónde está mi pedido?
            finance            | I want to pay back my mortgage early
            insurance          | Meine Versicherung zahlt den Schadensfall nicht
            telecommunications | Roaming and broadband are too slow
            travel             | My flight was cancelled and the hotel is full
            healthcare         | J'ai perdu l'ordonnance de mon médecin
            utilities          | Der Zählerstand ist falsch
            software           | The API has a high latency since the rollout
            """)
    void wordsTellTheIndustry(String industry, String text) {
        assertThat(understand(text).industry()).isEqualTo(industry);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Hello, can you help me?", "The server lost my order"})
    void whatPointsToNoIndustryOrToSeveralHasNone(String text) {
        assertThat(understand(text).industry()).isNull();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            DE | Call me at +49 30 23125432, I paid 10 CHF
            GB | Call me at 0044 20 7946 0018
            NL | my account is NL91 ABNA 0417 1643 00
            CH | It cost 25.00 CHF
            GB | I paid £25 for it
            PL | Lampa przyszła potłuczona, chcę zwrotu pieniędzy""")
    void theRegionFollowsFromPhoneAccountCurrencyAndLanguage(String region, String text) {
        assertThat(understand(text).region()).isEqualTo(region);
    }

    @ParameterizedTest
    @ValueSource(strings = {"I paid 25.00 EUR", "Where is my order?", "Call 030 23125432", "¿Dónde está mi pedido?"})
    void whatPointsToNoCountryHasNoRegion(String text) {
        assertThat(understand(text).region()).isNull();
    }

    @Test
    void takingPersonalDataOutCostsNoAccuracy() throws IOException {
        Classifier classifier = Classifier.shipped();
        int changed = 0;
        for (String line : heldBack()) {
            String text = line.split("\t")[4];
            changed += classifier.classify(text).intent()
                            == understand(text).found().intent()
                    ? 0
                    : 1;
        }

        assertThat(changed).isZero();
    }

    @Test
    void theClassifierSeesTheRedactedTextOnly() {
        var seen = new ArrayList<String>();
        var local = new LocalClassifier();
        Understander understander = new Understander(new TextClassifier() {
            @Override
            public String method() {
                return "recorded";
            }

            @Override
            public Classification classify(String clientId, String redactedText) {
                seen.add(clientId + ": " + redactedText);
                return local.classify(clientId, redactedText);
            }
        });

        Understanding known = understander.understand("acme", "Write to jane@example.org", Mapping.none(), List.of());

        assertThat(seen).containsExactly("acme: Write to [EMAIL_1]");
        assertThat(known.method()).isEqualTo("recorded");
        assertThat(known.millis()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "@", "1-", " ", "\u0000", "\uD800", "\u200B", "аa", "שלום hello ", "[EMAIL_1]", "+49 "})
    void hostileTextsTakeBoundedTimeAndNeverFail(String piece) {
        String text = piece.repeat(1_000_000 / piece.length());

        Understanding known = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> understand(text));

        assertThat(known.languageConfidence()).isBetween(0.0, 1.0);
    }

    private static List<String> heldBack() throws IOException {
        try (var stream = UnderstanderTest.class.getResourceAsStream("/triage/held-back.tsv")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .skip(1)
                    .toList();
        }
    }

    private static Understanding understand(String text) {
        return UNDERSTANDER.understand("acme", text, Mapping.none(), List.of());
    }
}
