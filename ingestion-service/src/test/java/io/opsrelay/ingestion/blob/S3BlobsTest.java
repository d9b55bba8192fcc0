package io.opsrelay.ingestion.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

class S3BlobsTest extends BlobStoreContract {

    private FakeS3 s3;
    private S3Client client;
    private BlobStore store;

    @BeforeEach
    void open() throws IOException {
        s3 = new FakeS3("tickets", "AKIDEXAMPLE", "a secret of this test");
        client = client("a secret of this test");
        store = new S3Blobs(client, "tickets");
    }

    @AfterEach
    void close() {
        client.close();
        s3.close();
    }

    @Override
    BlobStore store() {
        return store;
    }

    private S3Client client(String secret) {
        return BlobConfiguration.client(
                new BlobProperties.S3(s3.address(), "eu-central-1", "tickets", "AKIDEXAMPLE", secret, true));
    }

    @Test
    void aSmallFileIsOneRequestAndALargeOneIsParts() throws IOException {
        store.put(key, new ByteArrayInputStream(bytes(100)));
        assertThat(s3.journal()).containsExactly("PUT " + key);

        s3.forgetJournal();
        store.put(key, new ByteArrayInputStream(bytes(2 * FIVE_MB + 1)));
        assertThat(s3.journal())
                .containsExactly(
                        "POST " + key + "?uploads",
                        "PUT " + key + "?part1",
                        "PUT " + key + "?part2",
                        "PUT " + key + "?part3",
                        "POST " + key + "?complete");
    }

    @Test
    void nothingIsSentOnlyWhenTheStoreHasSaidSo() throws IOException {
        for (int length : new int[] {0, 100, FIVE_MB + 1}) {
            store.put(key, new ByteArrayInputStream(bytes(length)));
        }

        assertThat(s3.expectations()).isZero();
    }

    @Test
    void aStoreThatAsksForPatienceIsAskedAgain() throws IOException {
        s3.failNext(1, 503, "SlowDown");
        store.put(key, new ByteArrayInputStream(bytes(100)));

        s3.failNext(1, 503, "SlowDown");
        try (InputStream content = store.open(key, 0).orElseThrow()) {
            assertThat(content.readAllBytes()).isEqualTo(bytes(100));
        }
    }

    @Test
    void aStoreThatStaysAwayIsToldAsSuchAndNothingIsLeft() {
        s3.failNext(100, 503, "SlowDown");
        assertThatThrownBy(() -> store.put(key, new ByteArrayInputStream(bytes(100))))
                .isInstanceOf(BlobStoreException.class)
                .hasMessageContaining("could not be written");
        assertThatThrownBy(() -> store.open(key, 0)).isInstanceOf(BlobStoreException.class);

        s3.failNext(0, 503, "SlowDown");
        assertThat(store.open(key, 0)).isEmpty();
    }

    @Test
    void ofALargeFileThatBreaksOffNoPartsAreLeft() {
        ofAContentThatBreaksOffNothingIsToBeSeen(2 * FIVE_MB + 1);

        assertThat(s3.uploadsUnderWay()).isZero();
    }

    @Test
    void whatACrashLeftOfALargeFileIsDeletedWithIt() throws IOException {
        client.createMultipartUpload(request -> request.bucket("tickets").key(key));
        assertThat(s3.uploadsUnderWay()).isOne();

        store.delete(key);

        assertThat(s3.uploadsUnderWay()).isZero();
    }

    @Test
    void whoHasTheWrongSecretIsRefused() {
        try (S3Client other = client("another secret")) {
            BlobStore stranger = new S3Blobs(other, "tickets");

            assertThatThrownBy(() -> stranger.put(key, new ByteArrayInputStream(bytes(100))))
                    .isInstanceOf(BlobStoreException.class)
                    .hasMessageContaining("SignatureDoesNotMatch");
        }
        assertThat(store.open(key, 0)).isEmpty();
    }

    @Test
    void aBucketThatIsNotThereIsNotAFileThatIsNotThere() {
        BlobStore elsewhere = new S3Blobs(client, "nowhere");

        assertThatThrownBy(() -> elsewhere.open(key, 0)).isInstanceOf(BlobStoreException.class);
    }
}
