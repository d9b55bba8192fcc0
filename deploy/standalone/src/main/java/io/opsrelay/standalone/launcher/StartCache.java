package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * What makes a service start fast: its jar unpacked, and an ahead-of-time cache of its classes, loaded and linked, that a
 * training run left behind. It fits one jar, one JDK and one set of flags, and its folder is named by them.
 *
 * @param folder of this cache alone
 * @param jar the unpacked application's own jar, the rest beside it
 */
record StartCache(Path folder, Path jar) {

    private static final String APP = "app";

    /**
     * The cache of that jar under these flags, made or not.
     *
     * @param caches folder of all caches
     */
    static StartCache of(Path caches, String service, Path packaged, List<String> flags) {
        CRC32 key = new CRC32();
        key.update((Runtime.version() + " " + flags).getBytes(StandardCharsets.UTF_8));
        try (InputStream bytes = new CheckedInputStream(Files.newInputStream(packaged), key)) {
            bytes.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Path folder = caches.resolve("%s-%08x".formatted(service, key.getValue()));
        return new StartCache(folder, folder.resolve(APP).resolve(packaged.getFileName()));
    }

    /** Whether that jar is one of Spring Boot's, which can be unpacked and trained. */
    static boolean fits(Path packaged) {
        try (JarFile jar = new JarFile(packaged.toFile())) {
            Manifest manifest = jar.getManifest();
            return manifest != null && manifest.getMainAttributes().getValue("Spring-Boot-Version") != null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean made() {
        return Files.exists(file());
    }

    /** What follows the flags when the service is started from here. */
    List<String> arguments() {
        return List.of("-XX:AOTCache=" + file(), "-jar", jar.toString());
    }

    /** Unpacks the packaged jar. */
    List<String> unpacking(Path packaged) {
        return List.of(
                "-Djarmode=tools",
                "-jar",
                packaged.toString(),
                "extract",
                "--force",
                "--destination",
                folder.resolve(APP).toString());
    }

    /** Brings the application up to where it would begin to serve, ends it, and writes what was loaded until then. */
    List<String> training() {
        return List.of("-XX:AOTCacheOutput=" + unfinished(), "-Dspring.context.exit=onRefresh", "-jar", jar.toString());
    }

    /** Makes room: caches of the same service for other jars or flags are of no use any more. */
    void clear(Path caches, String service) throws IOException {
        Files.createDirectories(caches);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(caches, service + "-*")) {
            for (Path other : others) {
                FileTree.delete(other);
            }
        }
        Files.createDirectories(folder);
    }

    /** The training is over: from now on the cache counts as made. */
    void accept() throws IOException {
        Files.move(unfinished(), file(), StandardCopyOption.ATOMIC_MOVE);
    }

    private Path file() {
        return folder.resolve("classes.aot");
    }

    private Path unfinished() {
        return folder.resolve("classes.aot.new");
    }
}
