package io.opsrelay.standalone.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCacheTest {

    private static final String SERVICE = "agent-service";
    private static final List<String> FLAGS = List.of("-Xmx64m", "-XX:+UseSerialGC");

    @TempDir
    private Path folder;

    private Path caches;
    private Path packaged;

    @BeforeEach
    void packAJar() throws IOException {
        caches = folder.resolve("start");
        packaged = Files.writeString(folder.resolve("agent-service.jar"), "the classes of today");
    }

    @Test
    void theSameJarUnderTheSameFlagsHasTheSameCache() throws IOException {
        Path copy = Files.copy(
                packaged, Files.createDirectory(folder.resolve("elsewhere")).resolve("agent-service.jar"));

        assertThat(StartCache.of(caches, SERVICE, copy, List.copyOf(FLAGS))).isEqualTo(cache());
    }

    @Test
    void anotherJarAnotherFlagAndAnotherServiceHaveCachesOfTheirOwn() throws IOException {
        StartCache before = cache();

        Files.writeString(packaged, "the classes of tomorrow");

        assertThat(cache().cache().folder()).isNotEqualTo(before.cache().folder());
        assertThat(StartCache.of(caches, SERVICE, packaged, List.of("-Xmx65m", "-XX:+UseSerialGC"))
                        .cache()
                        .folder())
                .isNotEqualTo(cache().cache().folder());
        assertThat(StartCache.of(caches, "action-engine", packaged, FLAGS)
                        .cache()
                        .folder())
                .isNotEqualTo(cache().cache().folder());
    }

    @Test
    void whatIsStartedFromTheCacheIsTheUnpackedJar() {
        assertThat(cache().training()).endsWith("-jar", cache().jar().toString());
        assertThat(cache().arguments()).containsExactly("-jar", cache().jar().toString());
        assertThat(cache().unpacking(packaged))
                .last()
                .isEqualTo(cache().jar().getParent().toString());
    }

    private StartCache cache() {
        return StartCache.of(caches, SERVICE, packaged, FLAGS);
    }
}
