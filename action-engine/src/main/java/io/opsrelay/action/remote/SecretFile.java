package io.opsrelay.action.remote;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.Files;
import java.nio.file.Path;

/** A secret in a file. It is read whenever it is needed, so that another one can take its place while we run. */
public record SecretFile(Path path) {

    /**
     * The secret.
     *
     * @throws UnreadableException if the file is not there any more
     */
    public String read() {
        try {
            String secret = Files.readString(path).strip();
            if (secret.isEmpty()) {
                throw new UnreadableException(new IOException("it is empty"));
            }
            return secret;
        } catch (IOException e) {
            throw new UnreadableException(e);
        }
    }

    /** A secret's file cannot be read. */
    public static final class UnreadableException extends RuntimeException {

        @Serial
        private static final long serialVersionUID = 1L;

        UnreadableException(IOException cause) {
            super("a secret's file cannot be read", cause);
        }
    }
}
