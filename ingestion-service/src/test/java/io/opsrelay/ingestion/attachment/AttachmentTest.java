package io.opsrelay.ingestion.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.opsrelay.ingestion.Api;
import io.opsrelay.ingestion.IngestionServiceTest;
import io.opsrelay.ingestion.attachment.Uploader.Answer;
import io.opsrelay.ingestion.blob.BlobStore;
import io.opsrelay.messaging.job.Jobs;
import io.opsrelay.security.Role;
import io.opsrelay.security.tenant.ClientTransactions;
import io.opsrelay.testing.TestDatabase;
import io.opsrelay.testing.TestKafka;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Files of tickets, from the request to the store and back. */
@IngestionServiceTest
class AttachmentTest {

    private static final int MAX_SIZE = 25 * 1024 * 1024;
    private static final byte[] PNG = HexFormat.of().parseHex("89504e470d0a1a0a0000000d49484452");

    @LocalServerPort
    private int port;

    @Autowired
    private Api api;

    @Autowired
    private Attachments attachments;

    private BlobStore blobs;

    @Autowired
    private Jobs jobs;

    @Autowired
    private ClientTransactions transactions;

    @Autowired
    private TestDatabase database;

    private String ticket;
    private Uploader agent;

    @BeforeEach
    void aTicket(@Autowired BlobStore bytes) {
        blobs = bytes;
        ticket = api.as("acme", Role.AGENT).ticket("With files");
        agent = Uploader.as(port, "acme", Role.AGENT);
    }

