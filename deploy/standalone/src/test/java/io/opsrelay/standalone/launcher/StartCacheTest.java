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

        assertThat(cache().folder()).isNotEqualTo(before.folder());
        assertThat(StartCache.of(caches, SERVICE, packaged, List.of("-Xmx65m", "-XX:+UseSerialGC"))
                        .folder())
                .isNotEqualTo(cache().folder());
        assertThat(StartCache.of(caches, "action-engine", packaged, FLAGS).folder())
                .isNotEqualTo(cache().folder());
    }

    @Test
    void aCacheCountsAsMadeOnceItsTrainingIsOver() throws IOException {
        StartCache cache = cache();
        cache.clear(caches, SERVICE);
        assertThat(cache.made()).isFalse();

        Files.writeString(written(cache), "half of it");
        assertThat(cache.made()).isFalse();

        cache.accept();
        assertThat(cache.made()).isTrue();
        assertThat(cache().made()).isTrue();
        assertThat(cache.arguments()).first().asString().startsWith("-XX:AOTCache=" + cache.folder());
    }

    @Test
    void roomIsMadeOfTheSameServicesFormerCachesOnly() throws IOException {
        StartCache former = cache();
        former.clear(caches, SERVICE);
        StartCache ofAnother = StartCache.of(caches, "action-engine", packaged, FLAGS);
        ofAnother.clear(caches, "action-engine");
        Files.writeString(packaged, "the classes of tomorrow");

        cache().clear(caches, SERVICE);

        assertThat(former.folder()).doesNotExist();
        assertThat(cache().folder()).isEmptyDirectory();
        assertThat(ofAnother.folder()).exists();
    }

    private StartCache cache() {
        return StartCache.of(caches, SERVICE, packaged, FLAGS);
    }

    /** Where the JVM that trains is told to write. */
    private static Path written(StartCache cache) {
        return cache.training().stream()
                .filter(argument -> argument.startsWith("-XX:AOTCacheOutput="))
                .map(argument -> Path.of(argument.substring("-XX:AOTCacheOutput=".length())))
                .findFirst()
                .orElseThrow();
    }
}
