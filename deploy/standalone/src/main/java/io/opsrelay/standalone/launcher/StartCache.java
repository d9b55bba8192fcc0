package io.opsrelay.standalone.launcher;

import io.opsrelay.standalone.process.AotCache;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

/**
 * What makes a service start fast: its jar unpacked, and what a training run of it left behind.
 *
 * @param jar the unpacked application's own jar, the rest beside it, in the cache's folder
 */
record StartCache(AotCache cache, Path jar) {

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
        AotCache cache = new AotCache(caches, service, key.getValue());
        return new StartCache(cache, cache.folder().resolve(APP).resolve(packaged.getFileName()));
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

    /** Whether a service that starts now can start from it. */
    boolean made() {
        return cache.made();
    }

    /** What follows the flags when the service is started from here. */
    List<String> arguments() {
        return Stream.concat(cache.flags().stream(), Stream.of("-jar", jar.toString()))
                .toList();
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
                cache.folder().resolve(APP).toString());
    }

    /** Brings the application up to where it would begin to serve, ends it, and writes what was loaded until then. */
    List<String> training() {
        return List.of(cache.recording(), "-Dspring.context.exit=onRefresh", "-jar", jar.toString());
    }
}
