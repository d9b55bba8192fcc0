package io.opsrelay.ingestion.email;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {

    @Test
    void noFileIsLeftBehindHoweverItEnds() throws IOException {
        try (Spool open = Spool.of(new ByteArrayInputStream(new byte[200_000]))) {
            assertThat(left()).as("while it is open").isEmpty();
        }
        assertThatThrownBy(() -> Spool.of(
                        new SequenceInputStream(new ByteArrayInputStream(new byte[200_000]), new InputStream() {
                            @Override
                            public int read() throws IOException {
                                throw new IOException("cut");
                            }
                        })))
                .isInstanceOf(IOException.class);
        assertThat(left()).isEmpty();
    }

    private static List<Path> left() throws IOException {
        String mine = Long.toString(ProcessHandle.current().pid());
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("opsrelay-mail-" + mine + "-"))
                    .toList();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537, 1_000_000})
    void whatWasWrittenIsReadAnyNumberOfTimes(int size) throws IOException {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        try (Spool spool = Spool.of(new ByteArrayInputStream(bytes))) {
            assertThat(spool.size()).isEqualTo(size);
            for (int i = 0; i < 2; i++) {
                try (InputStream in = spool.open()) {
                    assertThat(in.readAllBytes()).isEqualTo(bytes);
                }
            }
            assertThat(spool.text(US_ASCII, 10)).hasSizeLessThanOrEqualTo(10);
        }
    }
}
