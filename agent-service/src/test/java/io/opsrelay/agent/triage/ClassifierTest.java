package io.opsrelay.agent.triage;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.triage.Classification.Candidate;
import io.opsrelay.agent.triage.Examples.Example;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClassifierTest {
    private static final Classifier CLASSIFIER = Classifier.shipped();
    private static final List<Example> TRAINING = Examples.parse(resource("/triage/examples.tsv"));
    private static final List<Example> HELD_BACK = Examples.parse(resource("/triage/held-back.tsv"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            the lamp came in pieces, I want my money back                       | REFUND_REQUEST         | EN
            die Lampe kam zerbrochen an, ich möchte mein Geld zurück            | REFUND_REQUEST         | DE
            la lámpara llegó hecha pedazos, quiero que me devuelvan el dinero   | REFUND_REQUEST         | ES
            la lampe est arrivée en mille morceaux, je veux récupérer mon argent | REFUND_REQUEST        | FR
            how long do refunds take?                                           | REFUND_POLICY_QUESTION | EN
            Wie lange dauern Rückerstattungen?                                  | REFUND_POLICY_QUESTION | DE
            ¿Cuánto tardan los reembolsos?                                      | REFUND_POLICY_QUESTION | ES
            I do not want a refund, just a replacement                          | EXCHANGE_REQUEST       | EN
            Ich will keine Erstattung, nur Ersatz für die kaputte Lampe         | EXCHANGE_REQUEST       | DE
            No quiero un reembolso, solo un reemplazo                           | EXCHANGE_REQUEST       | ES
            Where is the refund that you confirmed last week?                   | REFUND_STATUS          | EN
            The refund has arrived, thank you very much!                        | PRAISE                 | EN
            """)
    void aRequestIsToldFromAQuestionAboutTheSameThing(String text, Intent intent, Language language) {
        var classification = CLASSIFIER.classify(text);

        assertThat(classification.intent()).isEqualTo(intent);
        assertThat(classification.language()).isEqualTo(language);
        assertThat(classification.outOfScope()).isFalse();
    }

    /**
     * Of the held-back texts, the first 249 use wording of a kind that the examples cover (98 % right when last
     * measured), the last 70 are deliberately idiomatic and were measured once, never tuned for (76 %). The model card's
     * cross-validated figure lies between.
     */
    @Test
    void textsItHasNeverSeenAreClassifiedRightly() {
        assertThat(accuracy(HELD_BACK, (c, e) -> c.intent().code().equals(e.label())))
                .as(() -> "mistaken:\n" + mistakes())
                .isGreaterThan(0.90);
        assertThat(accuracy(HELD_BACK, (c, e) -> c.language().code().equals(e.language())))
                .isGreaterThan(0.98);
        assertThat(accuracy(HELD_BACK, (c, e) -> c.sentiment().code().equals(e.sentiment())))
                .isGreaterThan(0.90);
        assertThat(accuracy(HELD_BACK, (c, e) -> c.priority().code().equals(e.priority())))
                .isGreaterThan(0.82);
    }

    @Test
    void textsAboutSomethingElseAreMostlyOutOfScopeAndRealOnesAreNot() {
        var strange = resource("/triage/out-of-scope.txt").lines().toList();
        var recognised = strange.stream()
                .filter(text -> CLASSIFIER.classify(text).outOfScope())
                .count();
        assertThat((double) recognised / strange.size()).isGreaterThan(0.60);

        assertThat(accuracy(HELD_BACK, (c, e) -> !c.outOfScope())).isGreaterThan(0.93);
    }

    @Test
    void aRefundThatNobodyAskedForIsRarelySeen() {
        var seen = HELD_BACK.stream()
                .filter(e -> !e.label().equals(Intent.REFUND_REQUEST.code()))
                .filter(e -> CLASSIFIER.classify(e.text()).intent() == Intent.REFUND_REQUEST)
                .map(Example::text)
                .toList();
        assertThat(seen).hasSizeLessThanOrEqualTo(5);
    }

    @Test
    void theDataIsVariedAndTheHeldBackPartIsNotInIt() {
        var intents = Stream.of(Intent.values()).map(Intent::code).collect(Collectors.toSet());
        var labels = TRAINING.stream().map(Example::label).collect(Collectors.toSet());
        labels.remove(Examples.OUT_OF_SCOPE);

        assertThat(labels).isEqualTo(intents).hasSizeGreaterThanOrEqualTo(25);
        assertThat(TRAINING).hasSizeGreaterThanOrEqualTo(1_500);
        assertThat(HELD_BACK).hasSizeGreaterThanOrEqualTo(250);
        assertThat(HELD_BACK.stream().map(Example::label).collect(Collectors.toSet()))
                .isEqualTo(intents);

        var trained = TRAINING.stream().map(e -> wording(e.text())).collect(Collectors.toSet());
        assertThat(HELD_BACK).noneMatch(e -> trained.contains(wording(e.text())));
    }

    @Test
    void theSameTextIsAlwaysClassifiedTheSameByAllThreads() {
        var texts = HELD_BACK.stream().map(Example::text).toList();
        var once = texts.stream().map(CLASSIFIER::classify).toList();

        var again = IntStream.range(0, texts.size() * 4)
                .parallel()
                .mapToObj(i -> CLASSIFIER.classify(texts.get(i % texts.size())))
                .toList();

        assertThat(again)
                .isEqualTo(
                        Stream.of(once, once, once, once).flatMap(List::stream).toList());
    }

    @ParameterizedTest
    @MethodSource("strangeTexts")
    void strangeTextsAreClassifiedWithoutAFault(String text) {
        var classification = CLASSIFIER.classify(text);

        assertThat(classification.confidence()).isBetween(0.0, 1.0);
        assertThat(classification.runnersUp()).hasSize(3).doesNotContainNull();
    }

    static Stream<String> strangeTexts() {
        return Stream.of(
                "",
                " \t\n",
                "\u0000\u0001\u0002",
                "\uD83D\uDE00".repeat(5_000),
                "\uD800 lone surrogate \uDC00",
                "\u200B\u200C\u200D\uFEFF",
                "\u202Eback ym yenom tnaw I",
                "\uFDFA".repeat(10_000),
                "a\u0301".repeat(50_000),
                "重い荷物が壊れていました",
                "x".repeat(100_000),
                "{order_id} ${jndi:ldap://x} <script>alert(1)</script>");
    }

    @Test
    void invisibleCharactersAndMissingAccentsChangeNothing() {
        var plain = CLASSIFIER.classify("quiero la devolucion de mi dinero");

        assertThat(CLASSIFIER.classify("Quiero la devolu\u200Bción  de mi\u00A0dinero"))
                .isEqualTo(plain);
    }

    @Test
    void runnersUpAreRankedBehindTheChosenIntent() {
        var classification = CLASSIFIER.classify("Where is the refund for my order?");

        assertThat(classification.runnersUp().getFirst().confidence()).isLessThanOrEqualTo(classification.confidence());
        assertThat(classification.runnersUp().stream().map(Candidate::confidence))
                .isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(classification.runnersUp().stream().map(Candidate::intent)).doesNotContain(classification.intent());
    }

    @Test
    void theModelCardTellsWhatWasMeasured() {
        var card = CLASSIFIER.card();

        assertThat(card.version())
                .isEqualTo(TrainClassifier.version(resource("/triage/examples.tsv")))
                .isEqualTo(CLASSIFIER.classify("hello").modelVersion());
        assertThat(card.trainedExamples()).isEqualTo(TRAINING.size());
        assertThat(card.intentAccuracy()).isBetween(0.6, 0.999);
        assertThat(card.calibrationError()).isBetween(0.0, 0.06);
    }

    private static double accuracy(List<Example> examples, BiPredicate<Classification, Example> isRight) {
        var right = examples.stream()
                .filter(e -> isRight.test(CLASSIFIER.classify(e.text()), e))
                .count();
        return (double) right / examples.size();
    }

    private static String mistakes() {
        var pairs = new TreeMap<String, String>();
        for (var example : HELD_BACK) {
            var intent = CLASSIFIER.classify(example.text()).intent().code();
            if (!intent.equals(example.label())) {
                pairs.merge(example.label() + " -> " + intent, example.text(), (a, b) -> a + " | " + b);
            }
        }
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + ": " + pair.getValue())
                .collect(Collectors.joining("\n"));
    }

    private static Set<String> wording(String text) {
        return Stream.of(text.toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}]+", " ")
                        .strip()
                        .split(" "))
                .collect(Collectors.toSet());
    }

    private static String resource(String name) {
        try (var stream = ClassifierTest.class.getResourceAsStream(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