    @Test
    void aFileIsStoredListedAndFetchedAsItWas() {
        byte[] text = "The lamp, in pieces".getBytes(StandardCharsets.UTF_8);

        Answer stored = agent.post(ticket, "attachment; filename=\"lamp.txt\"", "image/png", text);

        assertThat(stored.status()).as(stored.text()).isEqualTo(201);
        JsonNode file = stored.json().get("items").get(0);
        assertThat(api.as("acme", Role.VIEWER)
                        .get("/api/v1/tickets/" + ticket)
                        .json()
                        .get("attachments"))
                .containsExactly(file);
        assertThat(file.get("file_name").asString()).isEqualTo("lamp.txt");
        assertThat(file.get("media_type").asString()).isEqualTo("text/plain");
        assertThat(file.get("size").asLong()).isEqualTo(text.length);
        assertThat(file.get("sha256").asString()).isEqualTo(sha256(text));
        assertThat(file.get("message_id").asString())
                .isEqualTo(api.as("acme", Role.AGENT)
                        .get("/api/v1/tickets/" + ticket)
                        .json()
                        .get("messages")
                        .get(0)
                        .get("message_id")
                        .asString());
        assertThat(agent.get(Uploader.path(ticket)).json()).isEqualTo(stored.json());
        Answer fetched = agent.get(pathOf(file));
        assertThat(fetched.status()).isEqualTo(200);
        assertThat(fetched.body()).isEqualTo(text);
        assertThat(fetched.header("Content-Type")).isEqualTo("text/plain");
        assertThat(fetched.header("Content-Disposition"))
                .startsWith("attachment;")
                .contains("lamp.txt");
        assertThat(fetched.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(fetched.header("Content-Security-Policy")).startsWith("sandbox");
    }

    @Test
    void severalFilesComeInOneForm() {
        byte[] large = new byte[3_000_000];
        new Random(3).nextBytes(large);

        Answer stored = agent.postForm(
                ticket,
                Uploader.form()
                        .file("one", "Grüße 見積書.png", "text/html", PNG)
                        .file("two", "../../../etc/cron.d/x", "application/octet-stream", large)
                        .file("three", "empty", "text/plain", new byte[0])
                        .finished());

        assertThat(stored.status()).as(stored.text()).isEqualTo(201);
        assertThat(stored.json()
                        .get("items")
                        .valueStream()
                        .map(file -> file.get("file_name").asString() + " "
                                + file.get("media_type").asString() + " "
                                + file.get("size").asLong()))
                .containsExactly(
                        "Grüße 見積書.png image/png 16",
                        "x application/octet-stream 3000000",
                        "empty application/octet-stream 0");
        JsonNode two = stored.json().get("items").get(1);
        assertThat(agent.get(pathOf(two)).body()).isEqualTo(large);
        Answer one = agent.get(pathOf(stored.json().get("items").get(0)));
        assertThat(one.header("Content-Disposition"))
                .contains("filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%E8%A6%8B%E7%A9%8D%E6%9B%B8.png");
    }

    @Test
    void aPartOfAFileIsFetchedByItsRange() {
        JsonNode file = agent.post(ticket, "digits.txt", "0123456789".getBytes(StandardCharsets.UTF_8))
                .json()
                .get("items")
                .get(0);
        String tag = agent.get(pathOf(file)).header("ETag");

        Answer middle = agent.get(pathOf(file), "Range", "bytes=2-4");
        assertThat(middle.status()).isEqualTo(206);
        assertThat(middle.text()).isEqualTo("234");
        assertThat(middle.header("Content-Range")).isEqualTo("bytes 2-4/10");
        assertThat(agent.get(pathOf(file), "Range", "bytes=-3").text()).isEqualTo("789");
        assertThat(agent.get(pathOf(file), "Range", "bytes=7-").text()).isEqualTo("789");
        assertThat(agent.get(pathOf(file), "Range", "bytes=2-4", "If-Range", tag)
                        .status())
                .isEqualTo(206);
        assertThat(agent.get(pathOf(file), "Range", "bytes=2-4", "If-Range", "\"other\"")
                        .status())
                .isEqualTo(200);
        assertThat(agent.get(pathOf(file), "Range", "bytes=0-1,4-5").text()).isEqualTo("0123456789");
        assertThat(agent.get(pathOf(file), "Range", "nonsense").text()).isEqualTo("0123456789");
        Answer beyond = agent.get(pathOf(file), "Range", "bytes=10-");
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */10");
        assertThat(agent.get(pathOf(file), "If-None-Match", tag).status()).isEqualTo(304);
    }

    @Test
    void aFileMayHaveTheLargestSizeAndNotAByteMore() {
        byte[] exact = new byte[MAX_SIZE];
        assertThat(agent.post(ticket, "exact.bin", exact).status()).isEqualTo(201);

        Answer over = agent.post(ticket, "over.bin", Arrays.copyOf(exact, MAX_SIZE + 1));

        assertThat(over.status()).isEqualTo(413);
        assertThat(over.text()).contains("\"field\":\"file\"", "must have at most 26214400 bytes");
        assertThat(names()).containsExactly("exact.bin");
        assertNoOrphans();
    }

    @Test
    void aFormWithAFileThatIsRefusedStoresNone() {
        Answer refused = agent.postForm(
                ticket,
                Uploader.form()
                        .file("good", "a.png", "image/png", PNG)
                        .file("bad", "holiday.png", "image/png", HexFormat.of().parseHex("4d5a90000300000004000000"))
                        .finished());

        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("\"field\":\"bad\"", "must not be of the type application/x-dosexec");
        assertThat(names()).isEmpty();
        assertNoOrphans();
    }

    @Test
    void moreFilesThanAMessageMayHaveAreRefusedAltogether() {
        Uploader.Form form = Uploader.form();
        for (int i = 0; i < 51; i++) {
            form.file("f" + i, i + ".txt", "text/plain", ("" + i).getBytes(StandardCharsets.UTF_8));
        }
        Answer refused = agent.postForm(ticket, form.finished());
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.text()).contains("\"field\":\"f50\"", "must be at most 50 on one message");
        assertThat(names()).isEmpty();

        Uploader.Form most = Uploader.form();
        for (int i = 0; i < 50; i++) {
            most.file("f" + i, i + ".txt", "text/plain", ("" + i).getBytes(StandardCharsets.UTF_8));
        }
        assertThat(agent.postForm(ticket, most.finished()).status()).isEqualTo(201);
        assertThat(agent.post(ticket, "51.txt", new byte[] {'a'}).status()).isEqualTo(422);
        assertThat(names()).hasSize(50);
        assertNoOrphans();
    }

    @Test
    void anUploadUnderAKeyIsStoredOnceHoweverManySendItAtOnceAndAgain() throws Exception {
        JsonNode first = keyed("upload-1").has(201).json();
        try (ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<JsonNode>> answers = IntStream.range(0, 4)
                    .mapToObj(
                            n -> senders.submit(() -> keyed("upload-2").has(201).json()))
                    .toList();
            for (Future<JsonNode> answer : answers) {
                assertThat(answer.get()).isEqualTo(answers.getFirst().get());
            }
        }

        assertThat(keyed("upload-1").has(201).json()).isEqualTo(first);
        assertThat(agent.get(Uploader.path(ticket)).json().get("items")).hasSize(2);
        assertNoOrphans();
        assertThat(keyed("upload 3").has(400).text()).contains("Idempotency-Key");
    }

