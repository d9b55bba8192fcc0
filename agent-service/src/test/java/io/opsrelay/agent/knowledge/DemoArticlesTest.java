package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsrelay.agent.triage.Intent;
import io.opsrelay.agent.triage.Language;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DemoArticlesTest {

    private static final List<String> INTENTS =
            Arrays.stream(Intent.values()).map(Intent::code).toList();

    @Test
    void everyShippedArticleIsAboutKnownIntentsInAKnownLanguage() throws IOException {
        assertThat(DemoArticles.shipped()).isNotEmpty().allSatisfy(article -> {
            assertThat(INTENTS).containsAll(article.intents());
            assertThat(Language.ofCode(article.language())).isNotNull();
            assertThat(article.sections()).isNotEmpty();
        });
    }

    @Test
    void anArticleWithoutATitleIsRefused() {
        assertThatThrownBy(() -> Article.parse("x", "language: en\nintents: praise\n\nText."))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void shortParagraphsShareAPassage() {
        Article article = Article.parse("x", "title: T\nlanguage: en\nintents: praise\n\nOne\ntwo.\n\nThree.\n");

        assertThat(article.sections()).containsExactly(new Article.Section("", "One two.\n\nThree."));
    }
}
