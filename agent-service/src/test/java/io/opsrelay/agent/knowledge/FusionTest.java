package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Knowledge.Hit;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FusionTest {

    @Test
    void whatIsFirstInBothOrdersIsFirstWithAScoreOfOne() {
        List<Hit> fused = Fusion.of(List.of(words("a"), words("b")), List.of(near("a", 0.9), near("c", 0.8)), 0.6);

        assertThat(fused).extracting(FusionTest::id).containsExactly("a", "b", "c");
        assertThat(fused.getFirst().score()).isCloseTo(1, Offset.offset(1e-9));
        assertThat(fused.getFirst().similarity()).isEqualTo(0.9);
        assertThat(fused.getFirst().found()).containsExactly("word");
    }

    @Test
    void whatVectorsAloneFoundCountsFromTheThresholdOnOnly() {
        List<Hit> fused = Fusion.of(List.of(), List.of(near("a", 0.61), near("b", 0.6), near("c", 0.59)), 0.6);

        assertThat(fused).extracting(FusionTest::id).containsExactly("a", "b");
    }

    @Test
    void whatHoldsTheWordsNeedsNoSimilarity() {
        List<Hit> fused = Fusion.of(List.of(words("a")), List.of(near("b", 0.5), near("a", 0.1)), 0.6);

        assertThat(fused).extracting(FusionTest::id).containsExactly("a");
    }

    @Test
    void aPassageInBothOrdersOutranksThoseThatAreFirstInOne() {
        List<Hit> fused = Fusion.of(List.of(words("a"), words("b")), List.of(near("c", 0.9), near("b", 0.8)), 0.6);

        assertThat(fused).extracting(FusionTest::id).containsExactly("b", "a", "c");
    }

    @Test
    void passagesOfOneArticleAreToldApart() {
        Hit second = new Hit(new Passage("a", "a", "en", "text"), 1, "", false, List.of(), 0, 0.9);

        assertThat(Fusion.of(List.of(words("a")), List.of(second), 0.6)).hasSize(2);
    }

    private static String id(Hit hit) {
        return hit.passage().articleId();
    }

    private static Hit words(String article) {
        return new Hit(new Passage(article, article, "en", "text"), 0, "", false, List.of("word"), 1.2, null);
    }

    private static Hit near(String article, double similarity) {
        return new Hit(new Passage(article, article, "en", "text"), 0, "", false, List.of(), 0, similarity);
    }
}
