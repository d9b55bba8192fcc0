package io.opsrelay.agent.knowledge;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.agent.knowledge.Article.Format;
import io.opsrelay.agent.knowledge.ArticleText.Block;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArticleTextTest {

    @Test
    void markdownKeepsHeadingsListsTablesAndCodeReadable() {
        assertThat(markdown("""
                        # Routers
                        Turn it off
                        and on again.

                        ## Reset
                        1. Press the button.
                        2. Wait:
                           - ten seconds
                           - or more

                        ```
                        reset --hard
                          now
                        ```

                        ### Lights
                        | Colour | Meaning |
                        | --- | --- |
                        | red | no line |

                        ## Warranty
                        Two years.
                        """))
                .containsExactly(
                        new Block("Routers", "Turn it off and on again."),
                        new Block("Routers > Reset", "- Press the button.\n- Wait:\n  - ten seconds\n  - or more"),
                        new Block("Routers > Reset", "reset --hard\n  now"),
                        new Block("Routers > Reset > Lights", "Colour | Meaning\nred | no line"),
                        new Block("Routers > Warranty", "Two years."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<script>secret()</script>",
                "<style>.secret{}</style>",
                "<p hidden>secret</p>",
                "<div style='display : none'><b>secret</b></div>",
                "<span style='VISIBILITY:hidden'>secret</span>",
                "<p style='font-size:0'>secret</p>",
                "<i aria-hidden='true'>secret</i>",
                "<!-- secret -->",
                "<template><p>secret</p></template>",
                "<svg><text>secret</text></svg>",
                "<textarea>secret</textarea>"
            })
    void whatNobodySeesIsNoText(String unseen) {
        assertThat(ArticleText.blocksOf(Format.HTML, "<p>Seen.</p>" + unseen + "<p>Too.</p>", "T"))
                .extracting(Block::text)
                .containsExactly("Seen.", "Too.");
        assertThat(markdown("Seen.\n\n" + unseen + "\n\nToo."))
                .noneSatisfy(block -> assertThat(block.text()).contains("secret"));
    }

    @Test
    void aHeadingThatRepeatsTheTitleIsLeftOut() {
        assertThat(ArticleText.blocksOf(Format.HTML, "<h1>Returns</h1><h2>Shoes</h2><p>Yes.</p>", "returns"))
                .containsExactly(new Block("Shoes", "Yes."));
    }

    @Test
    void wrappedLinesOfATextAreJoinedAndListsStayLists() {
        assertThat(ArticleText.blocksOf(Format.TEXT, "We ship\ndaily.\n\nTo:\n- Spain\n- France\n", "T"))
                .extracting(Block::text)
                .containsExactly("We ship daily.", "To:\n- Spain\n- France");
    }

    @Test
    void charactersThatAreNotSeenOrTurnTheOrderAreDropped() {
        assertThat(ArticleText.blocksOf(Format.TEXT, "a\u200Bb\u202Ec\u2066d\u0007", "T"))
                .containsExactly(new Block("", "abcd"));
    }

    @ParameterizedTest
    @EnumSource(Format.class)
    void endlessNestingIsReadAllTheSame(Format format) {
        String deep = ">".repeat(50_000) + "<div>".repeat(50_000) + "text";

        assertThat(ArticleText.blocksOf(format, deep, "T")).isNotNull();
    }

    private static List<Block> markdown(String text) {
        return ArticleText.blocksOf(Format.MARKDOWN, text, "T");
    }
}
