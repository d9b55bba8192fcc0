package io.opsrelay.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsrelay.e2e.upgrade.Recording;
import io.opsrelay.e2e.upgrade.Stores;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Databases of earlier versions must go on working: a migration that was once applied somewhere never changes. */
class MigrationsTest {

    private static final Path CHECKOUT = Path.of("../..");
    private static final Path LANDED = Path.of("src/test/resources/landed-migrations.txt");
    /** More than these, and upgrades are tried from a version that nobody has any more. */
    private static final int MOST_SINCE_THE_LAST_RECORDING = 10;

    @Test
    void everyMigrationStandsAsItWasWhenItLanded() throws IOException {
        assertThat(migrations())
                .as("a landed migration was changed or removed: undo that, and write a new migration. A new one is"
                        + " added to " + LANDED + " with its SHA-256 (sha256sum, from the project's root)")
                .isEqualTo(landed());
    }

    @Test
    void theNewestRecordingHoldsAllMigrationsButTheLastFew() throws IOException {
        Recording newest = Recording.newest();
        Set<String> recorded = Set.copyOf(newest.scripts());

        assertThat(landed().keySet().stream().filter(migration -> !recorded.containsAll(scripts(migration))))
                .as("migrations since the recording " + newest + ": record today's version, as RecordVersion says, so"
                        + " that upgrades from it are tried")
                .hasSizeLessThanOrEqualTo(MOST_SINCE_THE_LAST_RECORDING);
    }

    /** As they stand in recordings: a service's runs in its own schema, those of the platform in each. */
    private static List<String> scripts(String migration) {
        String script = Path.of(migration).getFileName().toString();
        String service = migration.substring(0, migration.indexOf('-') + 1);
        return Stores.SCHEMAS.stream()
                .filter(schema -> migration.startsWith("platform/") || service.equals(schema + "-"))
                .map(schema -> schema + " " + script)
                .toList();
    }

    private static Map<String, String> landed() throws IOException {
        return Files.readAllLines(LANDED).stream()
                .map(line -> line.split("  ", 2))
                .collect(Collectors.toMap(part -> part[1], part -> part[0], (a, b) -> a, TreeMap::new));
    }

    private static Map<String, String> migrations() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Path module : modules()) {
            Path folder = module.resolve("src/main/resources/db");
            if (Files.isDirectory(folder)) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(file -> file.toString().endsWith(".sql"))
                            .forEach(file -> found.put(nameOf(file), sha256(file)));
                }
            }
        }
        return found;
    }

    /** The folders with a pom, at most two levels down. */
    private static Iterable<Path> modules() throws IOException {
        try (Stream<Path> folders = Files.walk(CHECKOUT, 2)) {
            return folders.filter(folder -> Files.exists(folder.resolve("pom.xml")))
                    .toList();
        }
    }

    private static String nameOf(Path file) {
        return CHECKOUT.relativize(file).toString().replace('\\', '/');
    }

    private static String sha256(Path file) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
