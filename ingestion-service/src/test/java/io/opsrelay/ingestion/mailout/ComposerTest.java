package io.opsrelay.ingestion.mailout;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComposerTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Lamp broken            | Re: Lamp broken",
                "Re: Lamp broken        | Re: Lamp broken",
                "RE: re[2]: AW: Lamp    | Re: Lamp",
                "Re:Re:Re:              | Re:",
                "''                     | Re:",
                "Reply: all             | Re: Reply: all",
                "Regarding re: this     | Re: Regarding re: this",
                "Größe — 灯             | Re: Größe — 灯",
            })
    void aSubjectHasOneMarkOfAReply(String subject, String expected) {
        assertThat(Composer.subject(subject, "")).isEqualTo(expected);
    }

    @Test
    void aSubjectIsOneLineHoweverItIsWritten() {
        assertThat(Composer.subject("Lamp\r\nBcc: all@example.com\r\n\r\n<p>", ""))
                .isEqualTo("Re: Lamp Bcc: all@example.com <p>");
        assertThat(Composer.subject("a\0b\u2028c\u0085d\tе", "")).isEqualTo("Re: a b c d е");
    }

    @Test
    void aTagStandsOnceAndALongSubjectIsCutBetweenCharacters() {
        String tag = " [#00vjr6o000000000000000007v.k3v9t2m4q8x1]";

        assertThat(Composer.subject("Re: Lamp" + tag, tag)).isEqualTo("Re: Lamp" + tag);
        String cut = Composer.subject("💡".repeat(300), tag);
        assertThat(cut).endsWith("💡…" + tag).hasSize(4 + 199 * 2 + 1 + tag.length());
    }

    @Test
    void textsHaveTheLineEndsOfMailsAndNothingThatIsNotText() {
        assertThat(Composer.text("a\nb\r\nc\rd\te\u0000f\u001b[31m\n\n")).isEqualTo("a\r\nb\r\nc\r\nd\tef[31m\r\n");
        assertThat(Composer.text("💡")).isEqualTo("💡\r\n");
    }

    @Test
    void htmlSaysTheSameWordsAndNoneOfThemIsMarkup() {
        assertThat(Composer.html("Hi <b>Zoë</b> & all\r\nsecond\r\n\r\n<script>alert('x')</script>\r\n"))
                .isEqualTo("<!DOCTYPE html>\r\n<html><body>\r\n"
                        + "<p>Hi &lt;b&gt;Zoë&lt;/b&gt; &amp; all<br>\r\nsecond</p>\r\n"
                        + "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>\r\n"
                        + "</body></html>\r\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "mary.major@example.org | mary.major@example.org",
                "zoe@bücher.example     | zoe@xn--bcher-kva.example",
                "zoë@example.org        | -",
                "nobody                 | -",
                "@example.org           | -",
                "a b@example.org        | -",
                "a@b.co,c@d.co          | -",
                "<a@b.co>               | -",
            })
    void aRecipientIsOneAddressThatAnyServerUnderstands(String email, String expected) {
        assertThat(Composer.recipient(email).orElse(null)).isEqualTo(expected);
    }
}
