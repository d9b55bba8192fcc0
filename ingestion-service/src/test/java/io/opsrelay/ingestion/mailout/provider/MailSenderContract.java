package io.opsrelay.ingestion.mailout.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What each way to hand mails over must do; runs against a fake of each provider. */
abstract class MailSenderContract {

    static final UUID MARK = UUID.fromString("018f5e6c-0000-7000-8000-000000000001");
    static final String ID = "<018f5e6c-0000-7000-8000-000000000001.018f5e6c-0000-7000-8000-000000000002@acme.example>";
    static final String FIRST = "<first@customer.example>";
    static final String SECOND = "<second@customer.example>";
    static final String TEXT = "Grüße, Zoë!\r\n.\r\n..two dots\r\nFrom here on.\r\n";
    static final String HTML = "<!DOCTYPE html>\r\n<html><body>\r\n<p>Grüße, Zoë!</p>\r\n</body></html>\r\n";

    /** What arrived, as its reader sees it. */
    record Arrived(
            String from,
            String fromName,
            String to,
            String replyTo,
            String subject,
            String text,
            String html,
            String id,
            String inReplyTo,
            List<String> references,
            String autoSubmitted,
            String mark,
            Map<String, String> files) {}

    abstract MailSender sender();

    abstract MailSender withWrongSecret();

    abstract MailSender toNobody();

    abstract void refuseNextRecipient();

    abstract void busyNext();

    abstract void loseNextAnswer();

    abstract List<Arrived> arrived();

    static OutgoingMail mail(String subject, String fromName, MailFile... files) {
        return new OutgoingMail(
                MARK,
                ID,
                "support@acme.example",
                fromName,
                "mary.major@example.org",
                "support+018f5e6c-0000-7000-8000-000000000002.0123456789ab@acme.example",
                subject,
                SECOND,
                List.of(FIRST, SECOND),
                true,
                TEXT,
                HTML,
                Instant.parse("2026-11-26T12:00:00Z"),
                List.of(files));
    }

    @Test
    void aMailArrivesAsItWasWritten() {
        assertThat(sender().send(mail("Re: Größe der Lampe — 灯 💡", "Acme Hilfe, Ärger \"GmbH\"")))
                .isInstanceOf(Handover.Taken.class);

        Arrived mail = arrived().getFirst();
        assertThat(mail.from()).isEqualTo("support@acme.example");
        assertThat(mail.fromName()).isEqualTo("Acme Hilfe, Ärger \"GmbH\"");
        assertThat(mail.to()).isEqualTo("mary.major@example.org");
        assertThat(mail.replyTo()).isEqualTo("support+018f5e6c-0000-7000-8000-000000000002.0123456789ab@acme.example");
        assertThat(mail.subject()).isEqualTo("Re: Größe der Lampe — 灯 💡");
        assertThat(mail.text()).isEqualTo(TEXT);
        assertThat(mail.html()).isEqualTo(HTML);
        assertThat(mail.id()).isEqualTo(ID);
        assertThat(mail.inReplyTo()).isEqualTo(SECOND);
        assertThat(mail.references()).containsExactly(FIRST, SECOND);
        assertThat(mail.autoSubmitted()).isEqualTo("auto-replied");
        assertThat(mail.mark()).isEqualTo(MARK.toString());
        assertThat(mail.files()).isEmpty();
    }

    @Test
    void filesArriveBehindTheTextsByteForByte() {
        // Of lengths that leave one, two and no bytes behind the last group of three.
        MailFile invoice = file("Rechnung Größe \"L\".pdf", "application/pdf", 200_000);
        MailFile photo = file("photo.png", "image/png", 49_153);
        MailFile empty = file("empty.txt", "text/plain", 0);

        assertThat(sender().send(mail("Re: Lamp", "", invoice, photo, empty))).isInstanceOf(Handover.Taken.class);

        Arrived mail = arrived().getFirst();
        assertThat(mail.text()).isEqualTo(TEXT);
        assertThat(mail.html()).isEqualTo(HTML);
        assertThat(mail.id()).isEqualTo(ID);
        assertThat(mail.files().values())
                .containsExactly(digest(bytes(200_000)), digest(bytes(49_153)), digest(bytes(0)));
        assertThat(mail.files().keySet())
                .element(0)
                .asString()
                .contains("Größe")
                .endsWith(".pdf");
    }

    @Test
    void aFileThatCannotBeReadNowIsTriedLater() {
        MailFile lost = new MailFile("lost.bin", "application/octet-stream", 10, () -> {
            throw new IOException("not there");
        });

        assertThat(sender().send(mail("Re: Lamp", "", lost))).isInstanceOf(Handover.Trouble.class);
        assertThat(arrived()).isEmpty();
    }

    private static MailFile file(String name, String type, int size) {
        return new MailFile(name, type, size, () -> new ByteArrayInputStream(bytes(size)));
    }

    private static byte[] bytes(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String digestOfBase64(String text) {
        return digest(Base64.getDecoder().decode(text));
    }

    @Test
    void aRefusedMailIsRefusedForGoodWithTheReason() {
        refuseNextRecipient();

        assertThat(sender().send(mail("Re: Lamp", "")))
                .isInstanceOfSatisfying(Handover.Refused.class, refused -> assertThat(refused.reason())
                        .isNotBlank()
                        .hasSizeLessThanOrEqualTo(Handover.MAX_REASON));
        assertThat(arrived()).isEmpty();
    }

    @Test
    void whoIsBusyIsAskedAgain() {
        busyNext();

        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Trouble.class);
        assertThat(arrived()).isEmpty();
        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Taken.class);
    }

    @Test
    void aWrongSecretIsNotTheMailsFault() {
        assertThat(withWrongSecret().send(mail("Re: Lamp", "")))
                .isInstanceOfSatisfying(Handover.Trouble.class, trouble -> assertThat(trouble.reason())
                        .doesNotContain("wr0ng"));
        assertThat(arrived()).isEmpty();
    }

    @Test
    void whereNobodyIsNothingArrives() {
        assertThat(toNobody().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Trouble.class);
    }

    @Test
    void aLostAnswerIsToldAsUnknown() {
        loseNextAnswer();

        assertThat(sender().send(mail("Re: Lamp", ""))).isInstanceOf(Handover.Unknown.class);
        assertThat(arrived()).singleElement().satisfies(mail -> assertThat(mail.id())
                .isEqualTo(ID));
    }
}
