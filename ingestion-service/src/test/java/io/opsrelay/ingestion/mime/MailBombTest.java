package io.opsrelay.ingestion.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Mails that somebody wrote to keep a parser busy, or to make it swell. */
class MailBombTest {

    private static final long MAX_CPU_NANOS = 10_000_000_000L;
    private static final long MAX_ALLOCATED = 256L * 1024 * 1024;
    private static final String HEAD = "From: jane@customer.example\r\nMessage-ID: <a@b>\r\n";

    private final MailParser parser = new MailParser();

    private record Bomb(String name, Supplier<String> mail) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Bomb> bombs() {
        return Stream.of(
                new Bomb("multiparts five thousand deep", () -> HEAD + nested(5_000)),
                new Bomb(
                        "a hundred thousand parts",
                        () -> HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                + "--b\r\n\r\nx\r\n".repeat(100_000)),
                new Bomb("a hundred thousand headers", () -> HEAD + "X-A: b\r\n".repeat(100_000) + "\r\nx"),
                new Bomb(
                        "one header of five megabytes", () -> HEAD + "Subject: " + "a".repeat(5_000_000) + "\r\n\r\nx"),
                new Bomb(
                        "a header folded a hundred thousand times",
                        () -> HEAD + "Subject: a" + "\r\n b".repeat(100_000) + "\r\n\r\nx"),
                new Bomb(
                        "encoded words that never end",
                        () -> HEAD + "Subject: " + "=?a?q?".repeat(20_000) + "\r\n\r\nx"),
                new Bomb(
                        "encoded words with one end",
                        () -> HEAD + "Subject: " + "=?a?q?".repeat(20_000) + "?=\r\n\r\nx"),
                new Bomb("comments inside comments", () -> HEAD + "To: " + "(".repeat(120_000) + "\r\n\r\nx"),
                new Bomb("quotes without end", () -> HEAD + "To: " + "\"a".repeat(60_001) + "\r\n\r\nx"),
                new Bomb("brackets without end", () -> HEAD + "To: " + "<".repeat(120_000) + "\r\n\r\nx"),
                new Bomb(
                        "colons behind an at sign",
                        () -> HEAD + "To: " + "a".repeat(60_000) + "@" + ":".repeat(60_000) + "\r\n\r\nx"),
                new Bomb("commas", () -> HEAD + "To: " + "a,".repeat(60_000) + "\r\n\r\nx"),
                new Bomb("nine thousand recipients", () -> HEAD + "To: " + "a@b.example, ".repeat(9_000) + "\r\n\r\nx"),
                new Bomb(
                        "references without number",
                        () -> HEAD + "References: " + "<a@b>".repeat(25_000) + "\r\n\r\nx"),
                new Bomb(
                        "references that never close", () -> HEAD + "References: " + "<".repeat(120_000) + "\r\n\r\nx"),
                new Bomb(
                        "parameters without number",
                        () -> HEAD + "Content-Type: text/plain" + ";a=b".repeat(30_000) + "\r\n\r\nx"),
                new Bomb(
                        "a parameter in a thousand pieces",
                        () -> HEAD + "Content-Type: text/plain; " + "name*1=a;".repeat(10_000) + "\r\n\r\nx"),
                new Bomb("a million empty lines", () -> HEAD + "\r\n" + "\r\n".repeat(1_000_000)),
                new Bomb("a line of a million spaces", () -> HEAD + "\r\nx" + " ".repeat(1_000_000) + "x"),
                new Bomb("a hundred thousand quotes", () -> HEAD + "\r\n" + "> x\r\ny\r\n".repeat(60_000)),
                new Bomb("introductions only", () -> HEAD + "\r\n" + "On 1 a@b wrote\r\n".repeat(30_000)),
                new Bomb(
                        "introductions that almost match",
                        () -> HEAD + "\r\n" + ("Le 1 " + "a écrit ".repeat(50) + ":x:\r\n").repeat(1_000)),
                new Bomb("blocks of headers", () -> HEAD + "\r\n" + "From: a\r\n".repeat(50_000)),
                new Bomb("uuencode without end", () -> HEAD + "\r\n" + "begin 644 a\r\n%2&5L;&\\\r\n".repeat(20_000)),
                new Bomb(
                        "a bounce full of spaces",
                        () -> "From: MAILER-DAEMON@x.example\r\nSubject: failure notice\r\n\r\n"
                                + ("a@b.example" + " ".repeat(60_000) + "x\r\n").repeat(5)),
                new Bomb("elements a hundred thousand deep", () -> html("<div>".repeat(90_000) + "x")),
                new Bomb("tables inside tables", () -> html("<table><tr><td>".repeat(20_000) + "x")),
                new Bomb("lists inside lists", () -> html("<ul><li>".repeat(50_000) + "x")),
                new Bomb("quotes inside quotes", () -> html("<blockquote type=cite>x".repeat(18_000))),
                new Bomb("formatting that never closes", () -> html("<b><i><p>".repeat(50_000) + "x")),
                new Bomb("links without text", () -> html("<a href='https://x.example'>".repeat(15_000) + "x")),
                new Bomb(
                        "an element with a hundred thousand attributes", () -> html("<p " + attributes(60_000) + ">x")),
                new Bomb("brackets that open nothing", () -> html("<".repeat(450_000))),
                new Bomb("entities", () -> html("&amp;&lt;&#x41;".repeat(30_000))),
                new Bomb(
                        "a style sheet without end",
                        () -> html("<style>" + ".a,".repeat(150_000) + "{display:none}</style>x")),
                new Bomb(
                        "media rules inside media rules",
                        () -> html("<style>" + "@media x{".repeat(40_000) + "</style>x")),
                new Bomb("comments that never close", () -> html("<!--".repeat(100_000) + "x")),
                new Bomb("cells without number", () -> html("<table><tr>" + "<td>x".repeat(80_000))),
                new Bomb("styles without number", () -> html("<p style='" + "color:red;".repeat(40_000) + "'>x")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bombs")
    void aBombIsReadSoonAndSmall(Bomb bomb) throws Exception {
        byte[] mail = bomb.mail().get().getBytes(StandardCharsets.UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        long began = threads.getCurrentThreadCpuTime();

        ParsedMail parsed = parser.parse(new ByteArrayInputStream(mail), AttachmentSink.NONE);

        assertThat(threads.getCurrentThreadCpuTime() - began)
                .as("time of the processor")
                .isLessThan(MAX_CPU_NANOS);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                .as("bytes allocated")
                .isLessThan(MAX_ALLOCATED);
        MailFuzzTest.checkPromises(parsed, bomb.name());
    }

    private static String html(String html) {
        return HEAD + "Content-Type: text/html; charset=utf-8\r\n\r\n" + html;
    }

    private static String attributes(int count) {
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < count; i++) {
            all.append('a').append(i).append(' ');
        }
        return all.toString();
    }

    private static String nested(int depth) {
        StringBuilder mail = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        }
        return mail.append("\r\nx").toString();
    }
}
