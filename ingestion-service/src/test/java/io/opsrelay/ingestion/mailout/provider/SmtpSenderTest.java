package io.opsrelay.ingestion.mailout.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.opsrelay.ingestion.mailout.provider.FakeSmtp.Fault;
import io.opsrelay.ingestion.mailout.provider.SmtpServer.Security;
import jakarta.mail.BodyPart;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SmtpSenderTest extends MailSenderContract {

    private final FakeSmtp server = new FakeSmtp();

    SmtpSenderTest() {
        server.want("relay", "s3cret");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Override
    MailSender sender() {
        return sender(server.port(), "s3cret", true);
    }

    @Override
    MailSender withWrongSecret() {
        return sender(server.port(), "wr0ng", true);
    }

    @Override
    MailSender toNobody() {
        return sender(1, "s3cret", true);
    }

    private static MailSender sender(int port, String password, boolean allowPrivate) {
        return new SmtpSender(new SmtpServer(
                "127.0.0.1", port, Security.NONE, "relay", password, null, Duration.ofSeconds(10), allowPrivate));
    }

    @Override
    void refuseNextRecipient() {
        server.faults(Fault.NO_SUCH_USER);
    }

    @Override
    void busyNext() {
        server.faults(Fault.BUSY);
    }

    @Override
    void loseNextAnswer() {
        server.faults(Fault.ANSWER_LOST);
    }

    @Override
    List<Arrived> arrived() {
        return server.mails().stream().map(SmtpSenderTest::read).toList();
    }

    private static Arrived read(FakeSmtp.Mail mail) {
        try {
            MimeMessage message = parsed(mail);
            InternetAddress from = (InternetAddress) message.getFrom()[0];
            MimeMultipart whole = (MimeMultipart) message.getContent();
            boolean mixed = whole.getContentType().startsWith("multipart/mixed");
            MimeMultipart parts = mixed ? (MimeMultipart) whole.getBodyPart(0).getContent() : whole;
            return new Arrived(
                    from.getAddress(),
                    from.getPersonal(),
                    String.join(",", mail.to()),
                    ((InternetAddress) message.getReplyTo()[0]).getAddress(),
                    message.getSubject(),
                    String.valueOf(parts.getBodyPart(0).getContent()),
                    String.valueOf(parts.getBodyPart(1).getContent()),
                    message.getMessageID(),
                    message.getHeader("In-Reply-To", null),
                    List.of(String.valueOf(message.getHeader("References", null))
                            .split("\\s+")),
                    message.getHeader("Auto-Submitted", null),
                    message.getHeader(OutgoingMail.MARK, null),
                    mixed ? files(whole) : Map.of());
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, String> files(MimeMultipart mixed) throws MessagingException, IOException {
        Map<String, String> files = new LinkedHashMap<>();
        for (int i = 1; i < mixed.getCount(); i++) {
            BodyPart part = mixed.getBodyPart(i);
            assertThat(part.getDisposition()).isEqualTo("attachment");
            files.put(
                    MimeUtility.decodeText(part.getFileName()),
                    digest(part.getInputStream().readAllBytes()));
        }
        return files;
    }

    private static MimeMessage parsed(FakeSmtp.Mail mail) throws MessagingException {
        return new MimeMessage(null, new ByteArrayInputStream(mail.raw().getBytes(StandardCharsets.ISO_8859_1)));
    }

    @Test
    void theHeadersAreTheseAndNoOthers() {
        sender().send(mail("Re: Lamp", "Acme"));

        String raw = server.mails().getFirst().raw();
        String head = raw.substring(0, raw.indexOf("\r\n\r\n"));
        assertThat(head.replaceAll("\\s*\r\n[ \t]+", " ").lines())
                .map(line -> line.replaceAll("boundary=.*", "boundary=..."))
                .containsExactlyInAnyOrder(
                        "From: Acme <support@acme.example>",
                        "To: mary.major@example.org",
                        "Reply-To: Acme" + " <support+018f5e6c-0000-7000-8000-000000000002.0123456789ab@acme.example>",
                        "Subject: Re: Lamp",
                        head.lines()
                                .filter(line -> line.startsWith("Date: "))
                                .findFirst()
                                .orElseThrow(),
                        "MIME-Version: 1.0",
                        "Content-Type: multipart/alternative; boundary=...",
                        "Message-ID: " + ID,
                        "In-Reply-To: " + SECOND,
                        "References: " + FIRST + " " + SECOND,
                        "Auto-Submitted: auto-replied",
                        "X-Auto-Response-Suppress: All",
                        "X-OpsRelay-Message: " + MARK);
        assertThat(raw).matches("[\\p{ASCII}]*");
        assertThat(raw.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(998));
        assertThat(server.mails().getFirst().from()).isEqualTo("support@acme.example");
    }

    @Test
    void aMegabyteInOneLineArrivesWhole() throws Exception {
        String line = "Lämpchen 💡 ".repeat(80_000) + "\r\n";

        assertThat(sender().send(withText(line))).isInstanceOf(Handover.Taken.class);

        MimeMultipart parts = (MimeMultipart) parsed(server.mails().getFirst()).getContent();
        assertThat(String.valueOf(parts.getBodyPart(0).getContent())).isEqualTo(line);
        assertThat(server.mails().getFirst().raw().lines())
                .allSatisfy(each -> assertThat(each).hasSizeLessThanOrEqualTo(998));
    }

    @Test
    void contentThatIsRefusedSaysNothingAgainstTheAddress() {
        server.faults(Fault.CONTENT_REFUSED, Fault.NO_SUCH_USER, Fault.CONTENT_LATER, Fault.BROKEN_OFF);

        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOfSatisfying(Handover.Refused.class, refused -> {
            assertThat(refused.badAddress()).isFalse();
            assertThat(refused.reason()).contains("554 5.7.1 looks like spam");
        });
        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOfSatisfying(Handover.Refused.class, refused -> {
            assertThat(refused.badAddress()).isTrue();
            assertThat(refused.reason()).contains("550 5.1.1 no such user here");
        });
        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Trouble.class);
        assertThat(sender().send(withText("x".repeat(100) + "\r\n" + "y\r\n".repeat(1_000_000))))
                .as("broken off before the end")
                .isInstanceOf(Handover.Trouble.class);
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void aServerInOurOwnNetworkIsNotSpokenToUnlessThatIsAllowed() {
        assertThat(sender(server.port(), "s3cret", false).send(mail("Re: Lamp", "")))
                .isInstanceOfSatisfying(Handover.Trouble.class, trouble -> assertThat(trouble.reason())
                        .contains("the server has an address that is loopback"));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void withoutTlsWhereItIsRequiredNothingIsHandedOver() {
        MailSender careful = new SmtpSender(new SmtpServer(
                "127.0.0.1", server.port(), Security.STARTTLS, "relay", "s3cret", null, Duration.ofSeconds(10), true));

        assertThat(careful.send(mail("Re: Lamp", "")))
                .isInstanceOfSatisfying(Handover.Trouble.class, trouble -> assertThat(trouble.reason())
                        .contains("STARTTLS"));
        assertThat(server.mails()).isEmpty();
    }

    @Test
    void behindStartTlsAMailGoesOnlyToWhomTheCertificateNames(@TempDir Path folder) throws Exception {
        TestCertificate right = new TestCertificate(folder, "ip:127.0.0.1");
        TestCertificate wrongName = new TestCertificate(folder, "dns:other.example");
        try (FakeSmtp secure = new FakeSmtp(right.shown());
                FakeSmtp pretender = new FakeSmtp(wrongName.shown())) {
            secure.want("relay", "s3cret");
            pretender.want("relay", "s3cret");

            assertThat(byStartTls(secure.port(), null).send(mail("Re: Lamp", "")))
                    .as("signed by nobody we know")
                    .isInstanceOf(Handover.Trouble.class);
            assertThat(byStartTls(pretender.port(), wrongName.believed()).send(mail("Re: Lamp", "")))
                    .as("for another name")
                    .isInstanceOf(Handover.Trouble.class);
            assertThat(byStartTls(secure.port(), right.believed()).send(mail("Re: Lamp", "")))
                    .isInstanceOf(Handover.Taken.class);
            assertThat(secure.mails()).hasSize(1);
            assertThat(pretender.mails()).isEmpty();
        }
    }

    private static MailSender byStartTls(int port, @Nullable SSLContext trust) {
        return new SmtpSender(new SmtpServer(
                "127.0.0.1", port, Security.STARTTLS, "relay", "s3cret", trust, Duration.ofSeconds(10), true));
    }

    @Test
    void aServerThatOthersWroteUnderstandsItToo() throws Exception {
        ServerSetup setup = new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP);
        setup.setServerStartupTimeout(60_000); // its own 2 s are soon over where a loaded machine halts
        GreenMail green = new GreenMail(setup);
        green.start();
        try {
            green.setUser("relay@acme.example", "relay", "s3cret");
            assertThat(sender(green.getSmtp().getPort(), "s3cret", true).send(mail("Re: Größe", "Zoë")))
                    .isInstanceOf(Handover.Taken.class);

            MimeMessage message = green.getReceivedMessages()[0];
            assertThat(message.getSubject()).isEqualTo("Re: Größe");
            assertThat(message.getMessageID()).isEqualTo(ID);
            assertThat(String.valueOf(((MimeMultipart) message.getContent())
                            .getBodyPart(0)
                            .getContent()))
                    .isEqualTo(TEXT);
        } finally {
            green.stop();
        }
    }

    private static OutgoingMail withText(String text) {
        OutgoingMail mail = mail("Re: Lamp", "");
        return new OutgoingMail(
                mail.mark(),
                mail.id(),
                mail.from(),
                mail.fromName(),
                mail.to(),
                mail.replyTo(),
                mail.subject(),
                null,
                List.of(),
                false,
                text,
                HTML,
                Instant.EPOCH,
                List.of());
    }
}
