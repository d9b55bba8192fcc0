package io.opsrelay.standalone.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * What one has to know to operate the services of this installation.
 *
 * @param file holds it; handed to the one process that may
 */
record LauncherToken(Path file, String value) {

    private static final int BYTES = 32;

    /** The token of this installation; made if there is none yet. */
    static LauncherToken ensure(Path folder) {
        Path file = folder.resolve("launcher.token");
        try {
            if (!Files.exists(file)) {
                byte[] random = new byte[BYTES];
                new SecureRandom().nextBytes(random);
                PrivateFile.write(file, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
            }
            return new LauncherToken(file, Files.readString(file).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The token stays out of logs. */
    @Override
    public String toString() {
        return "LauncherToken[file=" + file + "]";
    }
}