    private Api.Answer keyed(String key) {
        return api.as("acme", Role.AGENT)
                .post(
                        Uploader.path(ticket),
                        HttpRequest.BodyPublishers.ofString("The lamp, in pieces"),
                        "text/plain",
                        Map.of("Content-Disposition", "attachment; filename=\"lamp.txt\"", "Idempotency-Key", key));
    }

    @Test
    void aBodyThatIsNoUploadIsToldSo() {
        byte[] some = {'a'};
        assertThat(agent.post(ticket, "", "text/plain", some).text())
                .contains("Content-Disposition", "must name the file");
        assertThat(agent.post(ticket, "attachment", "text/plain", some).status())
                .isEqualTo(400);
        assertThat(agent.post(ticket, "attachment; filename=a", "no type", some).text())
                .contains("is not a media type");
        assertThat(agent.post(ticket, "", "multipart/form-data", some).text()).contains("must say the boundary");
        assertThat(agent.postForm(ticket, Uploader.form().finished()).status()).isEqualTo(400);
        assertThat(agent.postForm(ticket, "nothing of the kind".getBytes(StandardCharsets.UTF_8))
                        .status())
                .isEqualTo(400);
        Answer field = agent.postForm(
                ticket,
                Uploader.form().part("form-data; name=\"comment\"", some).finished());
        assertThat(field.status()).isEqualTo(400);
        assertThat(field.text()).contains("\"field\":\"comment\"", "is not a file");
        assertThat(names()).isEmpty();
    }

    @Test
    void aFormThatEndsBeforeItsEndStoresNothing() {
        Answer cut = agent.postForm(
                ticket, Uploader.form().file("one", "a.png", "image/png", PNG).unfinished());

        assertThat(cut.status()).isEqualTo(400);
        assertThat(cut.text()).contains("ended before all of it had come");
        assertThat(names()).isEmpty();
        assertNoOrphans();
    }

    @Test
    void ofALineThatGoesDeadNothingIsToBeSeen() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            OutputStream to = socket.getOutputStream();
            to.write(
                    ("POST " + Uploader.path(ticket) + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: " + agent.token()
                                    + "\r\nContent-Disposition: attachment; filename=cut.bin\r\nContent-Length: 1000000\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));
            to.write(new byte[200_000]);
            to.flush();
            await().atMost(TestKafka.PATIENCE).until(() -> unattached() == 1);
        }

        await().atMost(TestKafka.PATIENCE).untilAsserted(this::assertNoOrphans);
        assertThat(names()).isEmpty();
    }

