package io.opsrelay.standalone.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

    @TempDir
    private Path folder;

    private AotCache cache;

    @BeforeEach
    void name() {
        cache = new AotCache(folder.resolve("start"), "agent-service", 1);
    }

    @Test
    void itCountsAsMadeOnceTheRunThatRecordsIsOver() throws IOException {
        cache.clear();
        assertThat(cache.made()).isFalse();
        assertThat(cache.flags()).isEmpty();

        Files.writeString(written(cache), "half of it");
        assertThat(cache.made()).isFalse();

        cache.accept();
        assertThat(cache.made()).isTrue();
        assertThat(cache.flags()).singleElement().asString().startsWith("-XX:AOTCache=" + cache.folder());
    }

    @Test
    void aRunThatLeftNothingBehindIsSaidToHave() throws IOException {
        cache.clear();

        assertThatThrownBy(cache::accept)
                .isInstanceOf(StartFailure.class)
                .hasMessage("the run that it is made by left nothing behind");
        assertThat(cache.made()).isFalse();
    }

    @Test
    void roomIsMadeOfTheSameProgramsFormerCachesOnly() throws IOException {
        AotCache ofAnother = new AotCache(cache.caches(), "action-engine", 1);
        ofAnother.clear();
        cache.clear();
        AotCache next = new AotCache(cache.caches(), cache.name(), 2);

        next.clear();

        assertThat(cache.folder()).doesNotExist();
        assertThat(next.folder()).isEmptyDirectory();
        assertThat(ofAnother.folder()).exists();
    }

    /** Where the JVM that records is told to write. */
    private static Path written(AotCache cache) {
        return Path.of(cache.recording().substring("-XX:AOTCacheOutput=".length()));
    }
}
