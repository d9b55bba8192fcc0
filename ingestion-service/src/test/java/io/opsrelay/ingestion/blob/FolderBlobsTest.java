package io.opsrelay.ingestion.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderBlobsTest extends BlobStoreContract {

    @TempDir
    Path folder;

    private BlobStore store;

    @BeforeEach
    void open() {
        store = new FolderBlobs(folder.resolve("data/attachments"));
    }

    @Override
    BlobStore store() {
        return store;
    }

    @Test
    void anAttemptThatBrokeOffLeavesNoFile() throws IOException {
        ofAContentThatBreaksOffNothingIsToBeSeen(100);

        assertThat(files()).isEmpty();
    }

    @Test
    void whileItIsWrittenAFileHasNoNameThatIsRead() throws IOException {
        store.put(key, new InputStream() {
            private int left = 10;

            @Override
            public int read() {
                assertThat(store.open(key, 0)).isEmpty();
                return left-- > 0 ? 7 : -1;
            }
        });

        assertThat(store.open(key, 0)).isPresent();
    }

    @Test
    void whatACrashLeftIsWrittenOverAndDeleted() throws IOException {
        Path part = folder.resolve("data/attachments/" + key + ".part");
        Files.createDirectories(part.getParent());
        Files.write(part, new byte[100]);

        store.put(key, new ByteArrayInputStream(bytes(10)));
        assertThat(files()).containsExactly(part.resolveSibling(key.substring(key.lastIndexOf('/') + 1)));

        Files.write(part, new byte[100]);
        store.delete(key);
        assertThat(files()).isEmpty();
    }

    @Test
    void theFilesAreNobodyElses() throws IOException {
        store.put(key, new ByteArrayInputStream(bytes(10)));

        Path client = folder.resolve("data/attachments/acme");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(client)))
                .isEqualTo("rwx------");
    }

    @Test
    void aFolderThatCannotBeWrittenIsTheStoresFault() throws IOException {
        Files.write(folder.resolve("data/attachments/acme"), new byte[1]);

        assertThatThrownBy(() -> store.put(key, new ByteArrayInputStream(bytes(10))))
                .isInstanceOf(BlobStoreException.class);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
