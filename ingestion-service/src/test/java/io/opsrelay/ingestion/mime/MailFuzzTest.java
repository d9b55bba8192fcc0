package io.opsrelay.ingestion.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Some thousand mutations of the corpus, always the same ones: whatever comes in, an answer comes out, soon and small. */
class MailFuzzTest {

    private static final int MUTATIONS_OF_EACH = 25;
    private static final long MAX_CPU_NANOS = 5_000_000_000L;
    private static final long MAX_ALLOCATED = 64L * 1024 * 1024;
    private static final List<String> TOKENS = List.of(
            "\r\n",
            "\r\n\r\n",
            "\n",
            "--b1\r\n",
            "--m--\r\n",
            "=?UTF-8?B?",
            "=?UTF-8?Q?=",
            "?=",
            "boundary=",
            "\"",
            "(",
            "<",
            ">",
            "charset=",
            "base64",
            "quoted-printable",
            "Content-Type: multipart/mixed; boundary=m\r\n",
            "begin 644 x\r\n",
            "\0",
            "\r",
            ";;;",
            "*0*=",
            "%",
            "> ",
            "<div style=\"display:none\">",
            "<blockquote>",
            "</table>",
            "&#xD800;",
            "Content-Type: message/rfc822\r\n\r\n",
            "Content-Transfer-Encoding: base64\r\n",
            "On 1 wrote:\r\n",
            "From: a@b\r\nSent: x\r\nTo: y\r\n",
            "-- \r\n");

    private final MailParser parser = new MailParser();
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void noMutationOfAnyMailIsMoreThanTheParserCanTake() throws IOException {
        Random random = new Random(20_261_102);
        List<Corpus.Sample> samples = Corpus.all();
        int read = 0;
        int refused = 0;
        for (Corpus.Sample sample : samples) {
            for (int i = 0; i < MUTATIONS_OF_EACH; i++) {
                byte[] mail = mutate(
                        sample.raw(),
                        samples.get(random.nextInt(samples.size())).raw(),
                        random);
                if (survives(mail, sample + ", mutation " + i)) {
                    read++;
                } else {
                    refused++;
                }
            }
        }
        assertThat(read).as("mails that could still be shown").isGreaterThan(samples.size() * MUTATIONS_OF_EACH / 2);
        assertThat(refused).as("mails that were no mails any more").isPositive();
    }

    @Test
    void noMailThatEndsAnywhereIsMoreThanTheParserCanTake() throws IOException {
        for (Corpus.Sample sample : Corpus.read("structure")) {
            for (int end = 0; end < sample.raw().length; end += 13) {
                survives(Arrays.copyOf(sample.raw(), end), sample + ", cut at " + end);
            }
        }
    }

    @Test
    void noiseIsRefused() throws IOException {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[random.nextInt(20_000)];
            random.nextBytes(noise);
            survives(noise, "noise " + i);
        }
    }

    /** @return whether it was read; false where it was refused as no mail */
    private boolean survives(byte[] mail, String name) throws IOException {
        long began = threads.getCurrentThreadCpuTime();
        long before = threads.getCurrentThreadAllocatedBytes();
        try {
            ParsedMail parsed = parser.parse(new ByteArrayInputStream(mail), AttachmentSink.NONE);
            checkPromises(parsed, name);
            return true;
        } catch (MailFormatException e) {
            assertThat(e.reason())
                    .as(name)
                    .isIn(MailFormatException.Reason.EMPTY, MailFormatException.Reason.NOT_A_MAIL);
            return false;
        } catch (RuntimeException | StackOverflowError e) {
            throw new AssertionError(name + ":\n" + new String(mail, StandardCharsets.ISO_8859_1), e);
        } finally {
            assertThat(threads.getCurrentThreadCpuTime() - began)
                    .as("time of the processor for " + name)
                    .isLessThan(MAX_CPU_NANOS);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before)
                    .as("memory for " + name)
                    .isLessThan(MAX_ALLOCATED);
        }
    }

    /** What holds for every mail, however broken. */
    static void checkPromises(ParsedMail mail, String name) {
        for (String text : new String[] {mail.text(), mail.replyText(), mail.subject(), String.valueOf(mail.html())}) {
            assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(text))
                    .as("whole characters: " + name)
                    .isTrue();
            assertThat(text.chars())
                    .as("control characters: " + name)
                    .noneMatch(c -> c < ' ' && c != '\n' && c != '\t');
        }
        assertThat(mail.subject()).as(name).doesNotContain("\n").hasSizeLessThanOrEqualTo(998);
        assertThat(mail.replyText().isEmpty())
                .as("a reply is empty only where the text is: " + name)
                .isEqualTo(mail.text().isEmpty());
        assertThat(String.valueOf(mail.html()))
                .as(name)
                .doesNotContainIgnoringCase(
                        "<script", "<iframe", "<style", "<svg", "<form", " onerror=", "\"javascript:", " src=\"http");
        assertThat(mail.parts()).as(name).allSatisfy(part -> {
            assertThat(part.fileName())
                    .isNotBlank()
                    .hasSizeLessThanOrEqualTo(200)
                    .doesNotContain("/", "\\", "\n");
            assertThat(part.mediaType()).matches("[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+");
        });
        if (mail.from() != null) {
            assertThat(mail.from().address()).as(name).contains("@").doesNotContain("\n", ",");
        }
    }

    private static byte[] mutate(byte[] mail, byte[] other, Random random) {
        byte[] mutated = mail;
        int times = 1 + random.nextInt(6);
        for (int i = 0; i < times && mutated.length > 0; i++) {
            int at = random.nextInt(mutated.length);
            int length = Math.min(mutated.length - at, random.nextInt(60));
            mutated = switch (random.nextInt(8)) {
                case 0 -> replace(mutated, at, 1, new byte[] {(byte) random.nextInt(256)});
                case 1 -> replace(mutated, at, length, new byte[0]);
                case 2 -> replace(mutated, at, 0, Arrays.copyOfRange(mutated, at, at + length));
                case 3, 4 ->
                    replace(
                            mutated,
                            at,
                            0,
                            TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.ISO_8859_1));
                case 5 ->
                    replace(
                            mutated,
                            at,
                            length,
                            Arrays.copyOfRange(
                                    other, Math.min(other.length, at / 2), Math.min(other.length, at / 2 + 80)));
                case 6 ->
                    replace(
                            mutated,
                            at,
                            0,
                            token(random).repeat(1 + random.nextInt(200)).getBytes(StandardCharsets.ISO_8859_1));
                default -> Arrays.copyOf(mutated, Math.max(1, at));
            };
        }
        return mutated;
    }

    private static String token(Random random) {
        return TOKENS.get(random.nextInt(TOKENS.size()));
    }

    private static byte[] replace(byte[] mail, int at, int length, byte[] with) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(mail.length + with.length);
        out.write(mail, 0, at);
        out.writeBytes(with);
        out.write(mail, at + length, mail.length - at - length);
        return out.toByteArray();
    }
}
