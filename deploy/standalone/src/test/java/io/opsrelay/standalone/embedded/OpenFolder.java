package io.opsrelay.standalone.embedded;

import io.opsrelay.standalone.process.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A temporary folder that other users can pass through, unlike JUnit's: PostgreSQL never runs as root. */
final class OpenFolder implements AutoCloseable {

    final Path path;

    OpenFolder() {
        try {
            path = Files.createTempDirectory("opsrelay");
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        FileTree.delete(path);
    }
}
