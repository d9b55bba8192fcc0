package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.FileTree;
import io.opsrelay.standalone.process.OsUser;
import io.opsrelay.standalone.process.StartFailure;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** PostgreSQL's programs, unpacked once into a cache folder that may be shared. */
final class PostgresBinaries {

    private PostgresBinaries() {}

    /**
     * The folder with {@code bin}, {@code lib} and {@code share}; unpacked if it is not there yet. Safe when several
     * processes do it at once: each unpacks aside, the first to rename wins.
     */
    static Path unpack(Path cache) {
        String name = "postgres-" + platform();
        URL archive = PostgresBinaries.class.getResource("/" + name + ".txz");
        if (archive == null) {
            throw new StartFailure(
                    "no PostgreSQL is packed for " + platform() + "; set OPSRELAY_POSTGRES to use your own");
        }
        try {
            URLConnection connection = archive.openConnection();
            Path home = cache.toAbsolutePath().resolve(name + "-" + fingerprint(connection));
            if (Files.isDirectory(home)) {
                return home;
            }
            OsUser.folder(cache, "rwxr-xr-x");
            Path partial = Files.createTempDirectory(cache, name + ".part");
            Files.setPosixFilePermissions(partial, PosixFilePermissions.fromString("rwxr-xr-x"));
            try (InputStream stream = connection.getInputStream()) {
                extract(stream, partial);
            }
            return publish(partial, home);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot unpack PostgreSQL into " + cache, e);
        }
    }

    private static Path publish(Path partial, Path home) throws IOException {
        try {
            return Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            FileTree.delete(partial);
            return home;
        } catch (IOException e) {
            if (!Files.isDirectory(home)) {
                throw e;
            }
            FileTree.delete(partial);
            return home;
        }
    }

    private static void extract(InputStream stream, Path target) throws IOException {
        try (TarArchiveInputStream tar =
                new TarArchiveInputStream(new XZInputStream(new BufferedInputStream(stream, 1 << 16)))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive points outside itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else if (entry.isSymbolicLink()) {
                    Files.createDirectories(path.getParent());
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else if (!entry.getName().endsWith(".a")) {
                    Files.createDirectories(path.getParent());
                    Files.copy(tar, path, StandardCopyOption.REPLACE_EXISTING);
                    boolean program = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    /** Changes with the archive, so that another release gets another folder. */
    private static String fingerprint(URLConnection connection) throws IOException {
        if (connection instanceof JarURLConnection jar && jar.getJarEntry() != null) {
            return Long.toHexString(jar.getJarEntry().getCrc());
        }
        return Long.toHexString(connection.getContentLengthLong());
    }

    private static String platform() {
        boolean arm = "aarch64".equals(System.getProperty("os.arch"));
        boolean mac = System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("mac");
        return (mac ? "darwin" : "linux") + "-" + (arm ? "arm_64" : "x86_64");
    }
}
