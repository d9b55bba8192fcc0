package io.opsrelay.ingestion.mime.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Attacks by HTML, judged by what a parser makes of the result and not by looking for words in it. */
class SafeHtmlTest {

    private static final Set<String> DANGEROUS = Set.of(
            "script",
            "style",
            "iframe",
            "frame",
            "object",
            "embed",
            "applet",
            "form",
            "input",
            "button",
            "textarea",
            "select",
            "svg",
            "math",
            "link",
            "meta",
            "base",
            "template",
            "noscript",
            "video",
            "audio",
            "source",
            "track",
            "canvas",
            "portal",
            "details",
            "dialog",
            "marquee",
            "isindex",
            "xml",
            "xmp",
            "plaintext",
            "listing",
            "keygen",
            "bgsound",
            "layer",
            "image");
    private static final Set<String> ALLOWED_ATTRIBUTES = Set.of(
            "href",
            "rel",
            "src",
            "data-remote-src",
            "alt",
            "width",
            "height",
            "border",
            "cellpadding",
            "cellspacing",
            "colspan",
            "rowspan",
            "align",
            "valign",
            "bgcolor",
            "color",
            "dir",
            "title",
            "start",
            "style");

    @ParameterizedTest
    @MethodSource("io.opsrelay.ingestion.mime.html.Attacks#all")
    void nothingThatRunsOrLoadsComesThrough(String attack) {
        String safe = SafeHtml.of(attack);

        for (Element element : Jsoup.parse(safe).body().getAllElements()) {
            assertThat(DANGEROUS).as(safe).doesNotContain(element.normalName());
            for (Attribute attribute : element.attributes()) {
                assertThat(ALLOWED_ATTRIBUTES).as(safe).contains(attribute.getKey());
                String value = attribute.getValue().toLowerCase(Locale.ROOT);
                switch (attribute.getKey()) {
                    case "href" -> assertThat(value).matches("(?s)(?:https?://|mailto:|tel:).*");
                    case "src" -> assertThat(value).matches("(?s)(?:cid:|data:image/(?:png|jpe?g|gif|webp);base64,).*");
                    case "style" -> assertThat(value).doesNotContain("url", "expression", "import", "\\", "position");
                    default -> assertThat(attribute.getKey()).doesNotStartWith("on");
                }
            }
        }
        // What is safe stays as it is: cleaning twice changes nothing more.
        assertThat(SafeHtml.of(SafeHtml.of(safe))).isEqualTo(SafeHtml.of(safe));
    }

    @Test
    void everyLinkTellsTheBrowserNotToSayWhereItCameFrom() {
        assertThat(SafeHtml.of("<a href=\"https://ok.example\" rel=\"opener\">x</a>"))
                .contains("noopener")
                .contains("noreferrer")
                .contains("nofollow");
        assertThat(SafeHtml.of("<a href=\"mailto:a@b.example\">x</a><a href=\"tel:+49123\">y</a>"))
                .contains("href=\"mailto:a&#64;b.example\"")
                .contains("tel:");
    }

    @Test
    void theFormOfAnHonestMailIsKept() {
        String mail = "<table border=\"1\" cellpadding=\"4\"><tr><td align=\"left\" bgcolor=\"#ffffff\">"
                + "<p style=\"color:red;font-weight:bold\">x</p></td></tr></table>";

        assertThat(SafeHtml.of(mail))
                .contains("border=\"1\"")
                .contains("align=\"left\"")
                .contains("bgcolor=\"#ffffff\"")
                .contains("color:red")
                .contains("font-weight:bold");
    }
}
