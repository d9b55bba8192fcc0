package io.opsrelay.ingestion.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What happens at the limits of a mail's size, and to what goes to the sink. */
class MailLimitsTest {

    private static final String HEAD = "From: jane@customer.example\r\nMessage-ID: <a@b>\r\nSubject: x\r\n";
    private static final MailLimits SMALL = new MailLimits(20_000, 3, 5, 50, 2_000, 100, "X-OpsRelay-Message");

    private final MailParser small = new MailParser(SMALL);

    @Test
    void aMailOf25MegabytesIsReadWithoutEverBeingWholeOnTheHeap() throws Exception {
        int chunks = 3;
        byte[] block = new byte[57 * 1024];
        new Random(1).nextBytes(block);
        int blocks = 110;
        List<InputStream> mail = new ArrayList<>();
        mail.add(
                bytes(
                        HEAD
                                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nthree files\r\n"));
        byte[] encoded = (Base64.getMimeEncoder(76, new byte[] {'\r', '\n'}).encodeToString(block) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        for (int chunk = 0; chunk < chunks; chunk++) {
            mail.add(bytes("--b\r\nContent-Type: application/octet-stream; name=f" + chunk
                    + "\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
            for (int i = 0; i < blocks; i++) {
                mail.add(new ByteArrayInputStream(encoded));
            }
        }
        mail.add(bytes("--b--\r\n"));
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        for (int i = 0; i < blocks; i++) {
            expected.update(block);
        }
        String wanted = HexFormat.of().formatHex(expected.digest());
        List<String> digests = new ArrayList<>();
        byte[] buffer = new byte[16_384];
        AttachmentSink sink = (name, type, id, content) -> digests.add(digest(content, buffer));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        new MailParser().parse(bytes(HEAD + "\r\nwarm"), sink);
        long before = threads.getCurrentThreadAllocatedBytes();

        ParsedMail parsed = new MailParser().parse(new SequenceInputStream(Collections.enumeration(mail)), sink);

        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat((long) encoded.length * blocks * chunks).isGreaterThan(25_000_000);
        assertThat(digests).hasSize(3).allMatch(wanted::equals);
        assertThat(parsed.parts()).extracting(MailPart::size).containsOnly((long) block.length * blocks);
        assertThat(parsed.defects()).isEmpty();
        assertThat(allocated).as("bytes allocated for a mail of 25 MB").isLessThan(8L * 1024 * 1024);
    }

    private static String digest(InputStream content, byte[] buffer) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (int count = content.read(buffer); count >= 0; count = content.read(buffer)) {
                digest.update(buffer, 0, count);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aMailOfTooManyBytesIsRefused() {
        String mail = HEAD + "\r\n" + "x".repeat(20_000);

        assertThatThrownBy(() -> small.parse(bytes(mail), AttachmentSink.NONE))
                .isInstanceOfSatisfying(MailFormatException.class, e -> assertThat(e.reason())
                        .isEqualTo(MailFormatException.Reason.TOO_LARGE));
    }

    @Test
    void aMailThatBecomesTooLargeWithinAnAttachmentIsRefusedEvenIfTheSinkWrapsTheError() {
        String mail = HEAD + "Content-Type: application/pdf\r\n\r\n" + "x".repeat(30_000);
        AttachmentSink sink = (name, type, id, content) -> {
            try {
                content.readAllBytes();
            } catch (IOException e) {
                throw new IllegalStateException("storing failed", e);
            }
        };

        assertThatThrownBy(() -> small.parse(bytes(mail), sink))
                .isInstanceOfSatisfying(MailFormatException.class, e -> assertThat(e.reason())
                        .isEqualTo(MailFormatException.Reason.TOO_LARGE));
    }

    @Test
    void aMailOfExactlyTheLimitIsRead() throws Exception {
        String head = HEAD + "\r\n";
        String mail = head + "x".repeat((int) SMALL.maxBytes() - head.length());

        assertThat(small.parse(bytes(mail), AttachmentSink.NONE).text()).hasSize(100);
    }

    @Test
    void aLongTextIsCutAtAWholeCharacter() throws Exception {
        ParsedMail parsed = small.parse(
                bytes(HEAD + "Content-Type: text/plain; charset=utf-8\r\n\r\nx" + "🔥".repeat(80)),
                AttachmentSink.NONE);

        assertThat(parsed.text()).hasSize(99).endsWith("🔥");
        assertThat(parsed.defects()).containsExactly(MailDefect.TEXT_CUT);
    }

    @Test
    void theTextsOfAllPartsTogetherAreLimited() throws Exception {
        String part = "--b\r\n\r\n" + "y".repeat(60) + "\r\n";
        ParsedMail parsed = small.parse(
                bytes(HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part.repeat(3) + "--b--"),
                AttachmentSink.NONE);

        assertThat(parsed.text().length()).isLessThanOrEqualTo(100);
        assertThat(parsed.defects()).containsExactly(MailDefect.TEXT_CUT);
    }

    @Test
    void tooManyPartsAreLeftOutAndTheRestIsShown() throws Exception {
        String part = "--b\r\nContent-Type: image/png\r\n\r\npng\r\n";
        ParsedMail parsed = small.parse(
                bytes(HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n" + part.repeat(20)
                        + "--b--"),
                AttachmentSink.NONE);

        assertThat(parsed.text()).isEqualTo("text");
        assertThat(parsed.parts()).hasSize(4);
        assertThat(parsed.defects()).containsExactly(MailDefect.TOO_MANY_PARTS);
    }

    @Test
    void multipartsThatAreTooDeepAreLeftOutAndTheRestIsShown() throws Exception {
        StringBuilder mail =
                new StringBuilder(HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n");
        for (int i = 0; i < 6; i++) {
            mail.append("Content-Type: multipart/mixed; boundary=i")
                    .append(i)
                    .append("\r\n\r\n--i")
                    .append(i)
                    .append("\r\n");
        }
        ParsedMail parsed = small.parse(bytes(mail + "\r\ndeep"), AttachmentSink.NONE);

        assertThat(parsed.text()).isEqualTo("text");
        assertThat(parsed.defects()).contains(MailDefect.TOO_DEEP);
    }

    @Test
    void tooManyHeadersAreLeftOutAndWhatCameBeforeThemIsShown() throws Exception {
        ParsedMail parsed = small.parse(bytes(HEAD + "X-A: b\r\n".repeat(100) + "\r\ntext"), AttachmentSink.NONE);

        assertThat(parsed.subject()).isEqualTo("x");
        assertThat(parsed.defects()).contains(MailDefect.HEADERS_CUT);
    }

    @Test
    void aHeaderThatIsTooLongIsLeftOut() throws Exception {
        ParsedMail parsed =
                small.parse(bytes(HEAD + "X-A: " + "b".repeat(5_000) + "\r\n\r\ntext"), AttachmentSink.NONE);

        assertThat(parsed.from()).isEqualTo(new Address(null, "jane@customer.example"));
        assertThat(parsed.defects()).contains(MailDefect.HEADERS_CUT);
    }

    @Test
    void whatTheSinkThrowsReachesTheCallerAsItIs() {
        IOException full = new IOException("disk full");
        AttachmentSink sink = (name, type, id, content) -> {
            throw full;
        };

        assertThatThrownBy(() -> small.parse(bytes(HEAD + "Content-Type: image/png\r\n\r\npng"), sink))
                .isSameAs(full);
    }

    @Test
    void whatTheConnectionThrowsReachesTheCallerAsItIs() {
        IOException reset = new IOException("connection reset");
        InputStream broken = new SequenceInputStream(bytes(HEAD + "\r\nhello"), new InputStream() {
            @Override
            public int read() throws IOException {
                throw reset;
            }
        });

        assertThatThrownBy(() -> small.parse(broken, AttachmentSink.NONE)).isSameAs(reset);
    }

    @Test
    void aSinkThatReadsNothingAndClosesTheStreamDoesNotDisturbTheRest() throws Exception {
        String mail = HEAD
                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: image/png\r\n\r\n12345\r\n--b\r\n\r\nafter\r\n--b--";

        ParsedMail parsed = small.parse(bytes(mail), (name, type, id, content) -> content.close());

        assertThat(parsed.text()).isEqualTo("after");
        assertThat(parsed.parts()).singleElement().extracting(MailPart::size).isEqualTo(5L);
    }

    @Test
    void theMailIsReadToItsVeryEndSoThatTheOriginalCanBeKeptBesideIt() throws Exception {
        InputStream mail = bytes(HEAD + "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n"
                + "epilogue\r\n".repeat(500));

        small.parse(mail, AttachmentSink.NONE);

        assertThat(mail.read()).isEqualTo(-1);
    }

    @Test
    void fieldsThatAProviderTookApartAreReadByTheSameRules() {
        MailFields fields = new MailFields(
                List.of(
                        new MailFields.Header("From", "=?UTF-8?Q?J=C3=BCrgen?= <j@customer.example>"),
                        new MailFields.Header("Subject", "Re: Printer"),
                        new MailFields.Header("Message-ID", "<m1@customer.example>"),
                        new MailFields.Header("In-Reply-To", "<out1@acme.example>"),
                        new MailFields.Header("Auto-Submitted", "auto-replied")),
                "Yes.\r\n\r\nOn Mon, 2 Nov 2026, Support <s@acme.example> wrote:\r\n> On?\0\r\n",
                "<p>Yes.</p><script>alert(1)</script>",
                List.of(new MailPart("a.pdf", "application/pdf", null, MailPart.Role.ATTACHMENT, 7)));

        ParsedMail parsed = small.read(fields);

        assertThat(parsed.from()).isEqualTo(new Address("Jürgen", "j@customer.example"));
        assertThat(parsed.inReplyTo()).containsExactly("out1@acme.example");
        assertThat(parsed.text()).isEqualTo("Yes.\n\nOn Mon, 2 Nov 2026, Support <s@acme.example> wrote:\n> On?");
        assertThat(parsed.replyText()).isEqualTo("Yes.");
        assertThat(parsed.html()).isEqualTo("<p>Yes.</p>");
        assertThat(parsed.kind()).isInstanceOf(MailKind.AutoReply.class);
        assertThat(parsed.parts()).hasSize(1);
        assertThat(parsed.defects()).isEmpty();
    }

    @Test
    void onlyWhatAPersonWroteMayBeAnsweredByAMachine() {
        assertThat(new MailKind.Ordinary().mayBeAnsweredByMachine()).isTrue();
        assertThat(Arrays.stream(MailKind.class.getPermittedSubclasses())).hasSize(11);
        assertThat(List.of(
                        new MailKind.AutoReply("x"),
                        new MailKind.Generated("x"),
                        new MailKind.Challenge(),
                        new MailKind.OwnNotification(),
                        new MailKind.CalendarReply("REPLY"),
                        new MailKind.ListMail(null),
                        new MailKind.ReadReceipt(null, null),
                        new MailKind.DeliveryNotice(null, null),
                        new MailKind.Complaint(null, null),
                        new MailKind.Bounce(true, null, null, null, null)))
                .noneMatch(MailKind::mayBeAnsweredByMachine);
    }

    @Test
    void limitsThatAreNoneAreRefused() {
        assertThatThrownBy(() -> new MailLimits(0, 1, 1, 1, 998, 1, "X")).isInstanceOf(IllegalArgumentException.class);
    }

    private static InputStream bytes(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
