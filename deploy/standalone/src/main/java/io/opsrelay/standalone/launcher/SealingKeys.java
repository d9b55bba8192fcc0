package io.opsrelay.standalone.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The keys under which one service seals what nobody may read in its database, a line each as {@code id base64}: the first
 * one encrypts, all decrypt. To change keys, put a new line before the others.
 *
 * @param file for that service only
 */
public record SealingKeys(Path file) {

    private static final int BYTES = 32;

    /** The keys of that name of this installation; one is made if there is none yet. */
    public static SealingKeys ensure(Path folder, String name) {
        Path file = folder.resolve(name + ".keys");
        if (!Files.exists(file)) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            PrivateFile.write(file, "k1 " + Base64.getEncoder().encodeToString(random) + "\n");
        }
        return new SealingKeys(file);
    }
}
