package io.opsrelay.ingestion.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of every store of bytes. */
abstract class BlobStoreContract {

    static final int FIVE_MB = 5 * 1024 * 1024;

    /** An empty one. */
    abstract BlobStore store();

    final String key = BlobStore.keyOf("acme", UUID.randomUUID());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 70_000, FIVE_MB - 1, FIVE_MB, FIVE_MB + 1, 2 * FIVE_MB, 2 * FIVE_MB + 12_345})
    void whatWasPutIsReadAgainWholeAndFromAnOffset(int length) throws IOException {
        byte[] bytes = bytes(length);

        store().put(key, new ByteArrayInputStream(bytes));

        assertThat(read(0)).isEqualTo(bytes);
        int from = length / 3;
        assertThat(read(from)).isEqualTo(java.util.Arrays.copyOfRange(bytes, from, length));
        assertThat(read(length)).isEmpty();
    }

    @Test
    void nothingIsUnderAKeyThatWasNeverWritten() {
        assertThat(store().open(key, 0)).isEmpty();
        assertThat(store().open(key, 10)).isEmpty();
    }

    @Test
    void whatIsDeletedIsGoneAndMayBeDeletedAgain() throws IOException {
        store().put(key, new ByteArrayInputStream(bytes(10)));

        store().delete(key);

        assertThat(store().open(key, 0)).isEmpty();
        assertThatCode(() -> store().delete(key)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, FIVE_MB + 1, 2 * FIVE_MB + 1})
    void ofAContentThatBreaksOffNothingIsToBeSeen(int length) {
        IOException broken = new IOException("the line went dead");
        InputStream content = new SequenceInputStream(new ByteArrayInputStream(bytes(length)), new InputStream() {
            @Override
            public int read() throws IOException {
                throw broken;
            }
        });

        assertThatThrownBy(() -> store().put(key, content)).isSameAs(broken);

        assertThat(store().open(key, 0)).isEmpty();
    }

    @Test
    void afterAnAttemptThatBrokeOffTheSameKeyCanBeWritten() throws IOException {
        ofAContentThatBreaksOffNothingIsToBeSeen(2 * FIVE_MB + 1);

        store().put(key, new ByteArrayInputStream(bytes(20)));

        assertThat(read(0)).isEqualTo(bytes(20));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "acme",
                "/etc/passwd",
                "acme/../../x",
                "../acme/x",
                "acme//x",
                "acme/x/",
                "acme/./x",
                "Acme/x",
                "acme\\x/y",
                "acme/x.part",
                "acme/x?uploads",
                "acme/a/b/c/d/e"
            })
    void aKeyThatLeadsElsewhereIsNone(String bad) {
        assertThatThrownBy(() -> store().put(bad, InputStream.nullInputStream()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().open(bad, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store().delete(bad)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void keysBeginWithTheirClient() {
        UUID id = UUID.fromString("0197a3b4-0000-7000-8000-0000000000fe");

        assertThat(BlobStore.keyOf("acme", id)).isEqualTo("acme/fe/0197a3b4-0000-7000-8000-0000000000fe");
    }

    private byte[] read(long from) throws IOException {
        try (InputStream content = store().open(key, from).orElseThrow()) {
            return content.readAllBytes();
        }
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
