package io.opsrelay.ingestion.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each mail of the corpus says what is expected of it; what it does not say about defects is that there are none. */
class MailCorpusTest {

    private static final Set<String> KNOWN = Set.of(
            "subject",
            "from",
            "to",
            "cc",
            "reply-to",
            "message-id",
            "in-reply-to",
            "references",
            "sent",
            "text",
            "text has",
            "text lacks",
            "html",
            "html has",
            "html lacks",
            "reply",
            "reply has",
            "reply lacks",
            "part",
            "content",
            "kind",
            "security",
            "defects",
            "error");

    private final MailParser parser = new MailParser();

    @TestFactory
    Stream<DynamicTest> everyMailIsReadAsItsExpectationsSay() {
        return Corpus.all().stream().map(sample -> DynamicTest.dynamicTest(sample.toString(), () -> check(sample)));
    }

    @Test
    void theCorpusHasAtLeastAHundredAndFiftyMailsWithDifferentNames() {
        List<String> names = Corpus.all().stream().map(Corpus.Sample::toString).toList();

        assertThat(names).hasSizeGreaterThanOrEqualTo(150).doesNotHaveDuplicates();
        assertThat(Corpus.all()).allSatisfy(sample -> assertThat(KNOWN)
                .containsAll(sample.expected().keySet()));
        assertThat(Corpus.all())
                .allSatisfy(sample -> assertThat(sample.expected()).isNotEmpty());
    }

    private void check(Corpus.Sample sample) throws Exception {
        List<String> contents = new ArrayList<>();
        AttachmentSink sink = (name, type, id, content) ->
                contents.add(new String(content.readAllBytes(), java.nio.charset.StandardCharsets.ISO_8859_1));
        if (sample.expected().containsKey("error")) {
            assertThatThrownBy(() -> parser.parse(new ByteArrayInputStream(sample.raw()), sink))
                    .isInstanceOfSatisfying(
                            MailFormatException.class,
                            e -> assertThat(e.reason().name()).isEqualTo(sample.one("error")));
            return;
        }
        ParsedMail mail = parser.parse(new ByteArrayInputStream(sample.raw()), sink);
        SoftAssertions softly = new SoftAssertions();
        headers(sample, mail, softly);
        texts(sample, mail, softly);
        each(sample, "content", value -> softly.assertThat(contents)
                .as("contents")
                .anyMatch(c -> c.contains(value)));
        if (sample.expected().containsKey("part")) {
            softly.assertThat(mail.parts().stream()
                            .map(p -> p.fileName() + " " + p.mediaType() + " " + p.role() + " " + p.size()
                                    + (p.contentId() == null ? "" : " cid:" + p.contentId()))
                            .toList())
                    .as("parts")
                    .isEqualTo(sample.all("part"));
        } else {
            softly.assertThat(mail.parts()).as("parts").isEmpty();
        }
        each(sample, "kind", value -> softly.assertThat(mail.kind().toString())
                .as("kind")
                .startsWith(value));
        each(sample, "security", value -> softly.assertThat(mail.security().toString())
                .as("security")
                .contains(value));
        Set<String> defects = new TreeSet<>();
        each(sample, "defects", value -> defects.addAll(List.of(value.split(" "))));
        softly.assertThat(new TreeSet<>(mail.defects().stream().map(Enum::name).toList()))
                .as("defects")
                .isEqualTo(defects);
        softly.assertAll();
    }

    private static void headers(Corpus.Sample sample, ParsedMail mail, SoftAssertions softly) {
        each(sample, "subject", value -> softly.assertThat(mail.subject())
                .as("subject")
                .isEqualTo(value));
        each(sample, "from", value -> softly.assertThat(String.valueOf(mail.from()))
                .as("from")
                .isEqualTo(value));
        each(sample, "to", value -> softly.assertThat(joined(mail.to()))
                .as("to")
                .isEqualTo(value));
        each(sample, "cc", value -> softly.assertThat(joined(mail.cc()))
                .as("cc")
                .isEqualTo(value));
        each(sample, "reply-to", value -> softly.assertThat(joined(mail.replyTo()))
                .as("reply-to")
                .isEqualTo(value));
        each(sample, "message-id", value -> softly.assertThat(String.valueOf(mail.messageId()))
                .as("id")
                .isEqualTo(value));
        each(sample, "in-reply-to", value -> softly.assertThat(String.join(" ", mail.inReplyTo()))
                .as("in-reply-to")
                .isEqualTo(value));
        each(sample, "references", value -> softly.assertThat(String.join(" ", mail.references()))
                .as("references")
                .isEqualTo(value));
        each(sample, "sent", value -> softly.assertThat(String.valueOf(mail.sentAt()))
                .as("sent")
                .isEqualTo(value));
    }

    private static void texts(Corpus.Sample sample, ParsedMail mail, SoftAssertions softly) {
        String html = String.valueOf(mail.html());
        each(sample, "text", value -> softly.assertThat(mail.text()).as("text").isEqualTo(value));
        each(sample, "text has", value -> softly.assertThat(mail.text())
                .as("text")
                .contains(value));
        each(sample, "text lacks", value -> softly.assertThat(mail.text())
                .as("text")
                .doesNotContain(value));
        each(sample, "html", value -> softly.assertThat(html).as("html").isEqualTo(value));
        each(sample, "html has", value -> softly.assertThat(html).as("html").contains(value));
        each(sample, "html lacks", value -> softly.assertThat(html).as("html").doesNotContainIgnoringCase(value));
        each(sample, "reply", value -> softly.assertThat(mail.replyText())
                .as("reply")
                .isEqualTo(value));
        each(sample, "reply has", value -> softly.assertThat(mail.replyText())
                .as("reply")
                .contains(value));
        each(sample, "reply lacks", value -> softly.assertThat(mail.replyText())
                .as("reply")
                .doesNotContain(value));
    }

    private static String joined(List<Address> addresses) {
        return String.join(", ", addresses.stream().map(Address::toString).toList());
    }

    private static void each(Corpus.Sample sample, String key, Consumer<String> check) {
        sample.all(key).forEach(check);
    }
}
