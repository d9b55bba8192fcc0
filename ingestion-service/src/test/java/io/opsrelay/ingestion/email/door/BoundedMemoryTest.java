package io.opsrelay.ingestion.email.door;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.opsrelay.ingestion.email.Spool;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A mail of 25 MB passes through the doors in pieces: what is allocated on the way is a fraction of it. */
class BoundedMemoryTest {

    private static final int FILE = 18 * 1024 * 1024;
    private static final long MOST_ALLOCATED = 12L * 1024 * 1024;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void aFileInJsonIsDecodedAndPutIntoTheMailWithoutStandingInMemory() throws Exception {
        try (Spool body = new Spool()) {
            body.write("""
                    {"from":"mary@example.org","to":"a@b.example","attachments":[{"name":"large.bin","content":\"""".getBytes(UTF_8));
            body.write(Base64.getEncoder().encode(content()));
            body.write("\"}],\"text\":\"See the file.\"}".getBytes(UTF_8));
            Posted posted = new Posted(name -> "application/json", body);
            decoded(posted).close(); // classes are loaded and tables are built

            long before = threads.getCurrentThreadAllocatedBytes();
            try (Spool mail = decoded(posted)) {
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
                assertThat(mail.size()).isGreaterThan(FILE * 4L / 3);
                assertThat(mail.text(UTF_8, 2_000)).contains("large.bin");
            }
        }
    }

    @Test
    void aWholeMailInAFormIsTakenOutWithoutStandingInMemory() throws Exception {
        byte[] content = content();
        try (Spool body = new Spool()) {
            body.write("--b\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n".getBytes(UTF_8));
            body.write(content);
            body.write("\r\n--b--\r\n".getBytes(UTF_8));
            Posted posted = new Posted(name -> "multipart/form-data; boundary=b", body);
            Form.read(posted).close();

            long before = threads.getCurrentThreadAllocatedBytes();
            try (Form form = Form.read(posted)) {
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_ALLOCATED);
                assertThat(digest(form.part("email").orElseThrow().content().open()))
                        .isEqualTo(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
            }
        }
    }

    @Test
    void aWholeMailInJsonIsTakenOutWithoutStandingInMemory() throws Exception {
        try (Spool body = new Spool()) {
            body.write("{\"From\":\"mary@example.org\",\"RawEmail\":\"".getBytes(UTF_8));
            for (int i = 0; i < 600_000; i++) {
                body.write("A line with a \\\"word\\\" and \\u00e4\\ud83d\\ude00, ä and an end.\\r\\n".getBytes(UTF_8));
            }
            body.write("\",\"TextBody\":\"See.\"}".getBytes(UTF_8));
            assertThat(body.size()).isGreaterThan(36L * 1024 * 1024);
            Posted posted = new Posted(name -> "application/json", body);

            long before = threads.getCurrentThreadAllocatedBytes();
            try (JsonFields fields = JsonFields.read(posted, "Attachments", "content", "RawEmail")) {
                // What passes on the way is short-lived; none of it is a text of the mail's size.
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100L * 1024 * 1024);
                assertThat(fields.whole().text(UTF_8, 60)).startsWith("A line with a \"word\" and ä\ud83d\ude00, ä");
                assertThat(fields.whole().size())
                        .isEqualTo(600_000L
                                * "A line with a \"word\" and ä\ud83d\ude00, ä and an end.\r\n".getBytes(UTF_8).length);
                assertThat(fields.text("TextBody")).isEqualTo("See.");
            }
        }
    }

    @Test
    void ofAJsonThatProvesNothingOnlyTheRecipientsAreRead() throws Exception {
        try (Spool body = new Spool()) {
            body.write("{\"text\":\"".getBytes(UTF_8));
            body.write("x".repeat(FILE).getBytes(UTF_8));
            body.write("\",\"many\":[[\"y\"],{\"to\":1}],\"to\":[\"a@b.example\"]}".getBytes(UTF_8));
            Posted posted = new Posted(name -> "application/json", body);
            JsonFields.only(posted, Set.of("to")).close();

            long before = threads.getCurrentThreadAllocatedBytes();
            try (JsonFields fields = JsonFields.only(posted, Set.of("to"))) {
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1024 * 1024);
                assertThat(fields.names()).containsExactly("to");
                assertThat(fields.node("to").get(0).asString()).isEqualTo("a@b.example");
            }
        }
        try (Spool body = new Spool()) {
            body.write(("{\"to\":[" + "\"abcdefghij@b.example\",".repeat(10_000) + "1]}").getBytes(UTF_8));
            assertThatThrownBy(() -> JsonFields.only(new Posted(name -> "application/json", body), Set.of("to")))
                    .isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void ofAFormThatProvesNothingOnlyTheSignatureIsRead() throws Exception {
        try (Spool body = new Spool()) {
            for (int i = 0; i < 400; i++) {
                body.write(("--b\r\nContent-Disposition: form-data; name=\"f" + i + "\"\r\n\r\n" + "z".repeat(60_000)
                                + "\r\n")
                        .getBytes(UTF_8));
            }
            body.write(
                    "--b\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\nt0ken\r\n--b--\r\n".getBytes(UTF_8));
            Posted posted = new Posted(name -> "multipart/form-data; boundary=b", body);
            Form.only(posted, Set.of("token")).close();

            long before = threads.getCurrentThreadAllocatedBytes();
            try (Form form = Form.only(posted, Set.of("token"))) {
                assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L * 1024 * 1024);
                assertThat(form.parts()).hasSize(1);
                assertThat(form.text("token")).isEqualTo("t0ken");
            }
            try (Form form = Form.read(posted)) {
                assertThat(form.parts()).hasSize(401);
            }
        }
    }

    private static Spool decoded(Posted posted) throws IOException, MalformedException {
        try (JsonFields fields = JsonFields.read(posted, "attachments", "content", "");
                Letter letter = new Letter()) {
            letter.header("From", fields.text("from")).text(fields.text("text"));
            for (JsonFields.File file : fields.files()) {
                try (InputStream in = file.content().open()) {
                    letter.attach(file.facts().get("name"), null, null, Spool.of(in));
                }
            }
            return letter.composed();
        }
    }

    private static byte[] content() {
        byte[] content = new byte[FILE];
        new Random(4711).nextBytes(content);
        // Lines as a mail has them, so that no reader of lines takes all of it for one.
        for (int i = 0; i + 1 < content.length; i += 76) {
            content[i] = '\r';
            content[i + 1] = '\n';
        }
        return Arrays.copyOf(content, content.length);
    }

    private static String digest(InputStream in) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream digesting = new DigestInputStream(in, digest)) {
            digesting.transferTo(java.io.OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