    @Test
    void anArchiveIsKeptAndNeverUnpacked() throws IOException {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bomb)) {
            zip.putNextEntry(new ZipEntry("../../evil"));
            for (int i = 0; i < 200; i++) {
                zip.write(new byte[1 << 20]);
            }
        }

        JsonNode file = agent.post(ticket, "a".repeat(3_000) + ".zip", bomb.toByteArray())
                .json()
                .get("items")
                .get(0);

        assertThat(file.get("size").asLong()).isEqualTo(bomb.size()).isLessThan(300_000);
        assertThat(file.get("media_type").asString()).isEqualTo("application/zip");
        assertThat(file.get("file_name").asString()).hasSize(200).endsWith("a.zip");
        assertThat(agent.get(pathOf(file)).body()).isEqualTo(bomb.toByteArray());
    }

    @Test
    void aPageIsHandedOutAsNothingThatABrowserShows() {
        JsonNode file = agent.post(ticket, "x.html", "<html><script>x</script>".getBytes(StandardCharsets.UTF_8))
                .json()
                .get("items")
                .get(0);

        assertThat(file.get("media_type").asString()).isEqualTo("text/html");
        assertThat(agent.get(pathOf(file)).header("Content-Type")).isEqualTo("application/octet-stream");
    }

    @Test
    void aFileGoesToTheMessageThatIsNamedAndOnlyToOneOfTheTicket() {
        String message = api.as("acme", Role.AGENT)
                .get("/api/v1/tickets/" + ticket)
                .json()
                .get("messages")
                .get(0)
                .get("message_id")
                .asString();
        assertThat(postTo(message).status()).isEqualTo(201);
        assertThat(postTo(UUID.randomUUID().toString()).status()).isEqualTo(422);
        assertThat(postTo("x").status()).isEqualTo(400);
    }

    private Answer postTo(String message) {
        return agent.postFormTo(
                Uploader.path(ticket) + "?message_id=" + message,
                Uploader.form().file("f", "a.png", "image/png", PNG).finished());
    }

    @Test
    void anotherClientFindsNeitherTicketNorFile() {
        JsonNode file = agent.post(ticket, "secret.txt", new byte[] {'s'})
                .json()
                .get("items")
                .get(0);
        Uploader stranger = Uploader.as(port, "globex", Role.ADMIN);
        String own = api.as("globex", Role.AGENT).ticket("Own");

        assertThat(stranger.get(pathOf(file)).status()).isEqualTo(404);
        assertThat(stranger.get(Uploader.path(own) + "/" + file.get("file_id").asString())
                        .status())
                .isEqualTo(404);
        assertThat(stranger.get(Uploader.path(ticket)).status()).isEqualTo(404);
        assertThat(stranger.post(ticket, "a.txt", new byte[] {'a'}).status()).isEqualTo(404);
        assertThat(attachments.open(
                        "globex", UUID.fromString(file.get("file_id").asString())))
                .isEmpty();
        String other = api.as("acme", Role.AGENT).ticket("Another of the same client");
        assertThat(agent.get(Uploader.path(other) + "/" + file.get("file_id").asString())
                        .status())
                .isEqualTo(404);
    }

    @Test
    void anUnattachedFileIsSweptWithItsBytesAndAnAttachedOneStays() throws IOException {
        StoredFile orphan = attachments.store("acme", "o.txt", null, new ByteArrayInputStream(new byte[] {'o'}));
        UUID kept = UUID.fromString(agent.post(ticket, "k.txt", new byte[] {'k'})
                .json()
                .get("items")
                .get(0)
                .get("file_id")
                .asString());
        String key = BlobStore.keyOf("acme", orphan.fileId());
        assertThat(blobs.open(key, 0)).isPresent();
        assertThat(attachments.open("acme", orphan.fileId())).isPresent();

        for (UUID file : List.of(orphan.fileId(), kept)) {
            assertThat(transactions.call("acme", () -> jobs.hasten(FileJobs.QUEUE, "acme", FileJobs.SWEEP, file)))
                    .isTrue();
        }

        await().atMost(TestKafka.PATIENCE).untilAsserted(() -> {
            assertThat(blobs.open(key, 0)).isEmpty();
            assertThat(attachments.open("acme", orphan.fileId())).isEmpty();
            assertThat(jobsOf(kept)).isZero();
        });
        try (InputStream bytes = attachments.open("acme", kept).orElseThrow()) {
            assertThat(bytes.readAllBytes()).isEqualTo(new byte[] {'k'});
        }
        assertThatThrownBy(() -> attach(orphan)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFileIsAttachedOnce() throws IOException {
        StoredFile file = attachments.store("acme", "o.txt", null, new ByteArrayInputStream(new byte[] {'o'}));
        attach(file);

        assertThatThrownBy(() -> attach(file)).isInstanceOf(IllegalArgumentException.class);
        assertThat(names()).containsExactly("o.txt");
    }

    @Test
    void filesAreNotReadWithinATransaction() {
        assertThatThrownBy(() -> transactions.call("acme", () -> {
                    try {
                        return attachments.store("acme", "o.txt", null, InputStream.nullInputStream());
                    } catch (IOException e) {
                        throw new IllegalArgumentException(e);
                    }
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    private void attach(StoredFile file) {
        attachments.attach("acme", UUID.fromString(ticket), UUID.randomUUID(), List.of(file));
    }

    private List<String> names() {
        return agent.get(Uploader.path(ticket))
                .json()
                .get("items")
                .valueStream()
                .map(file -> file.get("file_name").asString())
                .toList();
    }

    private String pathOf(JsonNode file) {
        return Uploader.path(ticket) + "/" + file.get("file_id").asString();
    }

    private int unattached() {
        return count("select count(*) from ingestion.stored_file where ticket_id is null and file_name <> 'o.txt'");
    }

    private void assertNoOrphans() {
        assertThat(unattached()).isZero();
    }

    private int jobsOf(UUID subject) {
        return count("select count(*) from ingestion.job where subject = '" + subject + "'");
    }

    private int count(String sql) {
        Integer count = new JdbcTemplate(database.admin()).queryForObject(sql, Integer.class);
        return count == null ? -1 : count;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of()
                    .formatHex(
                            java.security.MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
