package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Evidence.Word;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvidenceTest {

    @Test
    void aRareWordWeighsMoreThanACommonOne() {
        Evidence evidence = Evidence.of(List.of(new Word("order", 900), new Word("warranti", 3)), 1_000, 0);

        assertThat(evidence.words()).containsExactly("warranti", "order");
        assertThat(evidence.weights().getFirst())
                .isGreaterThan(10 * evidence.weights().getLast());
    }

    @Test
    void onlyWordsWithoutWhichTheShareCannotBeReachedAreLookedUp() {
        Evidence evidence =
                Evidence.of(List.of(new Word("order", 900), new Word("pleas", 800), new Word("warranti", 3)), 1_000, 5);

        assertThat(evidence.strong()).containsExactly("warranti");
        assertThat(evidence.weak()).containsExactly("warranti");
    }

    @Test
    void wordsThatStandNowhereCannotBeMadeUpFor() {
        Evidence evidence = Evidence.of(List.of(new Word("reset", 400), new Word("frobnic", 0)), 1_000, 0);

        assertThat(evidence.isPossible()).isFalse();
    }

    @Test
    void aNumberOfTheCustomersOwnCountsForNothingUnlessAnArticleHoldsIt() {
        Evidence own = Evidence.of(List.of(new Word("warranti", 3), new Word("a-1001", 0)), 1_000, 0);
        Evidence known = Evidence.of(List.of(new Word("warranti", 3), new Word("e42", 1)), 1_000, 0);

        assertThat(own.total()).isEqualTo(own.weights().getFirst());
        assertThat(known.words()).containsExactly("e42", "warranti");
    }

    @Test
    void anIntentThatFewArticlesAreAboutIsEvidenceByItself() {
        List<Word> nothingKnown = List.of(new Word("offen", 0));

        assertThat(Evidence.of(nothingKnown, 100, 1).isPossible()).isTrue();
        assertThat(Evidence.of(nothingKnown, 100, 2).weak()).isNull();
        assertThat(Evidence.of(nothingKnown, 100, 3).isPossible()).isFalse();
        assertThat(Evidence.of(nothingKnown, 100, 0).isPossible()).isFalse();
    }

    @Test
    void aQuestionOfThousandsOfWordsCountsItsRarestOnly() {
        Evidence evidence = Evidence.of(
                IntStream.range(1, 2_000).mapToObj(n -> new Word("w" + n, n)).toList(), 5_000, 0);

        assertThat(evidence.words()).hasSize(24).contains("w1").doesNotContain("w1999");
    }

    @Test
    void nothingAskedIsNothingFound() {
        assertThat(Evidence.of(List.of(), 0, 0).isPossible()).isFalse();
    }
}
