package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Article.Section;
import io.opsrelay.agent.knowledge.ArticleText.Block;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SectionsTest {

    @Test
    void neighboursAreJoinedUntilTheySayEnough() {
        List<Section> sections = cut(new Block("A", words(30)), new Block("A", words(60)), new Block("A", words(20)));

        assertThat(sections)
                .extracting(section -> Sections.sizeOf(section.text()))
                .containsExactly(90, 20);
    }

    @Test
    void aPassageNeverCrossesAHeading() {
        assertThat(cut(new Block("A", "One."), new Block("B", "Two."), new Block("B", "Three.")))
                .containsExactly(new Section("A", "One."), new Section("B", "Two.\n\nThree."));
    }

    @Test
    void aLongParagraphIsCutBetweenSentencesOnly() {
        List<String> sentences = IntStream.range(0, 60)
                .mapToObj(n -> "Sentence number " + n + " says so and ends.")
                .toList();

        List<Section> sections = cut(new Block("A", String.join(" ", sentences)));

        assertThat(sections).hasSizeGreaterThan(1).allSatisfy(section -> {
            assertThat(Sections.sizeOf(section.text())).isLessThanOrEqualTo(Sections.MOST);
            assertThat(section.text()).startsWith("Sentence").endsWith("ends.");
            assertThat(section.heading()).isEqualTo("A");
        });
        assertThat(sections.stream().map(Section::text).collect(Collectors.joining(" ")))
                .isEqualTo(String.join(" ", sentences));
    }

    @Test
    void aLongListIsCutBetweenItsItems() {
        String list = IntStream.range(0, 100)
                .mapToObj(n -> "- item " + n + " of the list")
                .collect(Collectors.joining("\n"));

        assertThat(cut(new Block("", list))).hasSizeGreaterThan(1).allSatisfy(section -> assertThat(
                        section.text().lines())
                .allMatch(line -> line.matches("- item \\d+ of the list")));
    }

    @Test
    void whatHasNoSentencesIsBoundedAllTheSameAndNothingIsLost() {
        for (String endless : List.of(words(1_000).replace(".", ""), "字".repeat(9_001), "😀".repeat(5_001))) {
            List<Section> sections = cut(new Block("", endless));

            assertThat(sections).allSatisfy(section -> assertThat(Sections.sizeOf(section.text()))
                    .isLessThanOrEqualTo(Sections.MOST));
            assertThat(sections.stream()
                            .map(Section::text)
                            .collect(Collectors.joining())
                            .replaceAll("\\s", ""))
                    .isEqualTo(endless.replaceAll("\\s", ""));
        }
    }

    private static List<Section> cut(Block... blocks) {
        return Sections.of(List.of(blocks), Locale.ENGLISH);
    }

    private static String words(int count) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            words.add(i == count - 1 ? "end." : "word");
        }
        return String.join(" ", words);
    }
}
